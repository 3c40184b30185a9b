"""Exports for a server: each in a process of its own, a bounded number at once, none longer than allowed."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import asdict

import orjson

from app.errors import Refused
from app.exports import FORMATS, Options, export, messages
from app.settings import Settings
from app.texts import problem
from app.work import Busy, Workers
from engine import RunSpec, SpecError

Said = AsyncGenerator[tuple[int, int] | bytes]


class Exports:
    """The exports of one application: so many at a time, so many waiting for their turn; more raise Busy."""

    def __init__(self, settings: Settings, workers: Workers) -> None:
        self._seconds = settings.export_seconds
        self._running = asyncio.Semaphore(settings.max_exports)
        self._places = settings.max_exports + settings.max_waiting_exports
        self._processes: set[Process] = set()
        self._workers = workers
        self._closing = False

    async def make(self, spec: RunSpec, name: str, options: Options) -> Said:
        """How far the export has come (done, total), and the pieces of the file, as they are made.

        SpecError if the file cannot be made, Refused (413) if it takes too long. Closing the generator stops the work.
        """
        if not FORMATS[name].computes:
            yield await self._workers.run(export, spec, name, options)
            return
        if self._places == 0 or self._closing:
            raise Busy
        self._places -= 1
        try:
            async with (
                self._running,
                self._worker(spec, name, options) as process,
                aclosing(self._read(process)) as said,
            ):
                async for news in said:
                    yield news
        finally:
            self._places += 1

    def close(self) -> None:
        """Stop all work."""
        self._closing = True
        for process in self._processes:
            _kill(process)

    async def _read(self, process: Process) -> Said:
        assert process.stdout is not None
        clock = asyncio.get_running_loop().time
        until = clock() + self._seconds
        while True:
            try:
                async with asyncio.timeout_at(until):
                    kind, content = await messages.read(process.stdout)
            except TimeoutError:
                raise Refused(413, problem("", "too-slow", limit=f"{self._seconds:g}")) from None
            except asyncio.IncompleteReadError:
                raise Busy if self._closing else RuntimeError("the process of an export has died") from None
            if kind == messages.END:
                return
            if kind == messages.PROBLEMS:
                raise SpecError(*(problem(path, key, **facts) for path, key, facts in orjson.loads(content)))
            before = clock()
            yield content if kind == messages.DATA else tuple(orjson.loads(content))
            # Only the work is limited: a client that reads slowly may take its time.
            until += clock() - before

    @asynccontextmanager
    async def _worker(self, spec: RunSpec, name: str, options: Options) -> AsyncIterator[Process]:
        command = (sys.executable, "-m", "app.exports.worker")
        # In a session of its own, so that Ctrl-C in the server's terminal is for the server alone, which then stops it.
        process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, start_new_session=True)
        self._processes.add(process)
        try:
            assert process.stdin is not None
            job = {"spec": spec.to_dict(), "format": name, "options": asdict(options)}
            process.stdin.write(orjson.dumps(job))
            # That a worker has died is told by its silence.
            with suppress(ConnectionError):
                await process.stdin.drain()
            process.stdin.close()
            yield process
        finally:
            _kill(process)
            self._processes.discard(process)
            await process.wait()


def _kill(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
