"""What benchmarks share: the best time of a function, percentiles, and a table of ratios against a baseline."""

import time
from collections.abc import Callable, Iterable, Sequence


def best_time(function: Callable[[], object], *, repeat: int = 5, least: float = 0.05) -> float:
    """Seconds of one call: the best of `repeat` rounds, each of as many calls as take at least `least` seconds."""
    calls = 1
    while _round(function, calls) < least:
        calls *= 2
    return min(_round(function, calls) for _ in range(repeat)) / calls


def percentile(values: Iterable[float], share: float) -> float:
    """The value that `share` (0 … 1) of the values do not exceed, by nearest rank."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def print_ratios(unit: str, rows: Sequence[tuple[str, float]], *, baseline: str, digits: int = 3) -> None:
    """Print one line per row, and how often the row holds the baseline's value."""
    reference = dict(rows)[baseline]
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        ratio = f"{value / reference:8.2f} × {baseline}" if name != baseline else f"{'baseline':>10}"
        print(f"  {name:<{width}}  {value:12.{digits}f} {unit}  {ratio}")


def _round(function: Callable[[], object], calls: int) -> float:
    start = time.perf_counter()
    for _ in range(calls):
        function()
    return time.perf_counter() - start
