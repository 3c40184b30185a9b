"""Live sessions of one server process: how evenly frames arrive at 30 a second, with every frame acked."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measure import print_ratios
from tests.servers import Server

FRAMES_PER_SECOND = 30
CROWDS = (1, 200, 500)
SECONDS = 10.0
GOAL = 0.050  # seconds between frames, 95th percentile
SATURATED = 0.9  # of a core: beyond this, or later than a tick, the viewers measure themselves


def main() -> None:
    """Measure each crowd against a fresh server."""
    rows = []
    for crowd in CROWDS:
        seen = measure(crowd)
        rows.append((f"{crowd} sessions" if crowd > 1 else "1 session", seen["p95"] * 1e3))
        cost = seen["server"] / (seen["frames_per_second"] * crowd)
        print(
            f"  {crowd:4} sessions: gap p50 {seen['p50'] * 1e3:.1f}, p95 {seen['p95'] * 1e3:.1f}, "
            f"p99 {seen['p99'] * 1e3:.1f}, worst {seen['worst'] * 1e3:.1f} ms; "
            f"{seen['frames_per_second']:.1f} frames/s each, {seen['missing']:.0f} steps missing"
        )
        print(
            f"       server {seen['server']:.0%} of a core, {cost * 1e6:.0f} µs a frame; "
            f"viewers {seen['busy']:.0%} of a core, late by {seen['late_p95'] * 1e3:.1f} ms (p95)"
        )
        if seen["busy"] > SATURATED or seen["late_p95"] > GOAL / 4:
            print("       the viewers were too busy: part of the gaps is their own")
    print_ratios("ms between frames (p95)", rows, baseline="1 session", digits=1)
    print(f"  goal: p95 of at most {GOAL * 1e3:.0f} ms")


def measure(crowd: int) -> dict[str, float]:
    """What a crowd of viewers in a process of its own sees, and what the server needs for it."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "server.log"
        server = Server(log, frames_per_second=FRAMES_PER_SECOND, max_sessions=2 * max(CROWDS)).start()
        try:
            words = [server.live_url, str(server.pid), str(crowd), str(SECONDS)]
            viewers = subprocess.run(
                [sys.executable, "-m", "tests.benchmarks.viewers", *words],
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
            server.stop()
        finally:
            server.kill()
    seen: dict[str, float] = json.loads(viewers.stdout)
    return seen
