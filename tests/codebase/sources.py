"""The repository's own source files, and what they import."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def python_files(*folders: str) -> list[Path]:
    """All Python files under these folders."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def module_name(path: Path) -> str:
    """The dotted name of a Python file: engine/optimizers/__init__.py is engine.optimizers."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported_names(path: Path) -> set[str]:
    """The dotted names that a Python file imports anywhere; `from a import b` gives a and a.b."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def script_files() -> list[Path]:
    """All JavaScript files of the page."""
    return sorted((ROOT / "static" / "js").rglob("*.js"))


def without_comments(path: Path) -> str:
    """The text of a JavaScript, CSS or HTML file without its comments."""
    text = re.sub(r"/\*.*?\*/|<!--.*?-->|\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
    return re.sub(r"(?m)(^|\s)//.*$", "", text) if path.suffix == ".js" else text


def imported_scripts(path: Path) -> set[Path]:
    """The files that a JavaScript module imports."""
    text = without_comments(path)
    found = re.findall(r"""(?m)^(?:import|export)\b[^;"'`]*?\bfrom\s*["']([^"']+)["']""", text)
    found += re.findall(r"""(?m)(?:^import\s*|\bimport\()["']([^"']+)["']""", text)
    return {(path.parent / name).resolve() for name in found}


def first_cycle(graph: dict[str, set[str]]) -> list[str]:
    """A cycle of a directed graph, or an empty list."""
    done: set[str] = set()

    def visit(node: str, path: list[str]) -> list[str]:
        if node in path:
            return [*path[path.index(node) :], node]
        if node in done:
            return []
        for follower in sorted(graph.get(node, set())):
            if cycle := visit(follower, [*path, node]):
                return cycle
        done.add(node)
        return []

    return next((cycle for node in sorted(graph) if (cycle := visit(node, []))), [])
