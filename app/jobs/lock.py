"""A lock between processes that dies with its holder, however that dies.

It is the exclusive lock of a SQLite file of its own: the operating system holds it for the process, so a server that
was killed leaves nothing behind, and it works on every platform without a further package.
"""

import sqlite3
from pathlib import Path


class ProcessLock:
    """Held by at most one process of this machine at a time; not for threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def acquire(self) -> bool:
        """Take the lock if nobody holds it, and say whether it is ours now."""
        if self._connection is not None:
            return True
        connection = sqlite3.connect(self._path, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            connection.close()
            return False
        self._connection = connection
        return True

    def release(self) -> None:
        """Let others take it."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
