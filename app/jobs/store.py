"""Sweeps and the results of their parts, in one SQLite file that several servers of a machine may share.

A part's result and the progress that it makes are one transaction: after a crash at any moment a part is either there
or yet to be done. `UNIQUE (sweep, number)` is the proof that none is done twice.
"""

import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from threading import RLock
from typing import Any

VERSION = 1
BUSY_SECONDS = 10.0

SCHEMA = """
CREATE TABLE sweep (
    id TEXT PRIMARY KEY,
    created REAL NOT NULL,
    ended REAL,
    state TEXT NOT NULL,
    client TEXT NOT NULL,
    request BLOB NOT NULL,
    runs INTEGER NOT NULL,
    steps INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    done_runs INTEGER NOT NULL DEFAULT 0,
    done_steps INTEGER NOT NULL DEFAULT 0,
    done_parts INTEGER NOT NULL DEFAULT 0,
    steps_per_second REAL,
    error TEXT
) STRICT;
CREATE INDEX sweep_by_state ON sweep (state, created);
CREATE TABLE part (
    sweep TEXT NOT NULL REFERENCES sweep (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    result BLOB NOT NULL,
    UNIQUE (sweep, number)
) STRICT;
"""


class State(StrEnum):
    """open: parts are left to do; finished: all are done; cancelled; failed: a part cannot be done, see `error`."""

    OPEN = "open"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Record:
    """A sweep as it stands; the counts are runs, steps and parts, in all and done."""

    id: str
    created: float
    ended: float | None
    state: State
    client: str
    runs: int
    steps: int
    parts: int
    done_runs: int
    done_steps: int
    done_parts: int
    steps_per_second: float | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Done:
    """What a computed part brings: its number and result, and how many runs and steps it counts for."""

    number: int
    result: bytes
    runs: int
    steps: int


COLUMNS = ", ".join(field.name for field in fields(Record))


class NoSpace(OSError):
    """The disk, or the file's own limit, is full: nothing of the change was kept."""


class Unusable(OSError):
    """The file cannot be used: no permission, no folder, not a database of ours."""


