"""The thread that works: turns, failures of workers and of the disk, and sweeps that are cancelled."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
from app.jobs import effort, pool, tables
from app.jobs import plan as plans
from app.jobs.compute import compute
from app.jobs.pool import Pool, Unreachable
from app.jobs.runner import MOST_ATTEMPTS, Condition, Runner
from app.jobs.store import Record, State, Store
from app.settings import Settings
from tests.app.sweeping import PATIENCE

SMALL = {"base": {"steps": 50}, "vary": {"optimizer.name": ["gradient-descent", "momentum", "adam"], "seed": [0, 1]}}


class Strange(Executor):
    """Computes in a thread; what `strike` raises for a part is what the part ends with."""

    def __init__(self, strike: Callable[[Any], None]) -> None:
        self._strike = strike
        self._threads = ThreadPoolExecutor(2)

    def submit(self, fn: Any, /, *args: Any, **_: Any) -> Future[Any]:
        def work() -> Any:
            self._strike(args)
            return fn(*args)

        return self._threads.submit(work)


class Bench:
    """A store in memory with a runner on strange workers."""

    def __init__(self, open_pool: Callable[[], Pool], path: str | Path = ":memory:") -> None:
        self.store = Store(path)
        self.runner = Runner(self.store, None, open_pool, lambda: 0)
        self.runner.start()

    def add(self, request: Any) -> Record:
        plan = plans.read(request, Settings())
        record = self.store.add(plan.dumps(), client="", runs=plan.runs, steps=plan.steps, parts=len(plan.parts))
        self.runner.wake()
        return record

    def wait(self, key: str, until: Callable[[Record], bool] = lambda record: record.state != State.OPEN) -> Record:
        deadline = time.monotonic() + PATIENCE
        while True:
            record = self.store.get(key)
            assert record is not None
            if until(record):
                return record
            assert time.monotonic() < deadline, record
            time.sleep(0.01)

    def table(self, key: str) -> dict[str, Any]:
        return tables.stored(self.store, key, plans.restore(self.store.request(key) or b""))


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two runs make a part."""
    monkeypatch.setattr(effort, "MOST_RUNS", 2)


@pytest.fixture
def bench() -> Iterator[Callable[..., Bench]]:
    made: list[Bench] = []

    def make(open_pool: Callable[[], Pool], path: str | Path = ":memory:") -> Bench:
        made.append(Bench(open_pool, path))
        return made[-1]

    yield make
    for each in made:
        each.runner.stop()
        each.store.close()


def threads(strike: Callable[[Any], None] = lambda _: None) -> Callable[[], Pool]:
    return lambda: Pool(Strange(strike), lambda: 4, lambda: None, lambda _: None)


def test_every_run_is_what_it_is_alone(bench: Callable[..., Bench]) -> None:
    goal = {"excess_loss": 0.02}
    vary = {
        "optimizer.name": ["gradient-descent", "adam"],
        "optimizer.learning_rate": [0.05, 0.5, 5],
        "batch.size": [1, 7, "all"],
    }
    here = bench(threads())
    table = here.table(here.wait(here.add({"base": {"steps": 300}, "vary": vary, "goal": goal}).id).id)
    assert list(table)[:3] == list(vary)
    for i in range(18):
        row = {name: column[i] for name, column in table.items()}
        spec = {
            "steps": 300,
            "optimizer": {"name": row["optimizer.name"], "learning_rate": row["optimizer.learning_rate"]},
            "batch": {"size": row["batch.size"]},
        }
        result = engine.run(engine.RunSpec.from_dict(spec))
        assert (row["status"], row["step"]) == (result.outcome.status, result.outcome.step)
        if row["status"] == "diverged":
            continue
        for name, value in result.final.items():
            np.testing.assert_allclose(row[name], value, rtol=1e-12)
        assert result.theory is not None
        excess = result.trajectory.loss - result.theory.optimum_loss
        np.testing.assert_allclose(row["excess_loss"], max(excess[-1], 0), atol=1e-15)
        reached = np.flatnonzero(excess <= goal["excess_loss"])
        assert row["steps_to_goal"] == reached[0] if len(reached) else row["steps_to_goal"] is np.ma.masked


def test_excess_loss_follows_the_data(bench: Callable[..., Bench]) -> None:
    here = bench(threads())
    request = {
        "base": {"steps": 5},
        "vary": {"dataset.seed": [0, 1, 2], "dataset.name": ["proportional-beans", "offset-beans"]},
    }
    table = here.table(here.wait(here.add(request).id).id)
    for i in range(6):
        dataset = {"name": table["dataset.name"][i], "seed": int(table["dataset.seed"][i])}
        theory = engine.analyse(engine.RunSpec.from_dict({"dataset": dataset}))
        assert theory is not None
        np.testing.assert_allclose(table["excess_loss"][i], table["loss"][i] - theory.optimum_loss, rtol=1e-9)


