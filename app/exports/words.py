"""The texts of the exports in every language, beside those of the application."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import orjson

from app import locales

FOLDER = Path(__file__).parent / "locales"


@cache
def words(language: str) -> Mapping[str, str]:
    """All texts of a language, by key."""
    own: dict[str, str] = orjson.loads((FOLDER / f"{language}.json").read_bytes())
    return MappingProxyType({**locales.words(language), **own})


def say(language: str, key: str, **facts: Any) -> str:
    """The text `key` with its facts filled in."""
    return words(language)[key].format(**facts)


def quantity(language: str, name: str) -> str:
    """What a quantity that comes with the data is called, in the language where it is known."""
    return words(language).get(f"plot.axis.{name}", name)


def label(language: str, group: str, name: str) -> str:
    """The label of something that can be chosen."""
    return words(language)[f"catalog.{group}.{name}.label"]
