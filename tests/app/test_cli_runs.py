"""`beanbowl run` and `beanbowl sweep` as a person or a script calls them."""

import csv
import io
import json
import os
import pty
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
from app.cli import main
from tests.app.sweeping import ENDLESS
from tests.servers import BEANBOWL

SPEC = {"steps": 50, "optimizer": {"learning_rate": 0.2}, "batch": {"size": "all"}}
SWEEP = {"base": {"steps": 50}, "vary": {"optimizer.learning_rate": [0.1, 0.2], "batch.size": [1, "all"]}}


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it wrote."""

    code: int
    out: bytes
    err: str


Call = Callable[..., Done]


@pytest.fixture
def beanbowl(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Give `beanbowl("run", "-", given={…})`: the command in this very process, with JSON on its standard input."""

    def call(*arguments: object, given: Any = None) -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(given).encode())))
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as error:
            code = int(str(error.code))
        out, err = capfdbinary.readouterr()
        return Done(code, out, err.decode())

    return call


@pytest.fixture
def good(beanbowl: Call) -> Callable[..., bytes]:
    """The same for commands that succeed: what they wrote."""

    def call(*arguments: object, given: Any = None) -> bytes:
        done = beanbowl(*arguments, given=given)
        assert (done.code, done.err) == (0, ""), "quiet where nobody looks"
        return done.out

    return call


def columns(text: bytes) -> dict[str, list[str]]:
    head, *rows = csv.reader(io.StringIO(text.decode()))
    return dict(zip(head, map(list, zip(*rows, strict=True)), strict=True))


def test_a_run_from_a_pipe_is_the_answer_of_rest(good: Callable[..., bytes]) -> None:
    answer = json.loads(good("run", "-", given=SPEC))
    result = engine.run(engine.RunSpec.from_dict(SPEC))
    assert answer["spec"] == result.spec.to_dict()
    assert answer["final"] == result.final
    assert answer["outcome"]["sentence"] == result.outcome.sentence
    assert answer["trajectory"]["w"] == result.trajectory.column("w").tolist()


def test_flags_say_the_same_as_json(good: Callable[..., bytes]) -> None:
    flags = ["--steps", 50, "--learning-rate", 0.2, "--batch-size", "all"]
    assert good("run", *flags) == good("run", "-", given=SPEC)
    long = [
        "--steps",
        50,
        "--optimizer-learning-rate",
        0.2,
        "--batch-size",
        "all",
        "--start-w",
        0.1,
        "--dataset",
        "offset-beans",
    ]
    assert good("run", *long) == good("run", "-", given=SPEC)


def test_flags_override_the_file(good: Callable[..., bytes], tmp_path: Path) -> None:
    file = tmp_path / "spec.json"
    file.write_text(json.dumps(SPEC))
    answer = json.loads(good("run", file, "--steps", 3))
    assert answer["spec"]["steps"] == 3
    assert answer["spec"]["optimizer"]["learning_rate"] == 0.2


def test_forms_of_a_run(good: Callable[..., bytes], tmp_path: Path) -> None:
    rows = engine.run(engine.RunSpec.from_dict(SPEC)).trajectory
    table = columns(good("run", "-", "--format", "csv", given=SPEC))
    assert list(table) == ["step", "w", "b", "loss"]
    assert [float(text) for text in table["loss"]] == rows.loss.tolist()
    lines = good("run", "-", "--format", "ndjson", given=SPEC).splitlines()
    assert [json.loads(line)["w"] for line in lines] == rows.column("w").tolist()
    pa = pytest.importorskip("pyarrow")
    file = tmp_path / "run.arrow"
    good("run", "-", "-o", file, given=SPEC)
    assert pa.ipc.open_stream(file.read_bytes()).read_all().column("b").to_pylist() == rows.column("b").tolist()


