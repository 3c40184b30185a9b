"""What can be chosen by name, and with which parameters: defined once.

Validation, the page's controls, the keys of the address, the OpenAPI schema and the tables of the documentation
are all made from these records.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np

from engine.messages import brief, fail

T = TypeVar("T")


# A lower end as small as this stands for anything above 0.
TINY = 1e-100


@dataclass(frozen=True, slots=True)
class ParamSpec:
    """One number that somebody may choose.

    name: as in JSON; label: as on the page; symbol: as in formulas; default: its value when nothing is said.
    low, high: what is valid, ends included; slider: what a slider offers, within low and high.
    scale: "linear" or "log", how a slider or a sweep spaces it; integer: whole numbers only; help: one sentence.
    """

    name: str
    label: str
    default: float
    low: float
    high: float
    help: str
    symbol: str = ""
    scale: str = "linear"
    integer: bool = False
    slider: tuple[float, float] | None = None

    def read(self, value: object, path: str) -> float:
        """`value` as a number of this parameter; SpecError naming `path` if it is not one."""
        # What is mostly given, without further ado.
        if type(value) is (int if self.integer else float) and self.low <= value <= self.high:
            return value
        number = read_integer(value, path) if self.integer else read_number(value, path)
        if number <= 0 < self.low <= TINY:
            raise fail(path, "expected-positive", got=brief(value))
        if not self.low <= number <= self.high:
            raise fail(path, "out-of-range", low=show(self.low), high=show(self.high), got=brief(value))
        return number

    def to_dict(self) -> dict[str, Any]:
        """The catalogue's entry for this parameter, JSON-ready."""
        return {
            "name": self.name,
            "label": self.label,
            "symbol": self.symbol,
            "default": self.default,
            "low": self.low,
            "high": self.high,
            "scale": self.scale,
            "integer": self.integer,
            "slider": list(self.slider or (self.low, self.high)),
            "help": self.help,
        }


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """One thing that can be chosen by name: `value` is the thing, `parameters` what it can be told."""

    name: str
    label: str
    help: str
    value: T
    parameters: tuple[ParamSpec, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The catalogue's entry, JSON-ready."""
        return {
            "name": self.name,
            "label": self.label,
            "help": self.help,
            "parameters": [parameter.to_dict() for parameter in self.parameters],
        }


class Registry(Mapping[str, Entry[T]]):
    """Entries by name, in the order in which they are offered; `kind` is the word that errors use."""

    def __init__(self, kind: str, *entries: Entry[T]) -> None:
        self.kind = kind
        self._entries = {entry.name: entry for entry in entries}

    def __getitem__(self, name: str) -> Entry[T]:
        return self._entries[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def read(self, name: object, path: str) -> str:
        """`name` if it is one of ours; SpecError naming `path` and all that it could have been if not."""
        if not isinstance(name, str):
            raise fail(path, "expected-name", got=brief(name))
        if name not in self._entries:
            raise fail(path, "unknown-name", kind=self.kind, got=name[:40], expected=", ".join(self._entries))
        return name


def read_number(value: object, path: str) -> float:
    """`value` as a finite float; SpecError naming `path` if it is none (a bool is none)."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.integer | np.floating):
        raise fail(path, "expected-number", got=brief(value))
    try:
        number = float(value)
    except OverflowError:
        number = float("inf")
    if not np.isfinite(number):
        raise fail(path, "expected-number", got=brief(value))
    return number


def read_integer(value: object, path: str) -> int:
    """`value` as an int, 3.0 counting as 3; SpecError naming `path` if it is none."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.integer | np.floating):
        raise fail(path, "expected-integer", got=brief(value))
    if not np.isfinite(value) if isinstance(value, float | np.floating) else False:
        raise fail(path, "expected-integer", got=brief(value))
    if value != int(value):
        raise fail(path, "expected-integer", got=brief(value))
    return int(value)


def show(number: float) -> str:
    """A bound as one would write it: 100 and not 100.0."""
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(number)