def test_the_table_is_that_of_the_engine(bench: Callable[..., Bench]) -> None:
    vary = {
        "optimizer.learning_rate": [0.1, 0.2],
        "optimizer.name": ["adam", "momentum"],
        "loss": ["squared-error", "absolute-error"],
    }
    here = bench(threads())
    table = here.table(here.wait(here.add({"base": {"steps": 50}, "vary": vary}).id).id)
    whole = engine.sweep(engine.RunSpec.from_dict({"steps": 50}), vary)
    assert list(table) == list(whole)
    for name, column in whole.items():
        np.testing.assert_array_equal(np.ma.filled(table[name], -1), column)
    assert np.isnan(table["excess_loss"]).tolist() == [False, True] * 4


def test_a_parameter_that_a_model_lacks_is_nan(bench: Callable[..., Bench]) -> None:
    here = bench(threads())
    table = here.table(here.wait(here.add({"base": {"steps": 5}, "vary": {"model": ["proportional", "line"]}}).id).id)
    assert np.isnan(table["b"]).tolist() == [True, False]


@pytest.mark.usefixtures("small_parts")
def test_a_part_that_fails_now_and_then_is_done_again(bench: Callable[..., Bench]) -> None:
    failures = [RuntimeError("now"), BrokenProcessPool("and"), OSError("then")]

    def strike(_: Any) -> None:
        if failures:
            raise failures.pop()

    here = bench(threads(strike))
    record = here.wait(here.add(SMALL).id)
    assert (record.state, record.done_parts) == (State.FINISHED, 3)


@pytest.mark.usefixtures("small_parts")
def test_a_part_that_always_kills_its_worker_fails_its_sweep_alone(bench: Callable[..., Bench]) -> None:
    struck = []

    def strike(args: Any) -> None:
        if args[1]["optimizer.name"] == ["adam"]:
            struck.append(args)
            raise BrokenProcessPool("killed by it")

    here = bench(threads(strike))
    poisonous = here.add(SMALL).id
    healthy = here.add({"base": {"steps": 50}, "vary": {"optimizer.name": ["gradient-descent", "nesterov"]}}).id
    record = here.wait(poisonous)
    assert record.state == State.FAILED
    assert "killed by it" in str(record.error)
    assert here.wait(healthy).state == State.FINISHED
    assert len(struck) == MOST_ATTEMPTS
    assert 2 not in here.store.done(poisonous)


@pytest.mark.usefixtures("small_parts")
def test_sweeps_take_turns(bench: Callable[..., Bench]) -> None:
    here = bench(threads(lambda _: time.sleep(0.02)))
    rates = {"from": 0.01, "to": 0.1, "count": 200}
    long = here.add(
        {"base": {"steps": 1}, "vary": {"optimizer.learning_rate": rates, "optimizer.name": ["adam", "momentum"]}}
    ).id
    short = here.add(SMALL).id
    here.wait(short)
    record = here.store.get(long)
    assert record is not None
    assert record.state == State.OPEN
    assert record.done_parts >= 1
    here.store.end(long, State.CANCELLED)


def test_a_cancelled_sweep_frees_its_workers(bench: Callable[..., Bench]) -> None:
    here = bench(partial(pool.local, 1))
    # Hours of work in a part that nobody can interrupt from inside.
    endless = {
        "dataset": {"count": 100_000},
        "optimizer": {"name": "adam"},
        "batch": {"size": "all"},
        "steps": 1_000_000,
    }
    long = here.add({"base": endless, "vary": {"seed": [0]}}).id
    time.sleep(1)
    here.store.end(long, State.CANCELLED)
    assert here.wait(here.add(SMALL).id).state == State.FINISHED


@pytest.mark.usefixtures("small_parts")
def test_a_killed_worker_is_replaced(bench: Callable[..., Bench]) -> None:
    opened: list[Pool] = []

    def open_pool() -> Pool:
        opened.append(pool.local(2))
        return opened[-1]

    here = bench(open_pool)
    request = {"base": {"steps": 20_000, "optimizer": {"name": "adam"}}, "vary": {"seed": list(range(12))}}
    key = here.add(request).id
    here.wait(key, lambda record: record.done_parts > 0)
    executor: Any = opened[0].executor
    os.kill(next(iter(executor._processes)), signal.SIGKILL)
    assert here.wait(key).state == State.FINISHED
    assert len(opened) == 2, "the broken pool was replaced"
    plan = plans.read(request, Settings())
    undisturbed = [compute(plan.base, part.values, None) for part in plan.parts]
    assert [here.store.result(key, i) for i in range(len(undisturbed))] == undisturbed


def test_workers_that_cannot_be_reached_are_waited_for(bench: Callable[..., Bench]) -> None:
    reachable: list[bool] = []

    def open_pool() -> Pool:
        if not reachable:
            raise Unreachable("nobody there")
        return threads()()

    here = bench(open_pool)
    key = here.add(SMALL).id
    deadline = time.monotonic() + PATIENCE
    while here.runner.condition != Condition.WAITING_FOR_WORKERS:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    reachable.append(True)
    assert here.wait(key).state == State.FINISHED
    here.wait(key, lambda _: here.runner.condition == Condition.WORKING)


def test_an_address_without_a_scheduler_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the client, which would go on trying while the server is to stop."""
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(distributed, "Client", lambda *_, **__: pytest.fail("nobody listens there"))
    with pytest.raises(Unreachable, match="no Dask scheduler"):
        pool.cluster("tcp://127.0.0.1:9")
