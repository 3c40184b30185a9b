"""A sweep of 100 000 runs over REST while live sessions play: time, memory, and how long the event loop was blocked."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from app.jobs import plan as plans
from app.jobs.compute import compute
from app.settings import Settings
from tests.benchmarks.measure import print_ratios
from tests.codebase.sources import ROOT
from tests.servers import Server

SESSIONS = 20
FRAMES_PER_SECOND = 30
RUNS = 100_000
GOAL = 0.020  # seconds
FORMS = {
    "json": "application/json",
    "csv": "text/csv",
    "ndjson": "application/x-ndjson",
    "arrow": "application/vnd.apache.arrow.stream",
}
SWEEP: dict[str, Any] = {
    "base": {"steps": 10_000},
    "vary": {
        "optimizer.learning_rate": {"from": 0.001, "to": 0.6, "count": 1000},
        "start.w": {"from": -1, "to": 2, "count": 100},
    },
    "goal": {"excess_loss": 1e-3},
}
METHODS: dict[str, dict[str, Any]] = {
    "SGD": {},
    "batch descent": {"batch": {"size": "all"}},
    "momentum, batches of 10": {"optimizer": {"name": "momentum"}, "batch": {"size": 10}},
    "momentum, shuffled tens": {"optimizer": {"name": "momentum"}, "batch": {"size": 10, "order": "shuffled"}},
    "Adam, SGD": {"optimizer": {"name": "adam"}},
    "Adam, SGD, a million steps": {"optimizer": {"name": "adam"}, "steps": 1_000_000},
    "Adam, shuffled tens": {"optimizer": {"name": "adam"}, "batch": {"size": 10, "order": "shuffled"}},
    "Adam, all of 100 beans": {"optimizer": {"name": "adam"}, "batch": {"size": "all"}},
    "absolute error, all of 10 000 beans": {
        "loss": "absolute-error",
        "batch": {"size": "all"},
        "dataset": {"count": 10_000},
    },
}


def main() -> None:
    """The large sweep, and how well the time of parts is foreseen."""
    large_sweep()
    print()
    foresight()


def large_sweep() -> None:
    """From POST to the last byte of the results, with viewers in a process of their own."""
    with tempfile.TemporaryDirectory() as folder:
        command = Path(folder) / "watched"
        command.write_text(f'#!/bin/sh\ncd {ROOT} && exec {sys.executable} -m tests.benchmarks.watched "$@"\n')
        command.chmod(0o755)
        server = Server(Path(folder) / "server.log", command=command, frames_per_second=FRAMES_PER_SECOND).start()
        try:
            idle = watched_while_playing(server, 5.0)
            taken, peak, seen = sweep_while_playing(server)
        finally:
            server.kill()
    report(idle, taken, peak, seen)


def report(idle: dict[str, float], taken: dict[str, float], peak: dict[str, float], seen: dict[str, float]) -> None:
    """Say it."""
    steps, limit = SWEEP["base"]["steps"], f"{GOAL * 1e3:.0f} ms"
    speed = RUNS * steps / taken["sweep"] / 1e6
    print(f"  {RUNS} runs of {steps} steps: {taken['sweep']:.1f} s, {speed:.0f} million steps/s")
    print(f"  beside {SESSIONS} live sessions at {FRAMES_PER_SECOND} frames/s: gap p95 {seen['p95'] * 1e3:.0f} ms")
    for form in FORMS:
        print(f"  results as {form}: {taken[form]:.2f} s, {taken[form + ' bytes'] / 1e6:.1f} MB")
    memory = [f"{bytes_ / 1e6:.0f} MB" for bytes_ in (peak["server"], idle["peak_server"], peak["worker"])]
    print("  peak memory: server {} ({} before the sweep), each worker {}".format(*memory))
    rows = [("without a sweep", idle["worst"] * 1e3), ("sweep and sessions", peak["worst"] * 1e3)]
    print_ratios("ms, longest that the loop was late", rows, baseline="without a sweep", digits=1)
    print(f"  of these {peak['worst_own'] * 1e3:.1f} ms at most were work of its own; goal: less than {limit}")
    for name, watch in (("without", idle), ("with", peak)):
        print(f"  more than {limit} late {name} a sweep: {watch['over']:.0f} of {watch['looks']:.0f} looks")


def watched_while_playing(server: Server, length: float) -> dict[str, float]:
    """What the watch says of the loop while only the viewers are there."""
    viewers = play(server, length)
    get(server, "/watched")
    viewers.wait()
    seen: dict[str, float] = json.loads(get(server, "/watched"))
    return seen


def sweep_while_playing(server: Server) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """Seconds of each stage, peaks of memory and of lateness, and what the viewers saw."""
    viewers = play(server, 20.0)
    get(server, "/watched")
    began = time.perf_counter()
    headers = {"content-type": "application/json"}
    with urlopen(Request(f"{server.url}/api/sweeps", data=json.dumps(SWEEP).encode(), headers=headers)) as answer:
        here = answer.headers["location"]
    worker = 0
    while not (state := json.loads(get(server, here)))["ended"]:
        worker = max(worker, *(peak_memory(pid) for pid in children(server.pid)), 0)
        time.sleep(0.1)
    assert state["done_runs"] == RUNS
    taken: dict[str, float] = {"sweep": time.perf_counter() - began}
    for name, form in FORMS.items():
        began = time.perf_counter()
        taken[f"{name} bytes"] = len(get(server, f"{here}/results", form))
        taken[name] = time.perf_counter() - began
    watch = json.loads(get(server, "/watched"))
    out, _ = viewers.communicate()
    return taken, watch | {"server": peak_memory(server.pid), "worker": worker}, json.loads(out)


def play(server: Server, length: float) -> subprocess.Popen[bytes]:
    """Viewers, playing by the time this returns."""
    words = [server.live_url, str(server.pid), str(SESSIONS), str(length)]
    viewers = subprocess.Popen([sys.executable, "-m", "tests.benchmarks.viewers", *words], stdout=subprocess.PIPE)
    time.sleep(3)
    return viewers


def get(server: Server, path: str, accept: str = "application/json") -> bytes:
    """The whole answer."""
    with urlopen(Request(server.url + path, headers={"accept": accept})) as answer:
        content: bytes = answer.read()
        return content


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def peak_memory(pid: int) -> int:
    """The most bytes that a process has had in memory; 0 where the system does not say."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)


def foresight() -> None:
    """Parts are sized, and costs said, by an estimate: how it stands to what a part really takes here."""
    print(f"  what a part takes, and what was foreseen ({os.cpu_count()} cores)")
    for name, base in METHODS.items():
        rates = {"from": 0.001, "to": 0.1, "count": 20_000}
        plan = plans.read({"base": base, "vary": {"optimizer.learning_rate": rates}}, Settings())
        part = plan.parts[0]
        began = time.perf_counter()
        compute(plan.base, part.values, plan.goal)
        taken, foreseen = time.perf_counter() - began, part.runs * plan.seconds / plan.runs
        speed = f"{part.steps / taken / 1e6:7.1f} million steps/s"
        print(f"    {name:<36} {part.runs:5} runs: {taken:5.2f} s, foreseen {foreseen:5.2f} s, {speed}")


if __name__ == "__main__":
    main()