def test_the_name_of_the_file_says_the_form(good: Callable[..., bytes], tmp_path: Path) -> None:
    for name, start in (
        ("run.csv", b"step,w"),
        ("run.json", b'{"spec"'),
        ("run.ndjson", b'{"step"'),
        ("run", b'{"spec"'),
    ):
        good("run", "--steps", 3, "-o", tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(start)
    good("run", "--steps", 3, "--format", "csv", "-o", tmp_path / "run")
    assert (tmp_path / "run").read_bytes().startswith(b"step,w")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run", "run.csv", "run.json", "run.ndjson"]


def test_rows_are_thinned(good: Callable[..., bytes]) -> None:
    assert columns(good("run", "--steps", 10, "--every", 4, "--format", "csv"))["step"] == ["0", "4", "8", "10"]
    assert columns(good("run", "--steps", 10, "--no-trajectory", "--format", "csv"))["step"] == ["0", "10"]


def test_a_sweep_is_a_table(good: Callable[..., bytes], tmp_path: Path) -> None:
    table = columns(good("sweep", "-", "--format", "csv", given=SWEEP | {"goal": {"excess_loss": 0.1}}))
    assert table["optimizer.learning_rate"] == ["0.1", "0.1", "0.2", "0.2"]
    assert table["batch.size"] == ["1", "all", "1", "all"]
    result = engine.run(
        engine.RunSpec.from_dict({"steps": 50, "optimizer": {"learning_rate": 0.2}, "batch": {"size": "all"}})
    )
    np.testing.assert_allclose(
        [float(table[name][3]) for name in ("w", "b", "loss")], list(result.final.values()), rtol=1e-12
    )
    assert int(table["steps_to_goal"][3]) > 0
    file = tmp_path / "sweep.json"
    file.write_text(json.dumps(SWEEP))
    answer = json.loads(good("sweep", file, "--sweep-workers", 1))
    assert answer["status"] == ["finished"] * 4
    assert answer["steps_to_goal"] == [None] * 4


BAD: list[tuple[list[object], Any, str]] = [
    (["run", "--optimizer", "adm"], None, "optimizer.name"),
    (["run", "--steps", "x", "--batch-size", 0], None, "steps"),
    (["run", "--momentum", "0.5"], None, "optimizer.momentum"),
    (["run", "nowhere.json"], None, "nowhere.json"),
    (["run", "-"], [1], "an object"),
    (["run", "--steps", "-1"], None, "steps"),
    (["run", "--every", "0"], None, "--every"),
    (["run", "--format", "xml"], None, "--format"),
    (["run", "--steps", "3", "-o", "/nowhere/run.csv"], None, "nowhere"),
    (
        ["run", "--format", "csv", "-o", "run.json"],
        None,
        "--output: .json is the ending of another form; expected .csv",
    ),
    (["sweep", "-", "--format", "json", "-o", "a.csv"], SWEEP, "--output: .csv is the ending of another form"),
    (["run", "--steps", "3", "-o", "run.txt"], None, '--output: unknown ending: ".txt"; expected one of json, csv'),
    (["sweep", "-"], {"vary": {"optimizer.lr": [1]}}, "vary.optimizer.lr"),
    (["sweep", "-"], {"vary": {}}, "vary"),
    (["sweep"], None, "SPEC.json"),
    (["sweep", "-", "--dask", " "], SWEEP, "--dask"),
    (["run", "--optimizer", "adagrad", "--lr", "0.1"], None, "unrecognized arguments: --lr"),
]


@pytest.mark.parametrize(("arguments", "given", "said"), BAD)
def test_bad_input_is_one_line_and_exit_code_2(beanbowl: Call, arguments: list[object], given: Any, said: str) -> None:
    done = beanbowl(*arguments, given=given)
    assert (done.code, done.out) == (2, b"")
    [line] = done.err.splitlines()
    assert line.startswith("beanbowl")
    assert said in line


def test_what_is_no_file_is_written_to_and_a_link_is_followed(good: Callable[..., bytes], tmp_path: Path) -> None:
    link, file, pipe = (tmp_path / name for name in ("link", "run.csv", "pipe"))
    link.symlink_to(file)
    os.mkfifo(pipe)
    expected = good("run", "--steps", "2", "--format", "csv")
    good("run", "--steps", "2", "--format", "csv", "-o", link)
    assert link.is_symlink()
    assert file.read_bytes() == expected
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        good("run", "--steps", "2", "--format", "csv", "-o", pipe)
        assert reader.communicate(timeout=30)[0] == expected
    assert pipe.is_fifo()


@pytest.mark.parametrize(("to", "named"), [("-", "standard output"), ("out.csv", "out.csv")])
def test_what_cannot_be_written_is_named_as_it_was_given(tmp_path: Path, to: str, named: str) -> None:
    """No byte may be written, as on a full disk."""
    with (tmp_path / "out").open("wb") as out:
        done = subprocess.run(
            [BEANBOWL, "run", "--steps", "3", "--format", "csv", "-o", to],
            stdout=out,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
            check=False,
        )
    assert (done.returncode, done.stderr.decode()) == (2, f"beanbowl run: {named}: file too large\n")
    assert [file.name for file in tmp_path.iterdir()] == ["out"], "nothing half done is left"


def test_a_reader_that_leaves_is_not_a_problem() -> None:
    with subprocess.Popen(
        [BEANBOWL, "run", "--steps", "200000", "--batch-size", "all", "--format", "csv"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"step,w,b,loss\r\n"
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 141


def in_group(group: int) -> list[str]:
    found = subprocess.run(["pgrep", "-g", str(group)], capture_output=True, text=True, check=False)
    return found.stdout.split()


def test_ctrl_c_cancels_a_sweep_and_its_workers(tmp_path: Path) -> None:
    file = tmp_path / "sweep.json"
    file.write_text(json.dumps(ENDLESS))
    process = subprocess.Popen(
        [BEANBOWL, "sweep", file, "-o", tmp_path / "out.csv"], stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        deadline = time.monotonic() + 60
        while len(in_group(process.pid)) < 3:
            assert time.monotonic() < deadline, "no workers"
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: all of the group at once
        _, said = process.communicate(timeout=30)
        assert process.returncode == 130
        assert said.decode() == "beanbowl sweep: cancelled\n"
        assert not (tmp_path / "out.csv").exists()
        while in_group(process.pid):
            assert time.monotonic() < deadline, "workers are left"
            time.sleep(0.05)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal")
def test_a_person_sees_progress(tmp_path: Path) -> None:
    file = tmp_path / "sweep.json"
    file.write_text(json.dumps(SWEEP))
    terminal, end = pty.openpty()
    process = subprocess.Popen([BEANBOWL, "sweep", file, "-o", tmp_path / "out.csv"], stderr=end)
    os.close(end)
    seen = b""
    while True:
        try:
            piece = os.read(terminal, 4096)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    assert process.wait(60) == 0
    assert "of 4 runs" in seen.decode()
    assert seen.endswith(b"\r\x1b[K"), "the line is cleared in the end"
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 5
