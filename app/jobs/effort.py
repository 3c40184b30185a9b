"""How long runs take a worker, roughly: for the size of parts, and for what a sweep will cost.

Runs that differ in the start or in the method's numbers alone are stepped side by side: they share what a step of all
of them costs once, but not what it costs for each of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine import OPTIMIZERS

PART_SECONDS = 0.5
MOST_RUNS = 10_000

# Seconds, as tests/benchmarks/bench_sweeps.py sees them: of a step for all runs side by side, of a step for each of
# them, of a step for each row of its batch where that matters, of a step of a run alone, of all before the first step.
SHARED, EACH, ROW, ALONE, BEFORE = 3e-5, 2e-8, 2.5e-9, 5e-6, 1e-3
# Of a step of a run alone in machine code.
COMPILED_ALONE = 2e-7
# The same where the whole update is an affine map and steps can be composed.
AFFINE_SHARED, AFFINE_EACH, AFFINE_ALONE = 1e-6, 2e-8, 1.5e-7
# Where batches come round again, too, runs leap from block to block (`engine.epochs`): of a step of a block for all
# runs, for each number in the maps of a block's steps, of a step of a run, of a step of a run alone.
BLOCK, NUMBER, LEAPT, PERIODIC_ALONE = 3e-5, 2.5e-8, 2e-11, 1e-8
# From so many runs on they go side by side, or leap.
SIDE_BY_SIDE = {True: 256, False: 16}
LEAPING = 8
LEAST_BLOCK, FEWEST_BLOCKS, LONGEST_PERIOD = 64, 4, 4096


@dataclass(frozen=True, slots=True)
class Effort:
    """Seconds for runs of one kind: once for those that go side by side, and for each; how many there are of these."""

    shared: float
    each: float
    side_by_side: int

    @property
    def run(self) -> float:
        """Of one run, its share included."""
        return self.shared / self.side_by_side + self.each

    @property
    def runs_at_once(self) -> int:
        """How many make a part: as many as are done within `PART_SECONDS`, or as share well what is shared."""
        fitting = PART_SECONDS / self.run
        if fitting < self.side_by_side:
            fitting = max((PART_SECONDS - self.shared) / self.each, min(self.shared / self.each, self.side_by_side))
        return max(1, min(MOST_RUNS, int(fitting)))


def effort(spec: Mapping[str, Any], steps: int, side_by_side: int, *, compiled: bool = False) -> Effort:
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
            return Effort(BEFORE + block * BLOCK, numbers * NUMBER + steps * LEAPT, side_by_side)
    rows = 0.0 if affine else ROW * _rows(spec)
    if side_by_side < SIDE_BY_SIDE[affine]:
        alone = AFFINE_ALONE if period is None else PERIODIC_ALONE
        if not affine:
            alone = COMPILED_ALONE if compiled else ALONE
        return Effort(0.0, BEFORE + steps * (alone + rows), 1)
    shared, each = (AFFINE_SHARED, AFFINE_EACH) if affine else (SHARED, EACH)
    return Effort(BEFORE + steps * shared, steps * (each + rows) + 1e-6, side_by_side)


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
