"""Spare time: moments in which the server computes what nobody has asked for yet, rows for a jump that may follow."""

from collections.abc import Callable
from math import inf
from time import thread_time

from app.work import Workers

QUIET = 0.5  # seconds for which its viewer has asked for nothing
PER_RUN = 1.0  # seconds of computing
MOST_SESSIONS = 100  # each of which may hold some megabytes for what it has computed
BUSY = 0.5  # of the event loop's time
MEASURED = 0.1  # seconds over which that is measured
SOON, SELDOM = 0.25, 8.0  # seconds until the next try, where there was no time


class Load:
    """How much a server has to do; `spent` are the seconds of computing in the thread of its event loop."""

    def __init__(
        self, sessions: Callable[[], int], workers: tuple[Workers, ...], spent: Callable[[], float] = thread_time
    ) -> None:
        self._sessions = sessions
        self._workers = workers
        self._spent = spent
        self._last = (-inf, 0.0)
        self._share = 0.0  # of the event loop's time in which it computed

    def leaves_time(self, now: float) -> bool:
        """Whether nobody would wait for what is computed now: no thread is busy, and the event loop mostly waits."""
        then, before = self._last
        if now >= then + MEASURED:
            spent = self._spent()
            self._last, self._share = (now, spent), (spent - before) / (now - then)
        few = self._sessions() <= MOST_SESSIONS
        return few and self._share < BUSY and not any(workers.busy for workers in self._workers)


class Spare:
    """What a session has of it: a bounded time for each run."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self.restart()

    def restart(self) -> None:
        """For another run."""
        self._left = PER_RUN
        self._next = -inf
        self._pause = SOON

    def due(self, heard: float) -> float:
        """When to try, the viewer having last been heard then; inf for not any more."""
        return max(heard + QUIET, self._next) if self._left > 0 else inf

    def given(self, now: float) -> bool:
        """Whether there is time now; if not, it is tried again later, ever more seldom."""
        if self._load.leaves_time(now):
            self._pause = SOON
            return True
        self._next = now + self._pause
        self._pause = min(2 * self._pause, SELDOM)
        return False

    def took(self, seconds: float) -> None:
        """Account for computing."""
        self._left -= seconds
