"""The engine against what one would write instead: one trajectory, a sweep of rates, a surface, a seek, a stream."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from time import perf_counter
from typing import Any

import numpy as np

import engine
from engine import composer
from engine.compiled import compiled_stepper
from engine.course import Course
from engine.paths import gradients_of
from engine.stepping import PlainStepper, Stepper, Stretch
from tests.benchmarks import rivals
from tests.benchmarks.measure import best_time, print_ratios
from tests.benchmarks.rivals import Trajectory

STREAMED = 2000
# Slow ways do fewer steps: their speed does not depend on it.
FEWER = {
    "the original loop": 5_000,
    "the same without its loss": 50_000,
    "plain Python floats": 200_000,
    "PyTorch": 500,
}


def main() -> None:
    """Print every comparison."""
    wait_for_machine_code()
    for steps in (50_000, 5_000_000):
        for rate in (0.01, 0.0001):
            trajectory(steps, rate)
    sweep()
    surface()
    machine_code()
    seek()
    stream()


def wait_for_machine_code() -> None:
    """Ask for runs until what composes them has been compiled, as Numba's loop is before it is measured."""
    spec = engine.RunSpec.from_dict({"steps": 1000})
    ours = composer.composer_for(spec.objective().model, spec.method, tuple(spec.optimizer.params))
    until = perf_counter() + 10
    while ours.kernel is None and perf_counter() < until:
        engine.run(spec)


def ways() -> dict[str, Trajectory]:
    """The rivals that are installed, the slowest first."""
    found: dict[str, Trajectory] = {
        "the original loop": rivals.original,
        "the same without its loss": rivals.original_without_loss,
        "plain Python floats": rivals.python_floats,
    }
    if find_spec("torch"):
        found["PyTorch"] = rivals.pytorch
    if find_spec("sklearn"):
        found["scikit-learn"] = rivals.scikit_learn
    if find_spec("numba"):
        found["Numba"] = rivals.numba_trajectory()
    return found


def trajectory(steps: int, rate: float) -> None:
    """One run of line SGD over 100 beans, with all its rows."""
    print(f"\n  {steps:,} steps of line SGD at rate {rate}, columns w, b and loss")
    spec = engine.RunSpec.from_dict({"steps": steps, "optimizer": {"learning_rate": rate}})
    x, y = spec.data.x[:, 0].copy(), spec.data.y.copy()
    rows = engine.Run(spec).rows(0, steps)
    speeds = []
    for name, way in ways().items():
        count = min(steps, FEWER.get(name, steps))
        expected = way(x, y, rate, count)
        # The rival must have made the same run: compared at its last row.
        np.testing.assert_allclose(rows.theta[count], expected[:2, -1], rtol=1e-9)
        speeds.append((name, count / best_time(partial(way, x, y, rate, count)) / 1e6))
    speeds.append(("the engine", steps / best_time(partial(_row, spec, 0, steps)) / 1e6))
    speeds.append(("filling memory", steps / best_time(lambda: rivals.filled(x, y, rate, steps)) / 1e6))
    print_ratios("million steps/s", speeds, baseline="the original loop")


def sweep() -> None:
    """A thousand rates: final loss and steps to the goal."""
    steps, goal = 50_000, 1e-3
    rates = np.geomspace(1e-3, 1, 1000)
    print(f"\n  {len(rates):,} rates × {steps:,} steps of line SGD, final loss and steps to an excess loss of {goal}")
    spec = engine.RunSpec.from_dict({"steps": steps})
    vary = {"optimizer.learning_rate": rates}
    table = engine.sweep(spec, vary, {"excess_loss": goal})
    times = [("the engine", best_time(lambda: engine.sweep(spec, vary, {"excess_loss": goal})))]
    x, y = spec.data.x[:, 0].copy(), spec.data.y.copy()
    bowl = spec.objective().quadratic
    if find_spec("numba") and bowl is not None:
        loop = rivals.numba_sweep()
        given = (x, y, rates, steps, np.array(bowl.optimum), np.array([bowl.factor[0][0], bowl.factor[1][0]]), goal)
        _, reached = loop(*given)
        share = float((reached == table["steps_to_goal"]).mean())
        print(f"  steps to the goal are the same in {share:.1%} of the runs")
        times.append(("Numba on all cores", best_time(lambda: loop(*given), repeat=3)))
    for name, way, count in (("scikit-learn", rivals.scikit_learn, steps), ("PyTorch", rivals.pytorch, 500)):
        if find_spec({"scikit-learn": "sklearn", "PyTorch": "torch"}[name]):
            one = best_time(partial(way, x, y, 0.01, count), repeat=3)
            times.append((f"{name}, final loss alone", one * steps / count * len(rates)))
    print_ratios("s", times, baseline="the engine", digits=4)


