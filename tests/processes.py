"""Processes of this machine, looked at from outside."""

import os
import subprocess
from contextlib import suppress
from pathlib import Path


def children_of(pid: int) -> list[tuple[int, str]]:
    """The processes that a process has started, each with its command."""
    threads = list(Path("/proc").glob(f"{pid}/task/*/children"))
    if not threads:
        # Only Linux tells it in files, one for each thread; and a small Linux has no `ps`.
        said = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,command="], capture_output=True, text=True, check=True)
        rows = [line.split(maxsplit=2) for line in said.stdout.splitlines()]
        return [(int(row[0]), row[2]) for row in rows if len(row) == 3 and int(row[1]) == pid]
    found = []
    for child in " ".join(thread.read_text() for thread in threads).split():
        with suppress(FileNotFoundError):
            found.append((int(child), Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode()))
    return found


def is_alive(pid: int) -> bool:
    """Whether a process runs; not one that has ended and waits for its parent to ask how."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"
