"""Many viewers of the live stream in one process: each plays a run of its own and acks what it gets.

`python -m tests.benchmarks.viewers URL PID SESSIONS SECONDS` prints as JSON the gaps between frames, how busy the
server was, and how busy and how late this process itself was: a late viewer measures itself.
"""

import asyncio
import json
import struct
import sys
import time
from itertools import pairwise

import uvloop
from websockets.asyncio.client import connect

from tests.benchmarks.measure import percentile, processor_seconds

HEADER = struct.Struct("<HBBIII")  # version, kind, columns, rows, first step, stride
STEPS = 0
TICK = 0.005
PATIENCE = 240.0  # for opening them all


class Viewer:
    """One session: the time of each frame of steps, and the steps it brought."""

    def __init__(self) -> None:
        self.arrivals: list[float] = []
        self.steps = 0
        self.missing = 0

    async def watch(self, url: str, everybody: asyncio.Barrier, seconds: float) -> None:
        """Start a run, wait for everybody else, and play it for some seconds."""
        async with connect(url, compression=None, max_size=None) as live:
            await live.send(json.dumps({"type": "start", "spec": {"steps": 1_000_000}}))
            while True:
                message = await live.recv()
                if isinstance(message, str) and json.loads(message)["type"] == "state":
                    break
            await everybody.wait()
            await live.send('{"type": "play"}')
            end = time.perf_counter() + seconds
            following = 1
            while time.perf_counter() < end:
                message = await live.recv(decode=False)
                if message[:1] == b"{":
                    continue
                self.arrivals.append(time.perf_counter())
                _, kind, _, rows, first, _ = HEADER.unpack_from(message)
                assert kind == STEPS
                if self.steps:
                    self.missing += first != following
                following = first + rows
                self.steps += rows
                await live.send(f'{{"type": "ack", "step": {following - 1}}}')


async def lateness(late: list[float]) -> None:
    """Note by how much this process's own loop is late."""
    while True:
        due = time.perf_counter() + TICK
        await asyncio.sleep(TICK)
        late.append(time.perf_counter() - due)


async def watch_all(url: str, pid: int, sessions: int, seconds: float) -> dict[str, float]:
    """Open the sessions, play them at the same time, and sum up."""
    everybody = asyncio.Barrier(sessions + 1)
    viewers = [Viewer() for _ in range(sessions)]
    late: list[float] = []
    watch = asyncio.create_task(lateness(late))
    async with asyncio.timeout(seconds + PATIENCE), asyncio.TaskGroup() as group:
        for number, viewer in enumerate(viewers):
            group.create_task(viewer.watch(url, everybody, seconds))
            if number % 20 == 19:  # as people come: not all in one instant
                await asyncio.sleep(0.05)
        await everybody.wait()
        late.clear()
        own, server = time.process_time(), processor_seconds(pid)
    own, server = time.process_time() - own, processor_seconds(pid) - server
    watch.cancel()
    gaps = [later - earlier for viewer in viewers for earlier, later in pairwise(viewer.arrivals)]
    return {
        "frames_per_second": len(gaps) / seconds / sessions,
        "steps": sum(viewer.steps for viewer in viewers),
        "missing": sum(viewer.missing for viewer in viewers),
        "p50": percentile(gaps, 0.50),
        "p95": percentile(gaps, 0.95),
        "p99": percentile(gaps, 0.99),
        "worst": max(gaps),
        "late_p95": percentile(late, 0.95),
        "busy": own / seconds,
        "server": server / seconds,
    }


if __name__ == "__main__":
    address, process, count, duration = sys.argv[1:]
    print(json.dumps(uvloop.run(watch_all(address, int(process), int(count), float(duration)))))
