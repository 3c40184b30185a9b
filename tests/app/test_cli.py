"""The command line: starting, stopping, and saying in one line what is wrong."""

import json
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.servers import BEANBOWL, Server


def beanbowl(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself."""
    done = {"PATH": "/usr/bin:/bin", **environment}
    return subprocess.run([BEANBOWL, *arguments], capture_output=True, text=True, timeout=60, check=False, env=done)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["serve", "--port", "eighty"], "expected a whole number from 0 to 65535"),
        (["serve", "--port", "99999"], "expected a whole number from 0 to 65535"),
        (["serve", "--prot", "80"], "--prot"),
        (["--frames-per-second", "0", "serve"], "expected a number from 1 to 240"),
        (["dance"], "dance"),
    ],
)
def test_bad_input_is_one_line_and_code_2(arguments: list[str], said: str) -> None:
    done = beanbowl(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert re.fullmatch(r"beanbowl[^\n]*\n", done.stderr)
    assert said in done.stderr


def test_a_bad_variable_is_one_line_and_code_2() -> None:
    done = beanbowl("serve", BEANBOWL_PORT="x")
    assert done.returncode == 2
    assert done.stderr == 'beanbowl: BEANBOWL_PORT: expected a whole number from 0 to 65535, got "x"\n'


def test_a_port_that_is_taken_is_said_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = beanbowl("serve", "--no-open", "--port", str(port))
    assert done.returncode == 1
    assert done.stderr == f"beanbowl: port {port} of 127.0.0.1 is taken already; choose another with --port\n"


def test_an_address_that_is_not_ours_is_said_in_one_line() -> None:
    done = beanbowl("serve", "--no-open", "--port", "0", "--host", "203.0.113.7")
    assert done.returncode == 1
    assert re.fullmatch(r"beanbowl: cannot listen on port 0 of 203\.0\.113\.7: [^\n]+\n", done.stderr)


@pytest.mark.parametrize("arguments", [["--help"], ["serve", "--help"]])
def test_help_lists_every_flag(arguments: list[str]) -> None:
    done = beanbowl(*arguments)
    assert done.returncode == 0
    for flag in ("--host", "--port", "--no-open", "--max-steps", "BEANBOWL_ACK_TIMEOUT"):
        assert flag in done.stdout


def test_version() -> None:
    assert re.fullmatch(r"beanbowl \d+\.\d+\S*\n", beanbowl("--version").stdout)


@pytest.fixture
def free_running() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [BEANBOWL, "--no-open", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_without_a_command_it_serves_and_names_the_real_address(free_running: subprocess.Popen[str]) -> None:
    assert free_running.stdout is not None
    line = free_running.stdout.readline()
    found = re.fullmatch(r"Bean Bowl is at (http://127\.0\.0\.1:(\d+)/) \(Ctrl-C stops it\)\n", line)
    assert found, line
    assert found[2] != "0"
    with connect(f"ws://127.0.0.1:{found[2]}/api/live") as live:
        live.send('{"type": "start"}')
        assert json.loads(live.recv())["type"] == "ready"


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("doing", ["nothing", "playing", "computing"])
def test_it_stops_cleanly_whatever_it_is_doing(start_server: Callable[..., Server], sign: int, doing: str) -> None:
    server = start_server()
    assert server.process is not None
    with connect(server.live_url) as live:
        if doing != "nothing":
            spec = {"steps": 1_000_000, "optimizer": {"name": "adam"}}
            live.send(json.dumps({"type": "start", "spec": spec}))
            live.send('{"type": "play"}' if doing == "playing" else '{"type": "seek", "step": 1000000}')
            live.recv()
        time.sleep(0.3)
        began = time.monotonic()
        server.process.send_signal(sign)
        with suppress(ConnectionClosed):
            while True:
                live.recv(timeout=10)
        assert live.close_code in {1001, 1012}
    code = server.process.wait(10)
    assert time.monotonic() - began < 6
    assert code == (0 if sign == signal.SIGINT else -signal.SIGTERM)
    log = Path(server.log).read_text()
    assert log.splitlines() == [f"Bean Bowl is at {server.url}/ (Ctrl-C stops it)"]
    server.process = None


def test_it_stops_while_a_long_run_is_computed(start_server: Callable[..., Server]) -> None:
    server = start_server()
    assert server.process is not None
    body = json.dumps({"steps": 1_000_000, "optimizer": {"name": "adam"}}).encode()
    with socket.create_connection(("127.0.0.1", server.port)) as asking:
        asking.sendall(
            b"POST /api/runs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        time.sleep(0.5)
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(15) == 0
    assert "Traceback" not in server.log_text()
    server.process = None


def test_told_to_stop_again_and_again_it_ends_without_complaints(start_server: Callable[..., Server]) -> None:
    server = start_server()
    assert server.process is not None
    while server.process.poll() is None:
        server.process.send_signal(signal.SIGINT)
        time.sleep(0.005)
    assert server.process.returncode in {0, -signal.SIGINT}
    assert server.log_text().splitlines() == [f"Bean Bowl is at {server.url}/ (Ctrl-C stops it)"]
    server.process = None
