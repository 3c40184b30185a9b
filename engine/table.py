"""The runs of a sweep as a table: a mapping from the names of columns to the columns, one row per run."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy.typing as npt

from engine import display
from engine.spec import RunSpec
from engine.varied import groups


@dataclass(frozen=True, slots=True, eq=False)
class Table(Mapping[str, npt.NDArray[Any]]):
    """How the runs of a sweep ended: `table["loss"]` is a column, (R,).

    spec, vary, goal: what was asked, `vary` with every range spread out; the last of its keys changes fastest from row
    to row, and `shape` is how many values each has.
    """

    spec: RunSpec
    vary: dict[str, list[Any]]
    goal: float | None
    columns: dict[str, npt.NDArray[Any]]

    @property
    def shape(self) -> tuple[int, ...]:
        """How many values each varied key has."""
        return tuple(len(values) for values in self.vary.values())

    @property
    def runs(self) -> int:
        """How many rows there are."""
        return prod(self.shape)

    def run_spec(self, row: int) -> RunSpec:
        """The spec of one run."""
        chosen: dict[str, list[Any]] = {}
        for key, values in reversed(self.vary.items()):
            row, at = divmod(row, len(values))
            chosen[key] = [values[at]]
        return next(groups(self.spec, chosen)).spec

    @property
    def sentence(self) -> str:
        """How many runs there are, and how they ended."""
        ends = Counter(self["status"].tolist())
        return f"{self.runs} runs: " + ", ".join(f"{count} {status}" for status, count in ends.items())

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        return self.columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    def __repr__(self) -> str:
        return f"Table({', '.join(self)}: {self.sentence})"

    def _repr_html_(self) -> str:
        return display.table(self.columns, f"{self.sentence}.")
