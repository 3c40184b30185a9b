"""Exports that are text: the table, the script and the notebook, each opened by somebody else than who wrote it."""

import ast
import csv
import io
import re
import subprocess
import sys
from contextlib import redirect_stdout
from dataclasses import replace
from itertools import product
from typing import Any

import nbclient
import nbformat
import numpy as np
import pytest

import engine
from app import exports
from app.exports import FORMATS, Options
from app.exports.recipe import DIGITS
from app.exports.words import words
from app.locales import LANGUAGES
from engine import DATASETS, LOSSES, MODELS, OPTIMIZERS, ORDERS, RunSpec
from tests.codebase.sources import ROOT
from tests.specs import random_spec

DIVERGING = {"batch": {"size": "all"}, "optimizer": {"learning_rate": 0.9}, "steps": 1000}
# The first row of the second piece is not finite: which row is the last one is only known after it has been written.
ENDS_LATE = {"batch": {"size": "all"}, "optimizer": {"learning_rate": 1e3}, "steps": 10**6}
PLOTLY = "application/vnd.plotly.v1+json"


def rows_of(result: engine.RunResult) -> list[list[float]]:
    """Step, parameters and loss of each row."""
    trajectory = result.trajectory
    columns = [trajectory.step, *trajectory.theta.T, trajectory.loss]
    return [[float(value) for value in row] for row in zip(*columns, strict=True)]


def executed(script: str) -> list[str]:
    """What a script prints, line by line."""
    output = io.StringIO()
    with redirect_stdout(output):
        exec(compile(script, "script", "exec"), {})  # noqa: S102
    return output.getvalue().splitlines()


def script_of(spec: RunSpec, language: str = "en") -> str:
    return exports.export(spec, "py", Options(lang=language)).decode()


def printed(result: engine.RunResult) -> list[str]:
    """What the script should print."""
    final = [f"{name} = {value:#.{DIGITS}g}" for name, value in result.final.items()]
    return [str(result.outcome.status), f"step = {result.trajectory.step[-1]}", *final]


def rounding_decides(spec: RunSpec) -> bool:
    """Whether the script prints something else if its sums are rounded once only, or its start is the next float."""
    once = "import math\nmean = lambda v: math.fsum(v) / len(v) if np.isfinite(v).all() else v.mean()\n\n"
    script = script_of(spec)
    others = [script.replace("np.seterr", once + "np.seterr", 1).replace("np.mean(", "mean(")]
    for towards in (np.inf, -np.inf):
        start = {name: float(np.nextafter(value, towards)) for name, value in spec.start.items()}
        others.append(script_of(replace(spec, start=start)))
    return any(executed(other) != executed(script) for other in others)


def nearly(spec: RunSpec, result: engine.RunResult, lines: list[str]) -> bool:
    """Whether numbers differ by no more than rounding explains.

    A loss next to nothing is what rounding leaves of it. A method that divides by the size of the gradient makes the
    rounding of a small gradient large.
    """
    nothing = 1e-12 * float((spec.data.y**2).mean())
    loose = 1e-6 if spec.method.linear is None else 10.0**-DIGITS
    values = [float(line.split(" = ")[1]) for line in lines[1:]]
    wanted = [float(result.trajectory.step[-1]), *result.final.values()]
    return values == pytest.approx(wanted, rel=loose, abs=nothing)


@pytest.mark.parametrize("every", [1, 7, 1000, 10**6])
@pytest.mark.parametrize("steps", [0, 1, 999, 1024, 5000])
def test_the_table_gives_back_every_bit(steps: int, every: int) -> None:
    spec = RunSpec.from_dict({"steps": steps})
    text = exports.export(spec, "csv", Options(every=every)).decode()
    names, *lines = csv.reader(io.StringIO(text, newline=""))
    assert names == ["step", "w", "b", "loss"]
    wanted = [row for row in rows_of(engine.run(spec)) if row[0] % every == 0 or row[0] == steps]
    assert [[float(cell) for cell in line] for line in lines] == wanted


@pytest.mark.parametrize("content", [DIVERGING, ENDS_LATE, {"model": "proportional", "stop": {"gradient_norm": 1e-2}}])
def test_the_table_ends_where_the_run_ends(content: dict[str, Any]) -> None:
    spec = RunSpec.from_dict(content)
    for every in (1, 100):
        lines = exports.export(spec, "csv", Options(every=every)).decode().splitlines()
        assert [float(cell) for cell in lines[-1].split(",")] == rows_of(engine.run(spec))[-1]


def test_the_table_is_written_while_it_is_computed() -> None:
    told: list[int] = []
    pieces = exports.stream(RunSpec.from_dict({"steps": 200_000}), "csv", None, lambda done, _: told.append(done))
    assert next(pieces).startswith(b"step,")
    assert told
    assert max(told) < 100_000


def test_scripts_print_the_digits_of_the_engine() -> None:
    differing = []
    for number in range(200):
        spec = RunSpec.from_dict(random_spec(number))
        result = engine.run(spec)
        lines = executed(script_of(spec, "zh" if number % 2 else "en"))
        if lines != printed(result):
            differing.append(number)
            assert nearly(spec, result, lines) or rounding_decides(spec), (number, lines, printed(result))
    # Losses of a perfect fit (1e-16) and of runs that explode hold fewer digits than are printed.
    assert len(differing) <= 4, differing


