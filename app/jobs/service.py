"""Sweeps as the API sees them: accepted within limits, followed, cancelled, their tables read."""

import logging
from functools import lru_cache, partial
from pathlib import Path
from threading import RLock
from typing import Any

import platformdirs

from app.errors import Refused
from app.jobs import plan as plans
from app.jobs import pool, tables
from app.jobs.compute import Columns
from app.jobs.lock import ProcessLock
from app.jobs.plan import Plan
from app.jobs.runner import Condition, Runner
from app.jobs.store import NoSpace, Record, State, Store
from app.settings import Settings
from app.texts import problem

log = logging.getLogger("beanbowl.sweeps")

FILE, LOCK = "sweeps.sqlite3", "sweeps.lock"
DAY = 86_400.0
RETRY_AFTER = {"retry-after": "10"}


def data_folder(settings: Settings) -> Path:
    """Where sweeps are kept: the folder that is set, or the platform's own for data of applications."""
    return Path(settings.data or platformdirs.user_data_dir("beanbowl", appauthor=False)).expanduser()


class Sweeps:
    """All sweeps of one data folder. Every method may wait for the disk: call them in a thread."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = data_folder(settings)
        self._lock = RLock()
        self._store: Store | None = None
        self._runner: Runner | None = None
        # Parts follow from the request, and are asked for again with every piece of a table.
        self._plan = lru_cache(maxsize=8)(self._read_plan)

    def resume(self) -> None:
        """Go on with what was left open; nothing is made where there never was a sweep."""
        if (self._folder / FILE).exists():
            try:
                self._open()
            except Refused:
                log.warning("the sweeps in %s cannot be resumed", self._folder)

    def close(self) -> None:
        """Stop working; what is open goes on with the next start."""
        with self._lock:
            if self._runner is not None:
                self._runner.stop()
            if self._store is not None:
                self._store.close()
            self._store = self._runner = None

    def cost(self, request: Any) -> dict[str, float]:
        """What a sweep would cost; SpecError or Refused as `submit`, as far as they do not depend on other sweeps."""
        plan = plans.read(request, self._settings)
        seconds = plan.seconds / pool.local_workers(self._settings)
        return {"runs": plan.runs, "steps": plan.steps, "seconds": seconds}

    def submit(self, request: Any, client: str) -> Record:
        """A new sweep; SpecError or Refused if it makes no sense, is too large, or comes too soon."""
        plan = plans.read(request, self._settings)
        with self._lock:
            store = self._open()
            self._check_room(store, client)
            try:
                record = store.add(plan.dumps(), client=client, runs=plan.runs, steps=plan.steps, parts=len(plan.parts))
            except NoSpace:
                raise Refused(507, problem("", "no-space"), headers=RETRY_AFTER) from None
            assert self._runner is not None
            self._runner.wake()
        return record

    def get(self, key: str) -> Record:
        """How a sweep stands; Refused with 404 if there is none."""
        there = self._store is not None or (self._folder / FILE).exists()
        record = self._open().get(key) if there else None
        if record is None:
            raise Refused(404, problem("", "no-sweep", got=key[:40]))
        return record

    def cancel(self, key: str) -> Record:
        """Leave what is not done of a sweep; one that has ended stays as it is."""
        self.get(key)
        self._open().end(key, State.CANCELLED)
        if self._runner is not None:
            self._runner.wake()
        return self.get(key)

    def request(self, key: str) -> dict[str, Any]:
        """What was asked for, every default filled in."""
        self.get(key)
        return self._plan(key).request

    def table(self, key: str) -> Columns:
        """The rows that are done."""
        return tables.stored(self._open(), key, self._plan(key))

    @property
    def condition(self) -> Condition:
        """What keeps this server from working, if anything does."""
        return Condition.WORKING if self._runner is None else self._runner.condition

    @property
    def at_work(self) -> frozenset[str]:
        """The sweeps of which a worker of this server has a part."""
        return frozenset() if self._runner is None else self._runner.at_work

    def _read_plan(self, key: str) -> Plan:
        request = self._open().request(key)
        if request is None:
            raise Refused(404, problem("", "no-sweep", got=key[:40]))
        return plans.restore(request)

    def _open(self) -> Store:
        """The store, with its runner at work."""
        with self._lock:
            if self._store is None:
                try:
                    self._folder.mkdir(parents=True, exist_ok=True)
                    self._store = Store(self._folder / FILE, self._settings.max_data_bytes)
                    lock = ProcessLock(self._folder / LOCK)
                except NoSpace:
                    raise Refused(507, problem("", "no-space"), headers=RETRY_AFTER) from None
                except OSError as error:
                    log.warning("sweeps cannot be kept: %s", error)
                    raise Refused(503, problem("", "no-store", reason=error), headers=RETRY_AFTER) from None
                self._runner = Runner(self._store, lock, partial(pool.open_pool, self._settings), self._prune)
                self._runner.start()
            return self._store

    def _check_room(self, store: Store, client: str) -> None:
        using = self._settings
        if store.count_open(client) >= using.max_client_sweeps:
            raise Refused(429, problem("", "too-many-own-sweeps", limit=using.max_client_sweeps), headers=RETRY_AFTER)
        if store.count_open() >= using.max_open_sweeps:
            raise Refused(503, problem("", "too-many-sweeps", limit=using.max_open_sweeps), headers=RETRY_AFTER)

    def _prune(self) -> int:
        assert self._store is not None
        return self._store.prune(keep=self._settings.keep_sweeps, seconds=self._settings.keep_sweep_days * DAY)
