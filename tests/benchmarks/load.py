"""A load of HTTP requests from one process, with as little of its own between request and answer as can be.

`python -m tests.benchmarks.load HOST PORT CONNECTIONS SECONDS` reads one request from standard input, sends it over and
over, and prints the milliseconds that the answers took as JSON. `#######` in it becomes another number each time.
"""

import asyncio
import itertools
import json
import re
import sys
import time

import uvloop

from tests.benchmarks.measure import percentile

WARM = 0.2  # of the time
MARK = b"#######"
numbers = itertools.count()


async def repeat(host: str, port: int, request: bytes, until: float, taken: list[tuple[float, float]]) -> None:
    """Send the request over one connection, the next when the answer is there."""
    reader, writer = await asyncio.open_connection(host, port, limit=2**24)
    while (began := time.perf_counter()) < until:
        writer.write(request.replace(MARK, b"%07d" % next(numbers)))
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = re.search(rb"content-length: (\d+)", head)
        assert length is not None, head
        await reader.readexactly(int(length.group(1)))
        taken.append((began, time.perf_counter() - began))
    writer.close()


async def measure(host: str, port: int, request: bytes, connections: int, seconds: float) -> dict[str, float]:
    """Percentiles over all connections, without the first part, in which everything warms up."""
    taken: list[tuple[float, float]] = []
    start = time.perf_counter()
    await asyncio.gather(*(repeat(host, port, request, start + seconds, taken) for _ in range(connections)))
    warm = [length * 1e3 for began, length in taken if began > start + WARM * seconds]
    return {"p50": percentile(warm, 0.5), "p95": percentile(warm, 0.95), "per_second": len(warm) / seconds / (1 - WARM)}


def main() -> None:
    """Read the request, apply the load, print what it met."""
    host, port, connections, seconds = sys.argv[1:]
    request = sys.stdin.buffer.read()
    print(json.dumps(uvloop.run(measure(host, int(port), request, int(connections), float(seconds)))))


if __name__ == "__main__":
    main()
