"""Every text in every language, with the same placeholders."""

import string
from typing import Any

import httpx2
import pytest

import engine
from app import locales
from app.locales import LANGUAGES, catalog, english, read, say, words
from app.texts import MESSAGES, problem


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_all_languages_have_the_same_keys_and_placeholders() -> None:
    for language in LANGUAGES:
        assert words(language).keys() == words("en").keys()
        for key, text in words("en").items():
            assert placeholders(words(language)[key]) == placeholders(text), key
            assert words(language)[key].strip(), key


def test_nothing_is_left_untranslated() -> None:
    assert set(read("zh.engine.json")) == set(english())
    assert set(read("zh.json")) == set(read("en.json"))


def test_page_and_python_do_not_use_the_same_keys() -> None:
    assert not set(read("en.json")) & set(english())


def test_messages_of_the_app_do_not_hide_those_of_the_engine() -> None:
    assert not set(MESSAGES) & set(engine.MESSAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_can_be_said(language: str) -> None:
    for key in (*MESSAGES, *engine.MESSAGES):
        template = words(language)[f"message.{key}"]
        facts = dict.fromkeys(placeholders(template), "{7}")
        said = say(engine.Message(key, facts), language)
        assert said.count("{7}") == len(placeholders(template))
        assert words("en")[f"message.{key}"] == (MESSAGES | dict(engine.MESSAGES))[key]


def test_an_error_in_python_reads_as_the_english_one() -> None:
    assert str(problem("steps", "too-many", limit=5, got=6)) == "steps: expected at most 5 here, got 6"
    assert str(problem("steps", "out-of-range", low=0, high=1, got=6)) == "steps: expected 0 to 1, got 6"


def strip(record: Any) -> Any:
    """A catalogue without its words."""
    if isinstance(record, dict):
        return {key: strip(value) for key, value in record.items() if key not in {"label", "help"}}
    return [strip(each) for each in record] if isinstance(record, list) else record


def test_the_catalogue_differs_in_its_words_alone() -> None:
    assert catalog("en") == engine.catalog()
    assert strip(catalog("zh")) == strip(engine.catalog())
    [descent] = [entry for entry in catalog("zh")["optimizers"] if entry["name"] == "gradient-descent"]
    assert descent["label"] == "梯度下降"
    assert descent["parameters"][0]["label"] == "学习率"


@pytest.mark.parametrize(
    ("options", "language"),
    [
        ({}, "en"),
        ({"params": {"lang": "zh"}}, "zh"),
        ({"headers": {"Accept-Language": "zh-CN"}}, "zh"),
        ({"params": {"lang": "en"}, "headers": {"Accept-Language": "zh-CN"}}, "en"),
    ],
)
def test_catalogue_and_words_come_in_the_asked_language(
    rest: httpx2.Client, options: dict[str, Any], language: str
) -> None:
    for address, expected in (("/api/catalog", catalog(language)), ("/api/words", dict(words(language)))):
        answer = rest.get(address, **options)
        assert answer.json() == expected
        assert answer.headers["content-language"] == language
        assert "Accept-Language" in answer.headers["vary"]


def test_a_language_that_is_not_there_is_named(rest: httpx2.Client) -> None:
    answer = rest.get("/api/words?lang=xx")
    assert answer.status_code == 422
    assert locales.LANGUAGES == ("en", "zh")
    assert "en, zh" in answer.json()["errors"][0]["message"]
