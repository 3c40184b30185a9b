"""The wheel: built, installed in an environment of its own outside the checkout, and served from there."""

import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import Request, urlopen

import pytest

from tests.codebase.sources import ROOT
from tests.servers import Server

LEFTOVERS = {"__pycache__", ".mypy_cache", ".ruff_cache"}  # of tools
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT))
    [built] = folder.glob("*.whl")
    return built


def run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def tree(folder: str, prefix: str) -> set[str]:
    """The files of a folder of the checkout, as they are named in the wheel."""
    files = (path.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("*") if path.is_file())
    return {f"{prefix}/{path.as_posix()}" for path in files if not LEFTOVERS & set(path.parts)}


def test_wheel_carries_the_packages_and_the_page(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    wanted = tree("engine", "engine") | tree("app", "app")
    wanted |= tree("static", "app/static") | tree("templates", "app/templates")
    assert names == wanted
    assert {"engine/py.typed", "app/py.typed", "app/templates/lab.html"} <= names


@pytest.mark.slow
def test_installed_wheel_serves_the_lab(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "environment"
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", str(wheel))

    server = Server(tmp_path / "server.log", command=home / "bin" / "beanbowl")
    server.start()
    try:
        page = fetch(server.url, "/").decode()
        assets = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
        assert any(re.fullmatch(r"/static/\w+/js/main\.js", path) for path in assets), page
        for path in assets:
            assert fetch(server.url, path), path
        [plotly] = set(re.findall(r"/static/plotly-\w+\.min\.js", page))
        assert fetch(server.url, plotly, encoding="gzip")[:2] == b"\x1f\x8b", "Plotly comes compressed"
        server.stop()
    finally:
        server.kill()


def fetch(url: str, path: str, *, encoding: str = "identity") -> bytes:
    with urlopen(Request(urljoin(url, path), headers={"Accept-Encoding": encoding})) as answer:
        body: bytes = answer.read()
        return body
