"""`beanbowl sweep`: many runs, by the workers of this machine or of a cluster, as one table."""

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from functools import partial
from itertools import chain
from time import sleep
from typing import Any

from app import tabular
from app.commands import flags, output, specs
from app.commands.failures import Failed
from app.commands.progress import Bar
from app.jobs import plan as plans
from app.jobs import pool, states
from app.jobs.runner import Runner
from app.jobs.store import State, Store
from app.jobs.tables import stored
from app.settings import Settings

HELP = "compute many runs"
LOOK = 0.1  # seconds
# On one's own machine one may wait as long as one likes: these are the limits of the engine, and of memory.
UNLIMITED: dict[str, Any] = {
    "max_steps": 10**9,
    "max_points": 10**7,
    "max_sweep_runs": 10**8,
    "max_sweep_steps": 10**15,
}


def add(parser: ArgumentParser) -> None:
    """What it takes."""
    specs.add_file(parser, "the sweep as JSON: base, vary, goal", optional=False)
    output.add(parser)
    flags.add(parser, flags.named("sweep_workers", "dask"))


def main(options: Namespace, settings: Settings) -> int:
    """Compute the sweep and write its table."""
    chosen = output.media_type(options)
    plan = plans.read(specs.read(options), replace(settings, **UNLIMITED))
    store = Store(":memory:")
    runner = Runner(store, None, partial(pool.open_pool, settings), lambda: 0)
    record = store.add(plan.dumps(), client="", runs=plan.runs, steps=plan.steps, parts=len(plan.parts))
    bar = Bar("runs")
    runner.start()
    try:
        while record.state == State.OPEN:
            state = states.state(record, runner.condition, runner.at_work, "en")
            waits = state["state"].startswith("waiting-for")
            bar.show(record.done_runs, record.runs, state["seconds_left"], state["sentence"] if waits else "")
            sleep(LOOK)
            record = store.get(record.id) or record
    finally:
        bar.close()
        runner.stop()
    if record.state == State.FAILED:
        raise Failed(record.error)
    end = [b"\n"] if chosen == tabular.JSON else []
    output.write(options, chain(tabular.written(stored(store, record.id, plan), chosen), end))
    return 0
