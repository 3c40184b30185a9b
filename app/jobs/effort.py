"""How long runs take a worker, roughly: for the size of parts, and for what a sweep will cost.

Runs that differ in the start or in the method's numbers alone are stepped side by side: they share what a step of all
of them costs once, but not what it costs for each of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine import OPTIMIZERS
from engine.costs import TOGETHER, cost

PART_SECONDS = 0.5
MOST_RUNS = 10_000
# Alone, a long sweep has many parts, for all workers, and is seen to go on: where a part would take so many seconds
# side by side, alone may take so many times as long.
LONG, WORTHWHILE = 8.0, 2.0

# Where updates are affine maps and batches come round again, runs leap from block to block (`engine.epochs`): of a step
# of a block for all runs, for each number in the maps of a block's steps, of a step of a run.
BLOCK, NUMBER, LEAPT = 3e-5, 2.5e-8, 2e-11
LEAPING = 8  # runs, at least
LEAST_BLOCK, FEWEST_BLOCKS, LONGEST_PERIOD = 64, 4, 4096


@dataclass(frozen=True, slots=True)
class Effort:
    """Seconds for runs of one kind: once for those that go side by side, and for each; how many there are of these.

    least, most: of them in a part, if there are so many.
    """

    shared: float
    each: float
    side_by_side: int
    least: int = 1
    most: int = 10**9

    @property
    def run(self) -> float:
        """Of one run, its share included."""
        return self.shared / min(self.side_by_side, self.runs_at_once) + self.each

    @property
    def runs_at_once(self) -> int:
        """How many make a part: as many as are done within `PART_SECONDS`, or as share well what is shared."""
        fitting = PART_SECONDS / (self.shared / self.side_by_side + self.each)
        if fitting < self.side_by_side:
            fitting = max((PART_SECONDS - self.shared) / self.each, min(self.shared / self.each, self.side_by_side))
        return min(MOST_RUNS, self.most, max(self.least, int(fitting)))

    @property
    def part(self) -> float:
        """Of a part of these runs."""
        return self.shared + self.each * self.runs_at_once


def effort(spec: Mapping[str, Any], steps: int, side_by_side: int, *, compiled: bool) -> Effort:
    """What runs of a filled-in spec with so many steps take, of which so many go side by side.

    compiled: whether steps that cannot be composed are made in machine code.
    """
    linear = OPTIMIZERS[spec["optimizer"]["name"]].value.linear
    affine = linear is not None and spec["loss"] == "squared-error"
    period = _period(spec) if affine and spec["stop"] is None else None
    if period is not None:
        block = period * -(-LEAST_BLOCK // period)
        if side_by_side >= LEAPING and steps >= FEWEST_BLOCKS * block:
            numbers = block * _numbers(spec)
            return Effort(TOGETHER + block * BLOCK, numbers * NUMBER + steps * LEAPT, side_by_side)
    drawn = spec["batch"]["size"] != "all" and spec["batch"]["order"] != "sequential"
    found = cost(steps, affine=affine, periodic=period is not None, rows=_rows(spec), drawn=drawn, compiled=compiled)
    alone = Effort(0.0, found.alone, 1, most=found.many - 1)
    together = Effort(found.shared, found.each, side_by_side, least=min(found.many, side_by_side))
    long = not affine and together.part > LONG and alone.run < WORTHWHILE * together.run
    return alone if side_by_side < found.many or long else together


def _numbers(spec: Mapping[str, Any]) -> int:
    """How many numbers a map has: the state is θ, and as many velocities where the method has one."""
    state = len(spec["start"]) * (2 if "momentum" in spec["optimizer"] else 1)
    return state * (state + 1)


def _period(spec: Mapping[str, Any]) -> int | None:
    """After how many steps batches come round again; None if never or late."""
    if spec["batch"]["size"] == "all":
        return 1
    period = -(-_count(spec) // _rows(spec))
    return period if spec["batch"]["order"] == "sequential" and period <= LONGEST_PERIOD else None


def _count(spec: Mapping[str, Any]) -> int:
    """How many rows the data have."""
    dataset = spec["dataset"]
    return int(dataset["count"]) if "count" in dataset else len(dataset["y"])


def _rows(spec: Mapping[str, Any]) -> int:
    """How many rows a step sees."""
    size = spec["batch"]["size"]
    return _count(spec) if size == "all" else int(size)