class Store:
    """All that is known of sweeps. Safe to use from several threads, and slow enough to keep off the event loop."""

    def __init__(self, path: Path | str, max_bytes: int | None = None) -> None:
        self._lock = RLock()
        try:
            self._connection = sqlite3.connect(
                path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._prepare(max_bytes)
        except sqlite3.Error as error:
            raise _explained(error, path) from error

    def _prepare(self, max_bytes: int | None) -> None:
        execute = self._connection.execute
        if execute("PRAGMA user_version").fetchone()[0] == 0:
            # Forgotten sweeps give their space back.
            execute("PRAGMA auto_vacuum = FULL")
        execute("PRAGMA journal_mode = WAL")
        # An accepted sweep stays accepted when the power fails.
        execute("PRAGMA synchronous = FULL")
        execute("PRAGMA foreign_keys = ON")
        if max_bytes is not None:
            page = execute("PRAGMA page_size").fetchone()[0]
            execute(f"PRAGMA max_page_count = {max(1, max_bytes // page)}")
        with self._transaction():
            version = execute("PRAGMA user_version").fetchone()[0]
            if version == 0:
                for statement in SCHEMA.split(";"):
                    execute(statement)
                execute(f"PRAGMA user_version = {VERSION}")
            elif version != VERSION:
                raise sqlite3.DatabaseError(f"made by another version ({version}, expected {VERSION})")

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._connection.close()

    def add(self, request: bytes, *, client: str, runs: int, steps: int, parts: int) -> Record:
        """A new open sweep."""
        key = secrets.token_hex(8)
        with self._transaction() as execute:
            execute(
                "INSERT INTO sweep (id, created, state, client, request, runs, steps, parts) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (key, time.time(), State.OPEN, client, request, runs, steps, parts),
            )
        record = self.get(key)
        assert record is not None
        return record

    def get(self, key: str) -> Record | None:
        """The sweep with this id."""
        with self._reading() as execute:
            row = execute(f"SELECT {COLUMNS} FROM sweep WHERE id = ?", (key,)).fetchone()  # noqa: S608
        return None if row is None else _record(row)

    def request(self, key: str) -> bytes | None:
        """The JSON of its plan."""
        with self._reading() as execute:
            row = execute("SELECT request FROM sweep WHERE id = ?", (key,)).fetchone()
        return None if row is None else row[0]

    def open(self) -> list[str]:
        """The ids of the sweeps that have parts left, the oldest first."""
        with self._reading() as execute:
            rows = execute("SELECT id FROM sweep WHERE state = ? ORDER BY created, id", (State.OPEN,))
            return [key for (key,) in rows]

    def count_open(self, client: str | None = None) -> int:
        """How many sweeps are open, in all or of one client."""
        query, values = "SELECT count(*) FROM sweep WHERE state = ?", [State.OPEN.value]
        if client is not None:
            query, values = query + " AND client = ?", [*values, client]
        with self._reading() as execute:
            count: int = execute(query, values).fetchone()[0]
        return count

    def done(self, key: str) -> set[int]:
        """The numbers of the parts that are done."""
        with self._reading() as execute:
            return {number for (number,) in execute("SELECT number FROM part WHERE sweep = ?", (key,))}

    def result(self, key: str, number: int) -> bytes | None:
        """The result of a part; None if it is not done."""
        with self._reading() as execute:
            row = execute("SELECT result FROM part WHERE sweep = ? AND number = ?", (key, number)).fetchone()
        return None if row is None else row[0]

    def finish_part(self, key: str, part: Done, steps_per_second: float) -> None:
        """Keep a part's result and count it, the sweep's end included.

        Nothing happens if the sweep is no longer open or has the part already.
        """
        with self._transaction() as execute:
            kept = execute(
                "INSERT INTO part (sweep, number, result) SELECT id, ?, ? FROM sweep WHERE id = ? AND state = ? "
                "ON CONFLICT DO NOTHING",
                (part.number, part.result, key, State.OPEN),
            )
            if kept.rowcount == 0:
                return
            execute(
                "UPDATE sweep SET done_runs = done_runs + ?, done_steps = done_steps + ?, done_parts = done_parts + 1, "
                "steps_per_second = ? WHERE id = ?",
                (part.runs, part.steps, steps_per_second, key),
            )
            execute(
                "UPDATE sweep SET state = ?, ended = ? WHERE id = ? AND done_parts = parts",
                (State.FINISHED, time.time(), key),
            )

    def end(self, key: str, state: State, error: str | None = None) -> None:
        """Close an open sweep before all its parts are done; nothing if it is closed already."""
        with self._transaction() as execute:
            execute(
                "UPDATE sweep SET state = ?, ended = ?, error = ? WHERE id = ? AND state = ?",
                (state, time.time(), error, key, State.OPEN),
            )

    def prune(self, *, keep: int, seconds: float) -> int:
        """Forget ended sweeps that ended longer ago than `seconds`, and all but the latest `keep`; say how many."""
        with self._transaction() as execute:
            gone: int = execute(
                "DELETE FROM sweep WHERE state != ?1 AND (ended < ?2 OR id NOT IN "
                "(SELECT id FROM sweep WHERE state != ?1 ORDER BY ended DESC LIMIT ?3))",
                (State.OPEN, time.time() - seconds, keep),
            ).rowcount
        return gone

    @contextmanager
    def _reading(self) -> Iterator[Any]:
        with self._lock:
            try:
                yield self._connection.execute
            except sqlite3.Error as error:
                raise _explained(error) from error

    @contextmanager
    def _transaction(self) -> Iterator[Any]:
        with self._reading() as execute:
            execute("BEGIN IMMEDIATE")
            try:
                yield execute
                execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    execute("ROLLBACK")
                raise


def _record(row: tuple[Any, ...]) -> Record:
    values = dict(zip((field.name for field in fields(Record)), row, strict=True))
    return Record(**(values | {"state": State(values["state"])}))


def _explained(error: sqlite3.Error, path: Path | str = "") -> OSError:
    """What a failure means: no room (also where SQLite calls it a failed write), or a file that is no use."""
    code = getattr(error, "sqlite_errorcode", 0)
    if code == sqlite3.SQLITE_FULL or code & 0xFF == sqlite3.SQLITE_IOERR:
        return NoSpace(str(error))
    return Unusable(f"{path}: {error}" if path else str(error))
