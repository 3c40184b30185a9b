"""The thread that has the parts of all open sweeps computed and keeps their results.

Of several servers on one file only the one that holds the lock works; when it dies, the next takes over. What is in
flight is bounded by the pool, sweeps take turns, and a part is known to be done only once its result is in the file.
"""

import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic
from typing import NamedTuple

from app.jobs.compute import compute
from app.jobs.lock import ProcessLock
from app.jobs.plan import Part, Plan, restore
from app.jobs.pool import Pool, Unreachable
from app.jobs.store import Done, NoSpace, State, Store, Unusable

log = logging.getLogger("beanbowl.sweeps")

MOST_ATTEMPTS = 4
SUSPECT = 2  # after so many failures a part is computed alone, so that it takes no other down with it
TICK = 0.5  # seconds after which another server's new and cancelled sweeps are noticed
RETRY = 1.0  # seconds between attempts to write to a full disk or to reach a cluster
PATIENCE = 2.0  # seconds that a part of a cancelled sweep may go on before its process is ended
IDLE = 60.0  # seconds after which idle processes are let go
WINDOW = 20.0  # seconds over which speed is measured


class Condition(StrEnum):
    """What keeps all sweeps from going on, if anything does."""

    WORKING = "working"
    WAITING_FOR_SPACE = "waiting-for-space"
    WAITING_FOR_WORKERS = "waiting-for-workers"


@dataclass(slots=True)
class _Sweep:
    """An open sweep: what is left to do, and how fast it goes."""

    id: str
    plan: Plan
    pending: deque[int]
    began: float = field(default_factory=monotonic)
    failures: dict[int, int] = field(default_factory=dict)
    in_flight: int = 0
    finished: deque[tuple[float, int]] = field(default_factory=deque)

    def note(self, steps: int) -> None:
        """Count steps as done now."""
        self.finished.append((monotonic(), steps))

    def speed(self) -> float:
        """Steps per second of late."""
        now = monotonic()
        while self.finished and now - self.finished[0][0] > WINDOW:
            self.finished.popleft()
        seconds = min(now - self.began, WINDOW)
        return sum(steps for _, steps in self.finished) / max(seconds, 1e-3)


class _Task(NamedTuple):
    sweep: _Sweep
    part: Part
    began: float


