"""What every source file keeps to: nothing from other hosts, and a length that one can read."""

import ast
import re
from pathlib import Path

import pytest

from tests.codebase.sources import ROOT, python_files, script_files, without_comments

LONGEST = 360
LONGER: dict[str, str] = {}  # path: why it is one thing all the same

# Names, not addresses: nothing is ever fetched from them.
NAMES = (
    "http://www.w3.org/",
    "http://127.0.0.1",
    "http://localhost",
    "ws://127.0.0.1",
    "https://opensource.org/licenses/",
    "https://lab.example.org",  # kept free by RFC 2606 for examples
)
PAGE = sorted(
    path for folder in ("static", "templates", "app/locales") for path in (ROOT / folder).rglob("*") if path.is_file()
)
TEXTS = [path for path in PAGE if path.suffix in {".js", ".css", ".html", ".json", ".svg"}]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def foreign_addresses(text: str) -> list[str]:
    found = re.findall(r"""(?:https?:|wss?:|["'(=]\s*)//[\w.-]+[^\s"'<>)]*""", text)
    return [address for address in found if not address.startswith(NAMES)]


def strings_of(path: Path) -> str:
    """All strings of a Python file but its docstrings, which nobody visits."""
    tree = ast.parse(path.read_text())
    documents = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in documents)
    return "\n".join(node.value for node in constants if isinstance(node.value, str))


@pytest.mark.parametrize("path", TEXTS, ids=relative)
def test_page_takes_nothing_from_another_host(path: Path) -> None:
    assert foreign_addresses(without_comments(path)) == []


@pytest.mark.parametrize("path", python_files("app", "engine"), ids=relative)
def test_python_names_no_other_host(path: Path) -> None:
    assert foreign_addresses(strings_of(path)) == []


@pytest.mark.parametrize(
    "text",
    ['<script src="https://cdn.test/x.js">', "url(//cdn.test/x)", 'import "//cdn.test/x.js"', "wss://a.test"],
)
def test_a_foreign_address_is_found(text: str) -> None:
    assert foreign_addresses(text)


def test_files_are_short() -> None:
    sources = python_files("engine", "app", "tests") + script_files()
    sources += [path for path in PAGE if path.suffix in {".css", ".html"}]
    lengths = {relative(path): len(path.read_text().splitlines()) for path in sources}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST and path not in LONGER} == {}
    assert all(lengths.get(path, 0) > LONGEST for path in LONGER), "an exception is no longer needed"
