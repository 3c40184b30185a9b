"""What benchmarks share: times, percentiles, and a table of ratios against a baseline."""

import os
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path


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


def processor_seconds(pid: int) -> float:
    """Processor time that a process has used so far, with all its threads."""
    status = Path(f"/proc/{pid}/stat")
    if status.exists():
        fields = status.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    text = subprocess.run(["ps", "-o", "time=", "-p", str(pid)], stdout=subprocess.PIPE, text=True, check=True)
    return sum(float(part) * 60.0**place for place, part in enumerate(reversed(text.stdout.split(":"))))


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
