"""The file of sweeps: transactions, limits, old sweeps, other processes."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from app.jobs.lock import ProcessLock
from app.jobs.store import Done, NoSpace, Record, State, Store, Unusable


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "sweeps.sqlite3")
    yield made
    made.close()


def add(store: Store, parts: int = 3, client: str = "a") -> Record:
    return store.add(b'{"x": 1}', client=client, runs=10 * parts, steps=100 * parts, parts=parts)


def done(number: int, result: bytes = b"r") -> Done:
    return Done(number, result, runs=10, steps=100)


def test_a_sweep_is_open_until_its_last_part_is_done(store: Store) -> None:
    key = add(store).id
    assert store.open() == [key]
    assert store.request(key) == b'{"x": 1}'
    for number in (2, 0, 1):
        assert store.get(key).state == State.OPEN  # type: ignore[union-attr]
        store.finish_part(key, done(number, b"part %d" % number), 50.0)
    record = store.get(key)
    assert record is not None
    assert (record.state, record.done_parts, record.done_runs, record.done_steps) == (State.FINISHED, 3, 30, 300)
    assert record.ended is not None
    assert store.open() == []
    assert store.done(key) == {0, 1, 2}
    assert store.result(key, 1) == b"part 1"
    assert store.result(key, 7) is None


def test_a_part_counts_once(store: Store) -> None:
    key = add(store).id
    store.finish_part(key, done(0, b"first"), 1.0)
    store.finish_part(key, done(0, b"second"), 1.0)
    record = store.get(key)
    assert record is not None
    assert record.done_parts == 1
    assert store.result(key, 0) == b"first"


def test_nothing_is_added_to_a_sweep_that_has_ended(store: Store) -> None:
    key = add(store).id
    store.finish_part(key, done(0), 1.0)
    store.end(key, State.CANCELLED)
    store.finish_part(key, done(1), 1.0)
    store.end(key, State.FAILED, "too late")
    record = store.get(key)
    assert record is not None
    assert (record.state, record.error, record.done_parts) == (State.CANCELLED, None, 1)
    assert store.done(key) == {0}


def test_open_sweeps_are_counted_by_client(store: Store) -> None:
    for client in "aab":
        add(store, client=client)
    assert (store.count_open(), store.count_open("a"), store.count_open("b")) == (3, 2, 1)


def test_what_is_written_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "sweeps.sqlite3"
    first = Store(path)
    key = add(first).id
    first.finish_part(key, done(1), 2.0)
    second = Store(path)
    assert second.get(key) == first.get(key)
    first.close()
    second.close()


def test_old_sweeps_are_forgotten_by_number_and_by_age(store: Store) -> None:
    keys = [add(store).id for _ in range(5)]
    still_open = add(store).id
    for key in keys:
        store.finish_part(key, done(0, bytes(100_000)), 1.0)
        store.end(key, State.CANCELLED)
        time.sleep(0.002)
    assert store.prune(keep=2, seconds=1000) == 3
    assert [key for key in keys if store.get(key)] == keys[3:]
    assert store.done(keys[0]) == set()
    assert store.prune(keep=2, seconds=0) == 2
    assert store.get(still_open) is not None


def test_space_of_forgotten_sweeps_is_given_back(tmp_path: Path) -> None:
    path = tmp_path / "sweeps.sqlite3"
    store = Store(path)
    key = add(store).id
    store.finish_part(key, done(0, bytes(2_000_000)), 1.0)
    store.end(key, State.CANCELLED)
    store.prune(keep=0, seconds=1000)
    store.close()
    assert path.stat().st_size < 200_000


def test_a_full_file_keeps_what_it_had_and_takes_more_when_there_is_room(tmp_path: Path) -> None:
    path = tmp_path / "sweeps.sqlite3"
    store = Store(path, max_bytes=200_000)
    key = add(store).id
    store.finish_part(key, done(0), 1.0)
    for _ in range(2):
        with pytest.raises(NoSpace):
            store.finish_part(key, done(1, bytes(500_000)), 1.0)
    record = store.get(key)
    assert record is not None
    assert record.done_parts == 1
    assert store.done(key) == {0}
    store.close()
    larger = Store(path, max_bytes=2_000_000)
    larger.finish_part(key, done(1, bytes(500_000)), 1.0)
    assert larger.done(key) == {0, 1}
    larger.close()


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sweeps.sqlite3"
    path.write_bytes(b"no database, this is" * 500)
    with pytest.raises(Unusable, match="not a database"):
        Store(path)


def test_a_file_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sweeps.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(Unusable, match="99"):
        Store(path)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unusable):
        Store(tmp_path / "nowhere" / "sweeps.sqlite3")


def test_threads_and_stores_of_one_file_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sweeps.sqlite3"
    stores = [Store(path) for _ in range(2)]
    key = add(stores[0], parts=40).id
    threads = [
        Thread(target=lambda i=i: [stores[i % 2].finish_part(key, done(n), 1.0) for n in range(i, 40, 2)])
        for i in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    record = stores[0].get(key)
    assert record is not None
    assert (record.state, record.done_parts, record.done_runs) == (State.FINISHED, 40, 400)
    for store in stores:
        store.close()


HOLD = "import sys, pathlib; from app.jobs.lock import ProcessLock; lock = ProcessLock(pathlib.Path(sys.argv[1])); \
print(lock.acquire(), flush=True); sys.stdin.read()"


def test_one_process_holds_the_lock_until_it_dies(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    mine = ProcessLock(path)
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "True\n"
    assert not mine.acquire()
    other.kill()
    other.communicate()
    assert mine.acquire()
    assert mine.acquire(), "it is ours already"
    assert not ProcessLock(path).acquire()
    mine.release()
    assert mine.acquire()
    mine.release()