class Runner:
    """Works through the open sweeps of a store until it is stopped."""

    def __init__(
        self, store: Store, lock: ProcessLock | None, open_pool: Callable[[], Pool], prune: Callable[[], int]
    ) -> None:
        self._store, self._lock, self._open_pool, self._prune = store, lock, open_pool, prune
        self._pool: Pool | None = None
        self._idle_since = monotonic()
        self._sweeps: dict[str, _Sweep] = {}
        self._tasks: dict[Future[bytes], _Task] = {}
        self._unsaved: deque[tuple[_Task, bytes]] = deque()
        self._hopeless: deque[tuple[str, str]] = deque()
        self._events: SimpleQueue[Future[bytes] | None] = SimpleQueue()
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="sweeps", daemon=True)
        # The sweeps of which a worker has a part.
        self.at_work: frozenset[str] = frozenset()
        self.condition = Condition.WORKING

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def wake(self) -> None:
        """Say that something has changed in the store."""
        self._events.put(None)

    def stop(self) -> None:
        """End at once; what was in flight is done again another time."""
        self._stopping.set()
        self.wake()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                if self._lock is None or self._lock.acquire():
                    self._wait(self._turn())
                    self._rest()
                else:
                    self._wait(TICK)
        finally:
            self._close_pool()
            if self._lock is not None:
                self._lock.release()

    def _turn(self) -> float:
        """Do what there is to do, and say how many seconds to wait then if nothing happens."""
        try:
            self._save()
            self._follow()
            self._submit()
        except NoSpace as error:
            self._report(Condition.WAITING_FOR_SPACE, error)
        except Unreachable as error:
            self._report(Condition.WAITING_FOR_WORKERS, error)
        except Unusable as error:
            # Another process holds the file for long; nothing is lost by waiting for it.
            log.warning("the file of sweeps cannot be used: %s", error)
        except Exception:
            # Whatever it is, the next server must not find a lock held by a thread that is no more.
            log.exception("sweeps are held up")
        else:
            self.condition = Condition.WORKING
            self.at_work = frozenset(task.sweep.id for task in self._tasks.values())
            return TICK
        return RETRY

    def _report(self, condition: Condition, error: Exception) -> None:
        if self.condition != condition:
            log.error("sweeps are %s: %s", condition, error)
        self.condition = condition

    def _save(self) -> None:
        """Write the results that have come; those that find no room are kept."""
        while self._unsaved:
            (sweep, part, _), result = self._unsaved[0]
            done = Done(part.number, result, part.runs, part.steps)
            self._store.finish_part(sweep.id, done, sweep.speed())
            log.info("sweep %s: part %d of %d is done", sweep.id, part.number, len(sweep.plan.parts))
            self._unsaved.popleft()
        while self._hopeless:
            self._store.end(self._hopeless[0][0], State.FAILED, self._hopeless[0][1])
            self._hopeless.popleft()

    def _follow(self) -> None:
        """Take up what is new among the open sweeps, and leave what is no longer open."""
        keys = self._store.open()
        left = self._sweeps.keys() - keys
        for key in left:
            self._leave(self._sweeps.pop(key))
        for key in keys:
            if key not in self._sweeps and (request := self._store.request(key)) is not None:
                plan, done = restore(request), self._store.done(key)
                self._sweeps[key] = _Sweep(key, plan, deque(n for n in range(len(plan.parts)) if n not in done))
        if left:
            self._prune()
        now = monotonic()
        if any(task.sweep.id not in self._sweeps and now - task.began > PATIENCE for task in self._tasks.values()):
            self._restart_pool()

    def _leave(self, sweep: _Sweep) -> None:
        for future in [future for future, task in self._tasks.items() if task.sweep is sweep]:
            if self._pool is not None:
                self._pool.retract(future)

    def _submit(self) -> None:
        """Hand out parts: one sweep after the other takes its turn."""
        if self._unsaved or not any(sweep.pending for sweep in self._sweeps.values()):
            return
        if self._pool is None:
            self._pool = self._open_pool()
        capacity = self._pool.capacity()
        while len(self._tasks) < capacity and (sweep := self._next()) is not None:
            number = sweep.pending[0]
            alone = sweep.failures.get(number, 0) >= SUSPECT
            if self._tasks and (alone or any(self._is_suspect(task) for task in self._tasks.values())):
                return
            part = sweep.plan.parts[number]
            try:
                future: Future[bytes] = self._pool.executor.submit(
                    compute, sweep.plan.base, part.values, sweep.plan.goal
                )
            except (BrokenProcessPool, RuntimeError, OSError):
                self._restart_pool()
                return
            sweep.pending.popleft()
            sweep.in_flight += 1
            self._tasks[future] = _Task(sweep, part, monotonic())
            future.add_done_callback(self._events.put)

    def _next(self) -> _Sweep | None:
        """The sweep with the fewest parts in flight of those that have any left, the oldest of equals."""
        waiting = [sweep for sweep in self._sweeps.values() if sweep.pending]
        return min(waiting, key=lambda sweep: sweep.in_flight, default=None)

    @staticmethod
    def _is_suspect(task: _Task) -> bool:
        return task.sweep.failures.get(task.part.number, 0) >= SUSPECT

    def _wait(self, seconds: float) -> None:
        """Wait for something to happen, and take in all that has."""
        with suppress(Empty):
            self._take(self._events.get(timeout=seconds))
            while True:
                self._take(self._events.get_nowait())

    def _take(self, future: Future[bytes] | None) -> None:
        task = self._tasks.pop(future, None) if future is not None else None
        if future is None or task is None:
            return
        task.sweep.in_flight -= 1
        try:
            result = future.result()
            task.sweep.note(task.part.steps)
            self._unsaved.append((task, result))
        except CancelledError:
            # If it is not of a sweep that was left, then the cluster has lost it.
            self._again(task)
            if task.sweep.id in self._sweeps:
                self._restart_pool()
        except Exception as error:  # noqa: BLE001  # whatever a worker, or its death, can raise
            self._failed(task, error)

    def _failed(self, task: _Task, error: Exception) -> None:
        sweep, number = task.sweep, task.part.number
        log.warning("sweep %s: part %d failed: %s: %s", sweep.id, number, type(error).__name__, error)
        sweep.failures[number] = sweep.failures.get(number, 0) + 1
        if isinstance(error, BrokenProcessPool | OSError):
            self._restart_pool()
        if sweep.failures[number] < MOST_ATTEMPTS:
            self._again(task)
        else:
            self._hopeless.append((sweep.id, f"{type(error).__name__}: {error}"[:500]))

    def _again(self, task: _Task) -> None:
        task.sweep.pending.appendleft(task.part.number)

    def _restart_pool(self) -> None:
        """End all workers; what they had is handed out again, and nobody is to blame."""
        self._close_pool()
        tasks, self._tasks = list(self._tasks.values()), {}
        for task in tasks:
            task.sweep.in_flight -= 1
            self._again(task)

    def _close_pool(self) -> None:
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def _rest(self) -> None:
        """Let the workers go when there has been nothing to do for a while."""
        if self._tasks or any(sweep.pending for sweep in self._sweeps.values()):
            self._idle_since = monotonic()
        elif monotonic() - self._idle_since > IDLE:
            self._close_pool()
