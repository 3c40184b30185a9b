"""Run the benchmarks: `make bench`, or `make bench ARGS="sessions frames"` for some of them."""

import importlib
import sys
import time
from pathlib import Path

PREFIX = "bench_"


def names() -> list[str]:
    """The benchmarks there are: bench_sessions.py is `sessions`."""
    return sorted(path.stem.removeprefix(PREFIX) for path in Path(__file__).parent.glob(f"{PREFIX}*.py"))


def main(wanted: list[str]) -> int:
    """Run the benchmarks named, or all; each prints its own table."""
    known = names()
    if unknown := sorted(set(wanted) - set(known)):
        print(f"unknown benchmark: {', '.join(unknown)}; expected some of {', '.join(known)}", file=sys.stderr)
        return 2
    for name in wanted or known:
        benchmark = importlib.import_module(f"tests.benchmarks.{PREFIX}{name}")
        print(f"\n{name}: {(benchmark.__doc__ or '').strip().splitlines()[0]}", flush=True)
        start = time.perf_counter()
        benchmark.main()
        print(f"({time.perf_counter() - start:.0f} s)", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
