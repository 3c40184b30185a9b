"""How long runs take a worker, roughly: for the size of parts, and for what a sweep will cost."""

from collections.abc import Mapping
from typing import Any

PART_SECONDS = 0.5
MOST_RUNS = 5000

# Seconds of one worker for one step of one run; measured by tests/benchmarks/bench_sweeps.py.
STEP = 5e-6
RUN = 2e-4


def runs_at_once(spec: Mapping[str, Any], numbers: Mapping[str, list[Any]]) -> int:
    """How many runs of `spec` with other `numbers` are computed as one part."""
    return max(1, min(MOST_RUNS, int(PART_SECONDS / seconds(spec, numbers))))


def seconds(spec: Mapping[str, Any], numbers: Mapping[str, list[Any]]) -> float:
    """Seconds of one worker for the longest of the runs of `spec` with other `numbers`."""
    steps: int = max(numbers.get("steps", [spec["steps"]]))
    return RUN + steps * STEP
