"""`beanbowl export` on the command line."""

import csv
import json
import os
import pty
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import engine
from app import exports
from app.cli import main
from app.exports import FORMATS, Options
from engine import RunSpec
from tests.servers import BEANBOWL

SPEC = {"steps": 30, "optimizer": {"name": "momentum", "learning_rate": 0.05}}
SMALL = ["--width", "480", "--height", "300"]


def beanbowl(folder: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[bytes]:
    """`beanbowl export …` in a folder."""
    command = [str(BEANBOWL), "export", *arguments]
    return subprocess.run(command, input=stdin.encode(), capture_output=True, cwd=folder, timeout=60, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a run in it."""
    (tmp_path / "run.json").write_text(json.dumps(SPEC))
    return tmp_path


@pytest.fixture
def complaint(folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Give `complaint("gif", …)`: what the command says when it ends with code 2, here in this very process."""

    def call(*arguments: str) -> str:
        monkeypatch.chdir(folder)
        try:
            code = main(["export", *arguments])
        except SystemExit as error:
            code = int(str(error.code))
        said, err = capfd.readouterr()
        assert (code, said) == (2, "")
        return err

    return call


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_is_the_same_as_in_python(folder: Path, name: str) -> None:
    small = FORMATS[name].needs != ()
    done = beanbowl(folder, name, "run.json", "-o", f"out.{name}", *(SMALL if small else []))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    options = FORMATS[name].read({"width": 480, "height": 300} if small else {})
    assert (folder / f"out.{name}").read_bytes() == exports.export(RunSpec.from_dict(SPEC), name, options)


def test_it_goes_through_pipes(folder: Path) -> None:
    done = beanbowl(folder, "csv", "-", "-o", "-", "--every", "10", stdin=json.dumps(SPEC))
    rows = list(csv.DictReader(done.stdout.decode().splitlines()))
    assert [row["step"] for row in rows] == ["0", "10", "20", "30"]
    assert float(rows[-1]["loss"]) == engine.run(RunSpec.from_dict(SPEC)).final["loss"]


def test_flags_make_the_run_and_the_file_has_a_name(folder: Path) -> None:
    arguments = ["--steps", "30", "--optimizer", "momentum", "--learning-rate", "0.05", "--lang", "zh"]
    done = beanbowl(folder, "py", *arguments)
    name = "bean-bowl-offset-beans-momentum.py"
    assert (done.returncode, done.stdout, done.stderr.decode()) == (0, b"", f"{name}\n")
    made = (folder / name).read_bytes()
    assert made == exports.export(RunSpec.from_dict(SPEC), "py", Options(lang="zh"))


def test_a_folder_that_is_not_there_is_named(folder: Path) -> None:
    done = beanbowl(folder, "py", "-o", "nowhere/run.py")
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", b"beanbowl export: nowhere: no such folder\n")


def test_a_folder_in_place_of_a_file_is_named(folder: Path, complaint: Callable[..., str]) -> None:
    (folder / "runs").mkdir()
    assert complaint("py", "-o", "runs") == "beanbowl export: runs: this is a folder, and no file\n"
    assert not list((folder / "runs").iterdir())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["bmp"], "invalid choice: 'bmp'"),
        (["gif", "--frames", "1"], "--frames: expected 2 to 1000, got 1"),
        (["gif", "--theme", "pink"], '"pink"; expected one of light, dark, projector'),
        (["csv", "--width", "600"], "width: unknown key; expected one of every"),
        (["png", "--max-bytes", "10000", "--width", "1900"], "max_bytes: no file as small as 10000 bytes can be made"),
        (["py", "--learning-rate", "-1"], "optimizer.learning_rate: expected"),
        (["py", "nowhere.json"], "nowhere.json: no such file"),
        (["py", "broken.json"], "not valid JSON"),
        (["gif", "-o", "x.mp4"], "--output: .mp4 is the ending of another form; expected .gif"),
        (["csv", "-o", "x.JSON"], "--output: .json is the ending of another form; expected .csv"),
    ],
)
def test_bad_input_is_one_line_and_code_2(
    folder: Path, complaint: Callable[..., str], arguments: list[str], said: str
) -> None:
    (folder / "broken.json").write_text("{")
    before = set(folder.iterdir())
    complained = complaint("-o", "out", *arguments)
    assert said in complained
    assert complained.count("\n") == 1
    assert set(folder.iterdir()) == before


def test_an_ending_that_means_nothing_here_is_taken(folder: Path) -> None:
    assert beanbowl(folder, "py", "-o", "run.txt").returncode == 0
    assert (folder / "run.txt").read_bytes().startswith(b'"""')


def test_progress_is_shown_to_people_alone(folder: Path) -> None:
    ours, theirs = pty.openpty()
    command = [str(BEANBOWL), "export", "gif", "run.json", "-o", "-", "--frames", "12", *SMALL]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    assert process.communicate()[0].startswith(b"GIF89a")
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "12 frames" in shown
    assert shown.endswith("\x1b[K")
