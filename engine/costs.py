"""What runs take, roughly, in seconds: from that follows how they are made, and what is said before they are."""

from dataclasses import dataclass
from math import ceil

from engine.extra import is_there

# As tests/benchmarks/bench_sweeps.py sees them, on one core. Before the first step of a run alone, and of all that go
# side by side; then of a step: for all of these, for each of them, for each row of its batch where that matters.
BEFORE, TOGETHER = 4e-4, 1e-3
AFFINE_SHARED, AFFINE_EACH = 8e-6, 1.5e-8
SHARED, EACH, ROW = 2.5e-5, 2e-8, 2.5e-9
# Of a step of a run alone, and for each row that is drawn for it: of one whose updates are affine maps, which are
# composed, where batches come round again and where they do not; of one in machine code; of any other.
PERIODIC_ALONE, AFFINE_ALONE, AFFINE_DRAWN = 1e-8, 8e-8, 2.5e-8
COMPILED_ALONE, COMPILED_DRAWN, COMPILED_ROW = 5e-8, 3.5e-8, 1e-9
ALONE = 5e-6
# Machine code is so quick that in the first steps, of which most are kept to come back to, that takes longer.
KEPT, KEPT_STEPS = 3.5e-7, 10_000


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds for runs of one kind side by side: once for all, and for each of them; and for one that goes alone."""

    shared: float
    each: float
    alone: float

    @property
    def many(self) -> int:
        """From how many runs on it is faster to step them side by side."""
        spared = self.alone - self.each
        return max(2, ceil(self.shared / spared)) if spared > 1e-6 * self.shared else 1_000_000


def cost(steps: int, *, affine: bool, periodic: bool, rows: int, drawn: bool, compiled: bool | None = None) -> Cost:
    """What runs of so many steps take.

    affine: whether updates are affine maps; periodic: whether batches come round again soon; rows: of a batch; drawn:
    whether these are drawn at random; compiled: whether there is machine code, None for whether there is here.
    """
    picked = rows if drawn else 0
    if affine:
        alone = PERIODIC_ALONE if periodic else AFFINE_ALONE + AFFINE_DRAWN * picked
        return Cost(TOGETHER + steps * AFFINE_SHARED, steps * AFFINE_EACH, BEFORE + steps * alone)
    alone = ALONE + ROW * rows
    before = BEFORE
    if is_there() if compiled is None else compiled:
        alone = COMPILED_ALONE + COMPILED_DRAWN * picked + COMPILED_ROW * rows
        before += KEPT * min(steps, KEPT_STEPS)
    return Cost(TOGETHER + steps * SHARED, steps * (EACH + ROW * rows), before + steps * alone)