def surface() -> None:
    """200 × 200 losses over a million beans, from the data on."""
    print("\n  a surface of 200 × 200 over 1,000,000 beans")
    spec = engine.RunSpec.from_dict({"dataset": {"name": "offset-beans", "count": 10**6}})
    x, y = spec.data.x[:, 0].copy(), spec.data.y.copy()
    axes = {"w": (-1, 2, 200), "b": (-2, 2, 200)}

    def anew() -> engine.Dataset:
        """The same beans as a dataset of which nothing is known yet."""
        return engine.Dataset(x[:, np.newaxis], y)

    def by_engine() -> object:
        own = replace(spec, dataset=replace(spec.dataset, points=anew()))
        return engine.loss_surface(own, **axes)

    def by_broadcasting() -> object:
        """A fiftieth of a row of the surface: more would take all memory."""
        return np.square(np.linspace(-1, 2, 4)[:, np.newaxis] * x + 0.5 - y).mean(axis=1)

    times = [
        ("one pass: x @ y, x @ x, y @ y, sums", best_time(lambda: (x @ y, x @ x, y @ y, x.sum(), y.sum()))),
        ("one pass: x @ y, sums", best_time(lambda: (x @ y, x.sum(), y.sum()))),
        ("the engine", best_time(by_engine)),
        ("broadcasting", best_time(by_broadcasting, repeat=3) * 10_000),
    ]
    print_ratios("s", times, baseline=times[0][0], digits=5)


def machine_code() -> None:
    """Steps that cannot be composed, one after the other."""
    methods: dict[str, dict[str, Any]] = {
        "Adam, one bean": {"optimizer": {"name": "adam"}},
        "Adam, shuffled tens": {"optimizer": {"name": "adam"}, "batch": {"size": 10, "order": "shuffled"}},
        "Adam, all beans": {"optimizer": {"name": "adam"}, "batch": {"size": "all"}},
        "SGD, absolute error": {"loss": "absolute-error"},
    }
    for name, given in methods.items():
        print(f"\n  {name}: a million rows")
        spec = engine.RunSpec.from_dict({**given, "steps": 10**6})
        start = Course.of(spec).point(0)
        stretch = Stretch(spec.objective(), gradients_of(spec), spec.method, spec.optimizer.params, 0, start)
        speeds = [("the plain path", 20_000 / best_time(partial(_filled, PlainStepper, stretch, 20_000)) / 1e6)]
        if compiled_stepper(stretch):
            seconds = best_time(partial(_filled, compiled_stepper, stretch, 10**6), repeat=3)
            speeds.append(("machine code", 1 / seconds))
        print_ratios("million steps/s", speeds, baseline="the plain path")


def seek() -> None:
    """To a step far ahead in a new run."""
    print("\n  to a step of a new run")
    methods: dict[str, dict[str, Any]] = {
        "SGD": {},
        "momentum": {"optimizer": {"name": "momentum"}},
        "Adam": {"optimizer": {"name": "adam"}},
    }
    methods["SGD, random rows"] = {"batch": {"order": "random"}}
    for name, spec in methods.items():
        for step in (10**6, 10**7):
            read = engine.RunSpec.from_dict({**spec, "steps": 10**9})
            seconds = best_time(partial(_row, read, step, step), repeat=3)
            print(f"  {name:<17} {step:>11,}  {seconds * 1e3:10.2f} ms")


def stream() -> None:
    """Row by row, as a live session asks for them."""
    print("\n  one row at a time")
    asked: dict[str, dict[str, Any]] = {"SGD": {}, "Adam": {"optimizer": {"name": "adam"}}}
    asked |= {"SGD, random rows": {"batch": {"order": "random"}}, "absolute error": {"loss": "absolute-error"}}
    for name, spec in asked.items():
        seconds = best_time(partial(_one_by_one, engine.RunSpec.from_dict({**spec, "steps": 10**6})))
        print(f"  {name:<17} {seconds / STREAMED * 1e6:10.2f} µs a row")


def _filled(make: Callable[[Stretch], Stepper | None], stretch: Stretch, steps: int) -> None:
    stepper = make(stretch)
    assert stepper is not None
    stepper.fill(0, steps, np.empty((3, steps + 1)))


def _row(spec: engine.RunSpec, first: int, last: int) -> engine.Trajectory:
    return engine.Run(spec).rows(first, last)


def _one_by_one(spec: engine.RunSpec) -> None:
    run = engine.Run(spec)
    for step in range(STREAMED):
        run.rows(step, step)


if __name__ == "__main__":
    main()
