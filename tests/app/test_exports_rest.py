"""Exports over REST: files, progress, limits, and what becomes of one that nobody waits for."""

import base64
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

import engine
from app import exports
from app.exports import FORMATS, Options
from app.main import create_app
from app.settings import Settings
from engine import RunSpec
from tests.processes import children_of, is_alive
from tests.servers import Server

SHORT: dict[str, Any] = {"steps": 40}
LONG: dict[str, Any] = {"steps": 300_000, "optimizer": {"name": "adam"}, "batch": {"size": 7, "order": "shuffled"}}


def workers_of(server: Server) -> list[int]:
    """The processes that a server has make files."""
    return [child for child, command in children_of(server.pid) if "app.exports.worker" in command]


def eventually(condition: Callable[[], bool], seconds: float = 20) -> bool:
    """Whether something becomes true before long."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def events(answer: httpx2.Response) -> list[tuple[str, str]]:
    """The server-sent events of an answer: their names and data."""
    blocks = [block.split("\n") for block in answer.text.split("\n\n") if block]
    return [(name.removeprefix("event: "), data.removeprefix("data: ")) for name, data in blocks]


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_is_the_same_as_in_python(rest: httpx2.Client, name: str) -> None:
    query = {"frames": 4, "width": 480, "height": 300} if "frames" in {o.name for o in FORMATS[name].options} else {}
    answer = rest.post(f"/api/exports/{name}", json=SHORT, params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == FORMATS[name].media_type
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="bean-bowl-offset-beans-gradient-descent.{name}"'
    )
    wanted = exports.export(RunSpec.from_dict(SHORT), name, FORMATS[name].read(query))
    assert answer.content == wanted


@pytest.mark.parametrize(("name", "got"), [("", '""'), ("x" * 61, "xxx"), ("a\nb", "a")])
def test_a_name_of_a_column_is_a_line(rest: httpx2.Client, name: str, got: str) -> None:
    answer = rest.post("/api/exports/py", json=SHORT, params={"x_name": name})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "x_name"
    assert "expected a line of 1 to 60 characters, got" in answer.json()["errors"][0]["message"]
    assert got in answer.json()["errors"][0]["message"]


def test_names_of_columns_are_no_formulas(rest: httpx2.Client) -> None:
    points = {"dataset": {"name": "points", "x": [1, 2], "y": [3, 5]}, "steps": 9}
    query = {"x_name": "price $", "y_name": r"$\frac{$", "width": "480", "height": "300"}
    assert rest.post("/api/exports/png", json=points, params=query).status_code == 200


def test_the_file_speaks_the_language_of_the_request(rest: httpx2.Client) -> None:
    chinese = exports.export(RunSpec.from_dict(SHORT), "py", Options(lang="zh"))
    assert rest.post("/api/exports/py?lang=zh", json=SHORT).content == chinese
    assert rest.post("/api/exports/py", json=SHORT, headers={"accept-language": "zh-CN"}).content == chinese
    assert rest.post("/api/exports/py", json=SHORT).content != chinese


def test_progress_is_told_and_then_comes_the_file(rest: httpx2.Client) -> None:
    query = {"frames": 30, "width": 480, "height": 300}
    answer = rest.post("/api/exports/gif", json=SHORT, params=query, headers={"accept": "text/event-stream"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = events(answer)
    progress = [json.loads(data) for name, data in told if name == "progress"]
    assert {"done", "total"} == set(progress[-1])
    assert 0 < progress[-1]["done"] < progress[-1]["total"] <= 30
    file = b"".join(base64.b64decode(data) for name, data in told if name == "piece")
    assert file == exports.export(RunSpec.from_dict(SHORT), "gif", FORMATS["gif"].read(query))
    assert told[-1][0] == "end"
    assert json.loads(told[-1][1])["type"] == "image/gif"


def test_a_long_table_comes_in_pieces(rest: httpx2.Client) -> None:
    content = {"steps": 20_000}
    with rest.stream("POST", "/api/exports/csv?every=2", json=content) as answer:
        lines = list(answer.iter_lines())
    result = engine.run(RunSpec.from_dict(content))
    assert len(lines) == 1 + 10_001
    assert float(lines[-1].split(",")[-1]) == result.final["loss"]


@pytest.mark.parametrize(
    ("path", "content", "status", "paths"),
    [
        ("gif?frames=1&width=9&speed=2", SHORT, 422, {"frames", "width", "speed"}),
        ("csv?width=600", SHORT, 422, {"width"}),
        ("gif?theme=pink", SHORT, 422, {"theme"}),
        ("png?at=41", SHORT, 422, {"at"}),
        ("png?max_bytes=10000", SHORT | {"optimizer": {"learning_rate": 0}}, 422, {"optimizer.learning_rate"}),
        ("gif?max_bytes=10000&width=1920&height=1080", SHORT, 422, {"max_bytes"}),
        ("png", {"steps": 10**9}, 413, {"steps"}),
        ("bmp", SHORT, 404, {""}),
    ],
)
def test_bad_input_is_named(rest: httpx2.Client, path: str, content: Any, status: int, paths: set[str]) -> None:
    answer = rest.post(f"/api/exports/{path}", json=content)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert {error["path"] for error in answer.json()["errors"]} == paths


def test_what_goes_wrong_on_the_way_is_told_as_an_event(rest: httpx2.Client) -> None:
    query = "max_bytes=10000&width=1920&height=1080&frames=4"
    answer = rest.post(f"/api/exports/gif?{query}", json=SHORT, headers={"accept": "text/event-stream"})
    assert answer.status_code == 200
    name, data = events(answer)[-1]
    assert name == "problem"
    assert json.loads(data)["errors"][0]["path"] == "max_bytes"


def test_neither_form_acceptable_is_406(rest: httpx2.Client) -> None:
    assert rest.post("/api/exports/gif", json=SHORT, headers={"accept": "text/plain"}).status_code == 406


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.exports.find_spec", lambda _: None)
    client = TestClient(create_app(Settings(open=False)))
    answer = client.post("/api/exports/mp4", json=SHORT)
    assert answer.status_code == 501
    assert answer.json()["detail"] == "mp4 needs the extra: pip install 'beanbowl[export]'"
    assert client.post("/api/exports/py", json=SHORT).status_code == 200


def test_too_many_at_once_are_told_to_come_back(start_server: Callable[..., Server]) -> None:
    server = start_server(max_exports=1, max_waiting_exports=1)
    with httpx2.Client(base_url=server.url, timeout=60) as client, ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: client.post("/api/exports/png", json=SHORT), range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 503, 503]
    assert all(answer.headers["retry-after"] for answer in answers if answer.status_code == 503)


def test_one_that_takes_too_long_is_stopped(start_server: Callable[..., Server]) -> None:
    server = start_server(export_seconds=0.5)
    answer = httpx2.post(f"{server.url}/api/exports/mp4", json=LONG, timeout=60)
    assert answer.status_code == 413
    assert "0.5 seconds" in answer.json()["detail"]
    assert eventually(lambda: not workers_of(server))


def test_nobody_works_for_one_who_has_left(start_server: Callable[..., Server]) -> None:
    server = start_server()
    with pytest.raises(httpx2.TimeoutException):
        httpx2.post(f"{server.url}/api/exports/mp4", json=LONG, timeout=2)
    assert eventually(lambda: not workers_of(server))
    with (
        httpx2.Client(base_url=server.url, timeout=60) as client,
        client.stream("POST", "/api/exports/csv", json=LONG) as answer,
    ):
        # Held by a name: a generator that nobody holds is closed, and with it the connection.
        pieces = answer.iter_bytes(1000)
        next(pieces)
        assert workers_of(server)
    assert eventually(lambda: not workers_of(server))


def test_a_stopping_server_leaves_no_worker_behind(start_server: Callable[..., Server]) -> None:
    server = start_server()
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(lambda: httpx2.post(f"{server.url}/api/exports/mp4", json=LONG, timeout=60))
        assert eventually(lambda: bool(workers_of(server)))
        [worker] = workers_of(server)
        server.stop()
        assert eventually(lambda: not is_alive(worker))
        with pytest.raises(httpx2.HTTPError):
            asked.result().raise_for_status()
