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
SHARED, EACH, ROW, ALONE, BEFORE = 1.5e-5, 3e-8, 5e-9, 8e-6, 2e-3
# The same where the whole update is an affine map and steps can be composed, the more so if batches come round again.
AFFINE_SHARED, AFFINE_EACH, AFFINE_PERIODIC, AFFINE_ALONE = 1e-6, 2e-8, 4e-9, 2e-7
# From so many runs on they go side by side.
SIDE_BY_SIDE = {True: 256, False: 16}


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


def effort(spec: Mapping[str, Any], steps: int, side_by_side: int) -> Effort:
    """What runs of a filled-in spec with so many steps take, of which so many go side by side."""
    quadratic = spec["loss"] == "squared-error"
    affine = quadratic and OPTIMIZERS[spec["optimizer"]["name"]].value.linear is not None
    rows = 0.0 if quadratic else ROW * _rows(spec)
    if side_by_side < SIDE_BY_SIDE[affine]:
        return Effort(0.0, BEFORE + steps * ((AFFINE_ALONE if affine else ALONE) + rows), 1)
    periodic = affine and (spec["batch"]["order"] == "sequential" or spec["batch"]["size"] == "all")
    each = (AFFINE_PERIODIC if periodic else AFFINE_EACH) if affine else EACH
    return Effort(BEFORE + steps * (AFFINE_SHARED if affine else SHARED), steps * (each + rows) + 1e-6, side_by_side)


def _rows(spec: Mapping[str, Any]) -> int:
    """How many rows a step sees."""
    dataset, size = spec["dataset"], spec["batch"]["size"]
    whole: int = dataset["count"] if "count" in dataset else len(dataset["y"])
    return whole if size == "all" else int(size)
