"""The documents say what is so: targets exist, examples run, settings and dependencies are all there."""

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from app.settings import SETTINGS
from tests.codebase.sources import ROOT
from tests.servers import Server

DEFAULT_URL = "127.0.0.1:8000"
DOCUMENTS = ("README.md", "CONTRIBUTING.md")


def blocks(document: str, language: str) -> list[str]:
    """The code blocks of a language in a document."""
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / document).read_text(), flags=re.DOTALL)


def commands(document: str) -> list[list[str]]:
    """The commands of a document's bash blocks as words; one command may go over several lines."""
    found, pending = [], ""
    for line in "".join(blocks(document, "bash")).splitlines(keepends=True):
        pending += line
        try:
            words = shlex.split(pending, comments=True)
        except ValueError:  # a quotation goes on in the next line
            continue
        found.append(words)
        pending = ""
    return [words for words in found if words]


def on(server: Server, text: str) -> str:
    """The text with the address of the default server replaced by that of the test's."""
    return text.replace(DEFAULT_URL, f"127.0.0.1:{server.port}")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_make_targets_exist(document: str) -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    used = {word for words in commands(document) if words[0] == "make" for word in words[1:] if "=" not in word}
    assert used, "the document names no make target"
    assert used <= targets


def test_commands_of_the_readme_are_known() -> None:
    assert {words[0] for words in commands("README.md")} <= {"make", "pip", "beanbowl", "curl"}


@pytest.mark.parametrize(
    "words", [words for words in commands("README.md") if words[0] == "curl"], ids=lambda words: words[2]
)
def test_rest_examples_run(live_server: Server, words: list[str]) -> None:
    headers: dict[str, str] = {}
    body = None
    rest = iter(words[1:])
    for word in rest:
        if word == "-H":
            name, _, value = next(rest).partition(":")
            headers[name.strip()] = value.strip()
        elif word == "-d":
            body = next(rest).encode()
        else:
            assert word in {"-s", "-sS"} or "://" in word or word.startswith(DEFAULT_URL), word
    [url] = [on(live_server, word) for word in words if DEFAULT_URL in word]
    with urlopen(Request(url if "://" in url else f"http://{url}", data=body, headers=headers)) as answer:
        assert answer.status in {200, 202}
        assert answer.read()


@pytest.mark.parametrize("code", blocks("README.md", "python"), ids=lambda code: code.splitlines()[0])
def test_python_examples_run(live_server: Server, code: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", on(live_server, code)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip(), "an example shows something"


def test_settings_are_documented() -> None:
    rows = [f"| `{each.variable}` | `{each.shown}` | {each.help} |" for each in SETTINGS]
    text = (ROOT / "README.md").read_text()
    documented = re.findall(r"^\| `BEANBOWL_.*$", text, flags=re.MULTILINE)
    assert documented == rows, "the table should be:\n" + "\n".join(rows)


def test_links_inside_the_repository_lead_somewhere() -> None:
    for document in (*DOCUMENTS, "CHANGELOG.md"):
        shown = re.sub(r"<!--.*?-->", "", (ROOT / document).read_text(), flags=re.DOTALL)
        links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", shown)
        assert [link for link in links if not (ROOT / link).exists()] == [], document


def test_changelog_has_room_for_the_next_change() -> None:
    text = (ROOT / "CHANGELOG.md").read_text()
    assert re.search(r"^## Unreleased$", text, flags=re.MULTILINE)


def test_every_dependency_is_accounted_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = project["dependencies"] + [line for extra in project["optional-dependencies"].values() for line in extra]
    lines = [line for line in lines if not line.startswith("beanbowl[")]  # an extra that takes in another
    names = {re.split(r"[^\w-]", line)[0] for line in lines}
    table = "\n".join(line for line in (ROOT / "CONTRIBUTING.md").read_text().splitlines() if line.startswith("|"))
    assert {name for name in names if f"`{name}`" not in table} == set()
    assert all("<" in line for line in lines), "every range has an upper bound"
