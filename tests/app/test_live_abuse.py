"""The live stream and those who mean it no good: each gets an error or a clean close code, and the server goes on."""

import json
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from app.live.socket import MOST_GARBAGE
from tests.app.viewer import Viewer
from tests.servers import Server

Watch = Callable[..., Viewer]
QUICK = {"steps": 1_000_000, "batch": {"size": "all"}}


def healthy(server: Server) -> None:
    """The server answers, and a viewer can watch."""
    assert httpx2.get(f"{server.url}/healthz").json()["status"] == "ok"
    with Viewer(server.live_url) as viewer:
        viewer.start({"steps": 5})
        assert viewer.play_to_end()["status"] == "finished"


def threads_and_files(server: Server) -> tuple[int, int]:
    """How many threads and open files the server's process has."""
    process = Path(f"/proc/{server.pid}")
    return len(list((process / "task").iterdir())), len(list((process / "fd").iterdir()))


def test_bad_messages_are_named_and_the_connection_lives_on(watch: Watch) -> None:
    viewer = watch()
    viewer.start({"steps": 100})
    for text, path in (
        ("nonsense", ""),
        ("[]", ""),
        ("{}", "type"),
        ('{"type": "jump"}', "type"),
        ('{"type": "seek", "step": -1}', "step"),
        ('{"type": "seek", "step": NaN}', ""),
        ('{"type": "step", "count": "1"}', "count"),
        ('{"type": "speed", "steps_per_second": 0}', "steps_per_second"),
        ('{"type": "change", "optimizer": {"rate": 1}}', "optimizer.rate"),
        ('{"type": "change", "optimizer": {"learning_rate": -1}}', "optimizer.learning_rate"),
        ('{"type": "change", "optimizer": {"name": "adam"}}', "optimizer.name"),
        ('{"type": "start", "spec": {"steps": -1}}', "steps"),
        ('{"type": "start", "spec": {"steps": 100000000}}', "steps"),
        ('{"type": "start", "spec": {"dataset": {"count": 1000000000}}}', "dataset.count"),
        ('{"type": "play", "loud": true}', "loud"),
    ):
        viewer.send_raw(text)
        said = viewer.receive()
        assert (said["type"], said["status"]) == ("error", 413 if "100000000" in text else 422), text
        assert said["errors"][0]["path"] == path, text
        assert said["errors"][0]["message"]
    assert viewer.ask("step")["step"] == 1


def test_binary_messages_are_refused_in_words(watch: Watch) -> None:
    viewer = watch()
    viewer.send_raw(b"\x00\x01")
    assert viewer.receive()["errors"][0]["message"] == "expected a text message, got a binary one"
    assert viewer.start({"steps": 5})["status"] == "paused"


@pytest.mark.parametrize("name", ["play", "pause", "step", "seek", "speed", "change"])
def test_nothing_can_be_commanded_before_a_start(watch: Watch, name: str) -> None:
    members: dict[str, dict[str, Any]] = {
        "seek": {"step": 5},
        "speed": {"steps_per_second": 5},
        "change": {"optimizer": {}},
    }
    viewer = watch()
    said = viewer.ask(name, **members.get(name, {}))
    assert (said["type"], said["errors"][0]["path"]) == ("error", "type")


def test_a_failed_start_leaves_the_run_as_it_is(watch: Watch) -> None:
    viewer = watch()
    viewer.start({"steps": 100}, at=40)
    assert viewer.start({"steps": "many"})["type"] == "error"
    assert viewer.ask("step")["step"] == 41


def test_nothing_but_garbage_ends_with_1008(watch: Watch) -> None:
    viewer = watch()
    for _ in range(MOST_GARBAGE):
        viewer.send_raw("garbage")
    assert viewer.close_code() == 1008


def test_a_message_that_is_too_long_ends_with_1009(start_server: Callable[..., Server]) -> None:
    server = start_server(max_message_bytes=10_000)
    with Viewer(server.live_url) as viewer:
        viewer.start({"steps": 5})
        viewer.send_raw(json.dumps({"type": "start", "spec": {"dataset": {"name": "x" * 10_000}}}))
        assert viewer.close_code() == 1009
    healthy(server)


def test_who_never_acks_gets_four_frames_and_then_1008(start_server: Callable[..., Server]) -> None:
    server = start_server(ack_timeout=0.5)
    with Viewer(server.live_url, acks=False) as viewer:
        viewer.start(QUICK)
        viewer.send("play")
        began = time.monotonic()
        assert viewer.close_code() == 1008
        assert 0.4 <= time.monotonic() - began <= 5
    with Viewer(server.live_url, acks=False) as viewer:
        viewer.start(QUICK)
        viewer.ask("play")
        for _ in range(3):
            viewer.receive()
        with pytest.raises(TimeoutError):
            viewer.receive(timeout=0.3)
        # An ack sets it going again.
        viewer.send("ack", step=viewer.seen[-1])
        assert viewer.receive()["type"] == "frame"
    healthy(server)


def test_who_pauses_may_be_silent(start_server: Callable[..., Server]) -> None:
    server = start_server(ack_timeout=0.2)
    with Viewer(server.live_url, acks=False) as viewer:
        viewer.start(QUICK)
        viewer.ask("play")
        viewer.ask("pause")
        time.sleep(0.6)
        assert viewer.ask("step")["status"] == "paused"


