"""Where parts are computed: a bounded pool of processes, or a Dask cluster, both as a `concurrent.futures.Executor`."""

import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from app.settings import Settings

NICENESS = 10  # live sessions come first
CONNECT_SECONDS = 5.0
ENDING_SECONDS = 2.0  # that a pool may take to end


@dataclass(frozen=True, slots=True)
class Pool:
    """An executor, how many parts to hand it at a time, how to end it at once whatever it is doing, and how to say of a
    part that it is not wanted any more."""

    executor: Executor
    capacity: Callable[[], int]
    close: Callable[[], None]
    retract: Callable[[Future[Any]], object]


class Unreachable(OSError):
    """The cluster does not answer, or what it takes to speak with it is not installed."""


def local(workers: int) -> Pool:
    """Processes of this machine. They end when the pool is closed and when this process dies, even of kill -9."""
    context = get_context("spawn")
    # Nothing is ever sent: the pipe closes with the last holder of `alive`, and that is this process alone.
    watched, alive = context.Pipe(duplex=False)
    executor = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(watched,))

    with _main_unnoticed(), _interrupts_blocked():
        # Each of these starts a process; later ones would start them one by one, as parts come.
        for _ in range(workers):
            executor.submit(int)

    def close() -> None:
        alive.close()
        watched.close()
        # With its workers it ends soon. At the end of the interpreter, Python wakes every pool that is still there by a
        # pipe which that may be closing at this very moment.
        ending = Thread(target=executor.shutdown, kwargs={"cancel_futures": True}, daemon=True)
        ending.start()
        ending.join(ENDING_SECONDS)

    # One part in the hands of each worker, and one for it to take next. Those are soon done; over a future that was
    # cancelled an executor of Python 3.11 stumbles when a process of it ends.
    return Pool(executor, lambda: 2 * workers, close, retract=lambda _: None)


@contextmanager
def _main_unnoticed() -> Iterator[None]:
    """Let processes start without the module that this one was started with.

    Python would import it anew in every one of them, and it is the whole server: a second and 30 MB for nothing.
    """
    main = sys.modules["__main__"]
    kept: dict[str, Any] = {name: vars(main).pop(name) for name in ("__file__", "__spec__") if name in vars(main)}
    main.__spec__ = None
    try:
        yield
    finally:
        vars(main).update(kept)


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Let processes start deaf to Ctrl-C, which is for this one to act upon; they inherit what is blocked here."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(watched: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    Thread(target=_end_with, args=(watched,), daemon=True).start()


def _end_with(watched: Connection) -> None:
    watched.poll(None)
    os._exit(1)


def cluster(address: str) -> Pool:
    """The workers of the Dask cluster whose scheduler listens at `address`; Unreachable if there is none."""
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise Unreachable("a Dask cluster needs the extra: pip install 'beanbowl[cluster]'") from None
    # What it has to say of a scheduler that is away, the runner says, in one line. The client has a level of its own.
    for name in ("distributed", "distributed.client", "tornado.application"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        _knock(address)
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise Unreachable(f"no Dask scheduler at {address}: {error}") from error

    def capacity() -> int:
        try:
            threads: int = sum(client.ncores().values())
        except (OSError, TimeoutError) as error:
            raise Unreachable(f"the Dask scheduler at {address} has gone: {error}") from error
        if threads == 0:
            raise Unreachable(f"the Dask cluster at {address} has no workers")
        return 2 * threads

    # Two sweeps may ask for the same part; each is to have a task, and a failure, of its own.
    return Pool(client.get_executor(pure=False), capacity, client.close, retract=Future.cancel)


def _knock(address: str) -> None:
    """OSError at once where nobody listens: the client would go on trying, and a server that is to stop would wait."""
    where = urlsplit(address)
    if where.hostname and where.port:
        socket.create_connection((where.hostname, where.port), CONNECT_SECONDS).close()


def open_pool(settings: Settings) -> Pool:
    """The cluster if there is to be one, else processes of this machine: as many as set, or one for each core."""
    if settings.dask:
        return cluster(settings.dask)
    return local(local_workers(settings))


def local_workers(settings: Settings) -> int:
    """How many processes of this machine compute sweeps, where no cluster does."""
    return settings.sweep_workers or os.cpu_count() or 1
