"""Messages and the catalogue: everything that is said or offered, once, with a key to translate it by."""

import string
from typing import Any

import pytest

import engine
from engine.messages import brief, message
from engine.optimizers import OPTIMIZERS


@pytest.mark.parametrize("key", engine.MESSAGES)
def test_templates_have_named_fields_only(key: str) -> None:
    fields = [name for _, name, spec, conversion in string.Formatter().parse(engine.MESSAGES[key]) if name is not None
              for _ in [spec, conversion]]  # fmt: skip
    assert all(field.isidentifier() for field in fields)
    said = message(key, **dict.fromkeys(fields, 7))
    assert "{" not in str(said)
    assert set(said.facts.values()) <= {"7"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("abc", '"abc"'),
        ("x" * 99, '"' + "x" * 38 + "…"),
        ({"a": 1}, "an object"),
        ([1, 2], "a list of 2"),
        (True, "true"),
        (None, "null"),
        (1.50, "1.5"),
        (10**70, "1" + "0" * 38 + "…"),
        (10**100, "an integer of more than 77 digits"),
    ],
)
def test_brief(value: Any, text: str) -> None:
    assert brief(value) == text


def parameters(catalog: dict[str, Any]) -> list[dict[str, Any]]:
    groups = [catalog[group] for group in ("datasets", "models", "losses", "optimizers", "orders")]
    return [*catalog["run"], *(p for group in groups for entry in group for p in entry["parameters"])]


def test_catalog_is_complete_and_sound() -> None:
    catalog = engine.catalog()
    assert [entry["name"] for entry in catalog["optimizers"]] == list(OPTIMIZERS)
    assert [entry["name"] for entry in catalog["orders"]] == ["sequential", "shuffled", "random"]
    assert [p["name"] for p in catalog["run"]] == ["steps", "seed", "batch.size", "stop.gradient_norm"]
    for parameter in parameters(catalog):
        low, high = parameter["slider"]
        assert parameter["low"] <= low < high <= parameter["high"]
        assert parameter["low"] <= parameter["default"] <= parameter["high"]
        assert parameter["scale"] in {"linear", "log"}
        assert parameter["scale"] == "linear" or parameter["low"] > 0 or parameter["name"] == "steps"
        assert parameter["help"].endswith(".")


def test_every_text_has_a_key() -> None:
    catalog, texts = engine.catalog(), engine.catalog_texts()
    for group in ("datasets", "models", "losses", "optimizers", "orders"):
        for entry in catalog[group]:
            key = f"catalog.{group}.{entry['name']}"
            assert (texts[f"{key}.label"], texts[f"{key}.help"]) == (entry["label"], entry["help"])
            for parameter in entry["parameters"]:
                assert texts[f"{key}.{parameter['name']}.help"] == parameter["help"]
    for parameter in catalog["run"]:
        assert texts[f"catalog.run.{parameter['name']}.label"] == parameter["label"]
    for key, template in engine.MESSAGES.items():
        assert texts[f"message.{key}"] == template


def test_registry_reads_like_a_mapping() -> None:
    assert len(OPTIMIZERS) == 7
    assert "adam" in OPTIMIZERS
    with pytest.raises(KeyError):
        OPTIMIZERS["adm"]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_rate_is_one_of_the_parameters(name: str) -> None:
    entry = OPTIMIZERS[name]
    assert entry.value.rate in {parameter.name for parameter in entry.parameters}