def test_who_does_not_read_is_left(start_server: Callable[..., Server]) -> None:
    server = start_server(ack_timeout=0.5)
    before = threads_and_files(server)
    with socket.create_connection(("127.0.0.1", server.port)) as silent:
        silent.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        silent.sendall(
            f"GET /api/live?format=json HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        for message in (
            {"type": "start", "spec": QUICK},
            {"type": "speed", "steps_per_second": 30_000},
            {"type": "play"},
        ):
            silent.sendall(masked(json.dumps(message).encode()))
        time.sleep(2)
        healthy(server)
    time.sleep(0.5)
    assert threads_and_files(server)[1] <= before[1] + 2


def masked(payload: bytes) -> bytes:
    """A text frame of a client, with a mask of zeros."""
    assert len(payload) < 126
    return bytes([0x81, 0x80 | len(payload), 0, 0, 0, 0]) + payload


def test_a_flood_of_commands_is_borne(live_server: Server, watch: Watch) -> None:
    viewer, other = watch(), watch()
    viewer.start({"steps": 10_000})
    other.start({"steps": 1000})
    for number in range(150):
        viewer.send("seek", step=number)
        viewer.send("change", optimizer={"learning_rate": 0.1 + number / 10_000})
    began = time.monotonic()
    other.ask("step")
    assert time.monotonic() - began < 2
    viewer.send("seek", step=7777)
    viewer.until(lambda said: said["type"] == "state" and said["step"] == 7777)
    assert httpx2.get(f"{live_server.url}/healthz").status_code == 200


def test_pages_of_other_sites_are_refused(start_server: Callable[..., Server]) -> None:
    server = start_server(allowed_origins="https://lab.example.org")
    for origin in (
        "https://evil.test",
        "null",
        f"http://127.0.0.1:{server.port + 1}",
        "http://127.0.0.1",
        "http://[",
        "http://lab.example.org",
    ):
        with pytest.raises(InvalidStatus) as caught, connect(server.live_url, additional_headers={"Origin": origin}):
            pass
        response = caught.value.response
        assert response.status_code == 403, origin
        assert response.headers["content-type"] == "application/problem+json"
        assert json.loads(response.body)["status"] == 403
    for origin in (server.url, "https://lab.example.org"):
        with connect(server.live_url, additional_headers={"Origin": origin}) as live:
            live.send('{"type": "start", "spec": {"steps": 1}}')
            assert json.loads(live.recv())["type"] == "ready"
    assert "ERROR" not in server.log_text(), "a refusal is no error of the server"


@pytest.mark.parametrize("query", ["format=xml", "format=", "fmt=json", "lang=fr", "format=json&format=json"])
def test_a_bad_query_is_refused(live_server: Server, query: str) -> None:
    with pytest.raises(InvalidStatus) as caught, connect(f"{live_server.live_url}?{query}"):
        pass
    assert caught.value.response.status_code == 422
    assert json.loads(caught.value.response.body)["errors"][0]["path"] == query.partition("=")[0]


def test_there_are_only_so_many_sessions(start_server: Callable[..., Server]) -> None:
    server = start_server(max_sessions=2)
    with Viewer(server.live_url) as one, Viewer(server.live_url) as two:
        one.start({"steps": 5})
        two.start({"steps": 5})
        with pytest.raises(InvalidStatus) as caught, connect(server.live_url):
            pass
        assert caught.value.response.status_code == 503
        assert caught.value.response.headers["retry-after"] == "1"
    time.sleep(0.3)
    healthy(server)


@pytest.mark.parametrize("graceful", [True, False], ids=["closed", "cut"])
def test_whenever_a_viewer_leaves_nothing_is_left_behind(start_server: Callable[..., Server], graceful: bool) -> None:
    server = start_server()
    with Viewer(server.live_url) as viewer:  # the threads are there from now on
        viewer.start({"steps": 10})
    messages = [
        {"type": "start", "spec": {"steps": 1_000_000, "optimizer": {"name": "adam"}}},
        {"type": "play"},
        {"type": "speed", "steps_per_second": 30_000},
        {"type": "seek", "step": 900_000},
    ]
    for count in range(len(messages) + 1):
        for delay in (0.0, 0.05):
            with connect(server.live_url, compression=None) as live:
                for message in messages[:count]:
                    live.send(json.dumps(message))
                time.sleep(delay)
                if not graceful:
                    live.socket.shutdown(socket.SHUT_RDWR)
    time.sleep(0.5)
    busy = cpu_seconds(server)
    time.sleep(0.5)
    assert cpu_seconds(server) - busy < 0.2, "somebody is still computing"
    healthy(server)


def cpu_seconds(server: Server) -> float:
    """Processor time of the server so far."""
    fields = Path(f"/proc/{server.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def test_memory_stays_bounded_under_a_viewer_who_starts_again_and_again(start_server: Callable[..., Server]) -> None:
    server = start_server()
    points = {"name": "points", "x": [0.001 * i for i in range(20_000)], "y": [0.5] * 20_000}
    with Viewer(server.live_url) as viewer:
        sizes = []
        for _ in range(12):
            viewer.start({"dataset": points, "steps": 10_000, "batch": {"size": "all"}})
            viewer.ask("step", count=100)
            sizes.append(resident(server))
    assert sizes[-1] < sizes[3] + 40_000_000, sizes


def resident(server: Server) -> int:
    """Bytes of memory that the server holds."""
    return int(Path(f"/proc/{server.pid}/statm").read_text().split()[1]) * 4096