@pytest.mark.parametrize("name", engine.OPTIMIZERS)
def test_a_script_for_beans_prints_the_digits_of_the_engine(name: str) -> None:
    for size in (1, 10, "all"):
        changes = [{"step": 700, "optimizer": {engine.OPTIMIZERS[name].value.rate: 0.02}}]
        content = {"optimizer": {"name": name}, "batch": {"size": size}, "steps": 1000, "changes": changes}
        spec = RunSpec.from_dict(content)
        assert executed(script_of(spec)) == printed(engine.run(spec)), size


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_script_runs_where_there_is_nothing_but_numpy(language: str) -> None:
    changes = [{"step": step, "optimizer": {"learning_rate": 0.1 / step}} for step in range(1, 60)]
    points = {"name": "points", "x": [0.1 * k for k in range(50)], "y": [0.3 * k for k in range(50)]}
    content = {"dataset": points, "optimizer": {"name": "adam"}, "changes": changes, "steps": 100}
    script = exports.export(RunSpec.from_dict(content), "py", Options(lang=language)).decode()
    tree = ast.parse(script)
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert imported == {"numpy"}
    assert not any(isinstance(node, ast.ImportFrom) for node in ast.walk(tree))
    assert max(map(len, script.splitlines())) <= 100
    command = [sys.executable, "-I", "-W", "error", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("finished\nstep = 100\n")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_part_of_every_script_is_explained(language: str) -> None:
    for number in range(60):
        script = exports.export(RunSpec.from_dict(random_spec(number)), "py", Options(lang=language)).decode()
        blocks = script.split("\n\n\n")
        assert all(block.lstrip().startswith(("#", '"""', "def ")) for block in blocks), script


def test_everything_that_can_be_chosen_has_a_script() -> None:
    for dataset, model, loss, optimizer, order in product(DATASETS, MODELS, LOSSES, OPTIMIZERS, ORDERS):
        points = {"x": [0.5, 1.0], "y": [1.0, 2.0]} if DATASETS[dataset].value.given else {}
        named = {
            "dataset": {"name": dataset, **points},
            "model": model,
            "loss": loss,
            "batch": {"size": 1, "order": order},
        }
        spec = RunSpec.from_dict(named | {"optimizer": {"name": optimizer}, "steps": 3})
        for language in LANGUAGES:
            assert executed(script_of(spec, language))[:2] == ["finished", "step = 3"]


def test_columns_are_called_as_they_are_to_be_called() -> None:
    spec = RunSpec.from_dict({"dataset": {"name": "points", "x": [1, 2], "y": [3, 5]}, "steps": 9})
    named = {"x_name": "height (cm)", "y_name": "{weight}"}
    for name, place in {"py": "# The points: x is {}, y is {}.", "ipynb": "The points: x is {}, y is {}."}.items():
        for given, names in ((named, named.values()), ({}, ("size", "toxicity"))):
            text = exports.export(spec, name, FORMATS[name].read(given)).decode()
            assert place.format(*names) in text
    page = exports.export(spec, "html", FORMATS["html"].read(named)).decode()
    assert '"names":{"x":["height (cm)"],"y":"{weight}"}' in page


def test_all_languages_have_the_same_texts() -> None:
    first, *others = (words(language) for language in LANGUAGES)
    for other in others:
        assert other.keys() == first.keys()
        for key, text in first.items():
            assert set(re.findall(r"\{(\w+)\}", other[key])) == set(re.findall(r"\{(\w+)\}", text)), key


@pytest.mark.parametrize(
    ("content", "language"),
    [
        ({"steps": 5000, "changes": [{"step": 500, "optimizer": {"learning_rate": 0.05}}]}, "en"),
        (DIVERGING | {"model": "proportional", "dataset": {"name": "proportional-beans"}, "steps": 30}, "zh"),
    ],
)
def test_the_notebook_runs_from_top_to_bottom(content: dict[str, Any], language: str) -> None:
    spec = RunSpec.from_dict(content)
    file = exports.export(spec, "ipynb", Options(lang=language)).decode()
    notebook = nbformat.reads(file, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    said = "".join(output["text"] for output in outputs if output.output_type == "stream")
    result = engine.run(spec)
    assert said.splitlines() == printed(result)
    [shown] = [output["data"][PLOTLY] for output in outputs if PLOTLY in output.get("data", {})]
    assert [len(trace["x"]) > 0 for trace in shown["data"]] == [True, True, True]
    texts = "".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert ("梯度" in texts) == (language == "zh")


def test_text_needs_no_extra() -> None:
    script = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
sys.modules |= dict.fromkeys(["av", "matplotlib", "PIL", "pylopdf_fonts_zh_cn"])  # as if they were not there
from app import exports
from engine import RunSpec, SpecError
for name, format in exports.FORMATS.items():
    try:
        print(name, len(exports.export(RunSpec.from_dict({{"steps": 3}}), name)) > 100)
    except SpecError as error:
        print(name, error)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    for name, format_ in FORMATS.items():
        missing = f"{name} needs the extra: pip install 'beanbowl[export]'"
        assert said[name] == (missing if format_.needs else "True")
