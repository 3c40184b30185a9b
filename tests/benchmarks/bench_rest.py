"""POST /api/runs against an endpoint that does nothing; a long trajectory as Arrow against JSON built row by row."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from tests.benchmarks.measure import print_ratios
from tests.servers import Server, free_port

SECONDS = 4.0
CROWDS = (1, 32)
GOAL = 2.0
SAME = '{"steps": 1000}'
OTHER = '{"steps": 1000, "optimizer": {"name": "gradient-descent", "learning_rate": 0.1#######}}'
LONG = {"steps": 100_000}
LONG_GOAL = 20.0
ARROW = "application/vnd.apache.arrow.stream"


def main() -> None:
    """Measure both, against servers of their own."""
    with lab() as ours, plain() as theirs:
        for crowd in CROWDS:
            asked = {
                "empty endpoint": load(theirs, "/empty", "{}", crowd),
                "the same run again": load(ours, "/api/runs?trajectory=false", SAME, crowd),
                "another run each time": load(ours, "/api/runs?trajectory=false", OTHER, crowd),
            }
            print(f"  1 000 steps, {crowd} at a time")
            for share in ("p50", "p95"):
                print_ratios(
                    f"ms ({share})", [(name, seen[share]) for name, seen in asked.items()], baseline="empty endpoint"
                )
        print(f"  goal: at most {GOAL:.0f} × the empty endpoint\n")
        by_row = best(lambda: fetch(f"{theirs}/rows", LONG), 3)
        forms = {"Arrow": ARROW, "JSON": "application/json", "CSV": "text/csv"}
        taken = {name: best(partial(fetch, f"{ours}/api/runs", LONG, form), 5) for name, form in forms.items()}
        rows = [("JSON row by row", 1e3 * by_row), *((name, 1e3 * seconds) for name, seconds in taken.items())]
        print_ratios("ms, 100 000 steps", rows, baseline="JSON row by row", digits=1)
        print(f"  Arrow is {by_row / taken['Arrow']:.0f} × faster; goal: {LONG_GOAL:.0f} ×")


@contextmanager
def lab() -> Iterator[str]:
    """The lab as it is served."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "server.log").start()
        try:
            yield server.url
        finally:
            server.kill()


@contextmanager
def plain() -> Iterator[str]:
    """The plain application."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.benchmarks.plain", str(port)])
    url = f"http://127.0.0.1:{port}"
    try:
        while not answers(f"{url}/healthz"):
            assert process.poll() is None, "the plain server did not start"
            time.sleep(0.05)
        yield url
    finally:
        process.kill()
        process.wait()


def answers(url: str) -> bool:
    """Whether somebody answers."""
    try:
        with urlopen(url, timeout=1):
            return True
    except (URLError, OSError):
        return False


def load(url: str, path: str, body: str, connections: int) -> dict[str, float]:
    """What a process of its own meets that sends this request over and over."""
    host, port = url.removeprefix("http://").split(":")
    content = body.encode()
    fields = {"host": host, "content-type": "application/json", "content-length": len(content)}
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
    command = [sys.executable, "-m", "tests.benchmarks.load", host, port, str(connections), str(SECONDS)]
    done = subprocess.run(command, input="\r\n".join(lines).encode() + content, stdout=subprocess.PIPE, check=True)
    seen: dict[str, float] = json.loads(done.stdout)
    return seen


def fetch(url: str, body: object, accept: str = "application/json") -> bytes:
    """The whole answer."""
    headers = {"content-type": "application/json", "accept": accept}
    with urlopen(Request(url, data=json.dumps(body).encode(), headers=headers)) as answer:
        content: bytes = answer.read()
        return content


def best(function: Callable[[], object], times: int) -> float:
    """Seconds of the best of some calls."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        function()
        taken.append(time.perf_counter() - began)
    return min(taken)


if __name__ == "__main__":
    main()
