"""The texts of every language: the engine's and the application's own, and those of the pages in `<language>….json`.

`zh.engine.json` holds the Chinese of what Python says in English; `en.json` and `zh.json` hold the texts of the lab,
`en.sweeps.json` and `zh.sweeps.json` those of the page of sweeps.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import orjson

import engine
from app.texts import MESSAGES
from engine import Message

LANGUAGES = ("en", "zh")
FOLDER = Path(__file__).parent


def read(name: str) -> dict[str, str]:
    """One file of texts: a flat object from keys to texts."""
    texts: dict[str, str] = orjson.loads((FOLDER / name).read_bytes())
    return texts


def english() -> dict[str, str]:
    """What Python says, in English: the catalogue, the engine's sentences and the application's."""
    return engine.catalog_texts() | {f"message.{key}": text for key, text in MESSAGES.items()}


@cache
def words(language: str) -> Mapping[str, str]:
    """All texts of a language, by key; English where a translation is missing."""
    texts = english()
    for code in dict.fromkeys(("en", language)):
        for file in sorted(FOLDER.glob(f"{code}*.json")):
            texts |= read(file.name)
    return MappingProxyType(texts)


def say(message: Message, language: str) -> str:
    """The sentence of `message` in `language`, with its facts filled in."""
    return words(language)[f"message.{message.key}"].format(**message.facts)


@cache
def catalog(language: str) -> dict[str, Any]:
    """The engine's catalogue with its labels and help in `language`."""
    texts = words(language)
    groups = engine.catalog()
    return {
        group: [_translated(entry, f"catalog.{group}.{entry['name']}", texts) for entry in entries]
        for group, entries in groups.items()
    }


def _translated(record: dict[str, Any], key: str, texts: Mapping[str, str]) -> dict[str, Any]:
    translated = record | {word: texts[f"{key}.{word}"] for word in ("label", "help")}
    if "parameters" in record:
        translated["parameters"] = [
            _translated(parameter, f"{key}.{parameter['name']}", texts) for parameter in record["parameters"]
        ]
    return translated
