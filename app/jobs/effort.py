"""How many runs make a part: enough to be worth a hand-over, few enough to be done within a second or so."""

from collections.abc import Mapping
from typing import Any

# What a worker does in about a second, in steps of one run; measured by tests/benchmarks/bench_sweeps.py.
STEPS = 1_000_000
MOST_RUNS = 5000


def runs_at_once(spec: Mapping[str, Any], numbers: Mapping[str, list[Any]], goal: Mapping[str, float] | None) -> int:
    """How many runs of `spec` with other `numbers` are computed as one part."""
    steps: int = max(numbers.get("steps", [spec["steps"]]))
    return max(1, min(MOST_RUNS, STEPS // max(steps, 1)))
