"""Imports point downward only: page → app → engine → NumPy."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.codebase.sources import (
    ROOT,
    first_cycle,
    imported_names,
    imported_scripts,
    module_name,
    python_files,
    script_files,
    without_comments,
)

CLOCKS_AND_IO = {
    "asyncio", "datetime", "http", "json", "logging", "multiprocessing", "os", "pathlib", "random", "secrets",
    "select", "signal", "socket", "sqlite3", "ssl", "subprocess", "tempfile", "time", "urllib",
}  # fmt: skip
OF_THE_APP = {
    "app",
    "fastapi",
    "jinja2",
    "orjson",
    "plotly",
    "pydantic",
    "starlette",
    "uvicorn",
    "websockets",
}
# Packages of an extra, and the part of the app or the module of the engine that imports them when it is asked to.
OF_EXTRAS = {
    "affinecode.py": {"llvmlite"},
    "affinekernels.py": {"llvmlite"},
    "kernels.py": {"llvmlite"},
    "machine.py": {"llvmlite"},
    "matrixcode.py": {"llvmlite"},
    "productkernels.py": {"llvmlite"},
    "exports": {"PIL", "av", "matplotlib", "pylopdf_fonts_zh_cn"},
    "jobs": {"distributed"},
    "tabular.py": {"pyarrow"},
}
PURE_NAMES = (
    "columns", "csv", "editing", "equations", "evaluations", "graph", "numbers", "objective", "plan", "protocol",
    "rows", "scale", "spec", "state", "typeset",
)  # fmt: skip
PURE_SCRIPTS = {f"{name}.js" for name in PURE_NAMES}
PRIVATE_TO_PLOTLY = r"\b_full\w+|\.\s*_[a-z]\w*|\bd2p\b|\bglplot\b|\bscene\.traces\b|\bcalcdata\b"


def top(name: str) -> str:
    return name.partition(".")[0]


def cycle_of_modules(folder: str) -> list[str]:
    modules = {module_name(path): path for path in python_files(folder)}
    own = {name: (imported_names(path) & modules.keys()) - {name} for name, path in modules.items()}
    # `from engine import runs` reads as an import of the package, but it is the module that is meant.
    graph = {
        name: {each for each in found if not any(other.startswith(f"{each}.") for other in found)}
        for name, found in own.items()
    }
    return first_cycle(graph)


@pytest.mark.parametrize("path", python_files("engine"), ids=module_name)
def test_engine_imports_numpy_and_the_standard_library_only(path: Path) -> None:
    packages = {top(name) for name in imported_names(path)}
    assert packages <= sys.stdlib_module_names | {"numpy", "engine"} | OF_EXTRAS.get(path.name, set())
    assert not packages & CLOCKS_AND_IO, "the engine has no clock, no file and no socket"


def test_engine_imports_where_nothing_else_is_installed() -> None:
    script = f"""
import sys
import numpy

class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {OF_THE_APP!r}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Nothing())
sys.modules["llvmlite"] = None
before = set(sys.modules)
import engine
engine.run(engine.RunSpec.from_dict({{"steps": 10}}))
engine.run(engine.RunSpec.from_dict({{"steps": 10, "optimizer": {{"name": "adam"}}}}))
loaded = {{name.partition(".")[0] for name in set(sys.modules) - before}}
print(*sorted(loaded & {CLOCKS_AND_IO - {"os", "pathlib", "random", "secrets", "time"}!r}))
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "", "the engine loaded what belongs to the app"


def test_nothing_imports_what_is_above_it() -> None:
    for path in python_files("engine", "app"):
        above = {"tests"} | ({"app"} if path.is_relative_to(ROOT / "engine") else set())
        assert not {top(name) for name in imported_names(path)} & above, path


@pytest.mark.parametrize("folder", ["engine", "app"])
def test_modules_import_each_other_without_cycles(folder: str) -> None:
    assert cycle_of_modules(folder) == []


def test_app_imports_what_the_project_declares() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {re.split(r"[^\w-]", line)[0].replace("-", "_") for line in project["dependencies"]}
    allowed = sys.stdlib_module_names | declared | {"app", "engine"}
    allowed |= {"anyio", "markupsafe", "pydantic", "starlette"}  # FastAPI and Jinja are made of them
    for path in python_files("app"):
        of_extras = OF_EXTRAS.get(path.relative_to(ROOT / "app").parts[0], set())
        assert {top(name) for name in imported_names(path)} <= allowed | of_extras, path


def test_websockets_are_handled_in_one_place() -> None:
    users = {
        path.relative_to(ROOT).as_posix()
        for path in python_files("app")
        if any(name.endswith((".WebSocket", ".websockets")) for name in imported_names(path))
    }
    assert users <= {"app/live/socket.py"}


def test_scripts_import_each_other_without_cycles() -> None:
    graph = {str(path): {str(found) for found in imported_scripts(path)} for path in script_files()}
    assert first_cycle(graph) == []
    assert sorted({found for names in graph.values() for found in names if not Path(found).is_file()}) == []


def test_pure_scripts_import_pure_scripts_only() -> None:
    for path in script_files():
        if path.name in PURE_SCRIPTS:
            assert {found.name for found in imported_scripts(path)} <= PURE_SCRIPTS, path
            assert not re.search(r"\b(document|window|fetch|WebSocket)\b", without_comments(path)), path


def test_plots_know_nothing_of_the_shell() -> None:
    plots = ROOT / "static" / "js" / "plots"
    for path in script_files():
        if path.parent == plots:
            others = {found.name for found in imported_scripts(path) if found.parent != plots}
            assert others <= PURE_SCRIPTS, path


def test_only_plots_use_plotly_and_only_fast_its_private_parts() -> None:
    plots = ROOT / "static" / "js" / "plots"
    for path in script_files():
        text = without_comments(path)
        if path.parent != plots:
            assert "Plotly" not in text, path
        elif path.name != "fast.js":
            assert not re.search(PRIVATE_TO_PLOTLY, text), path
