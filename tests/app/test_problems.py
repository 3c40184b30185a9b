"""Bad requests: each a problem with its path, never a 500, and the server goes on."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import httpx2
import pytest

from tests.servers import Server

PROBLEM = "application/problem+json"
JSON = {"Content-Type": "application/json"}
CALLS = ("/api/runs", "/api/surface", "/api/theory")


def check(answer: httpx2.Response, status: int) -> list[str]:
    """The paths of a problem, after a look at everything else in it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    problem = answer.json()
    assert problem["status"] == status
    assert set(problem) <= {"type", "title", "status", "detail", "errors"}
    assert all(set(error) == {"path", "message"} and error["message"] for error in problem["errors"])
    return [error["path"] for error in problem["errors"]]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("spec", "paths"),
    [
        ({"optimiser": {}}, ["optimiser"]),
        ({"model": "cubic"}, ["model"]),
        ({"model": 5}, ["model"]),
        ({"loss": None}, ["loss"]),
        ({"dataset": {"name": "jelly-beans"}}, ["dataset.name"]),
        ({"dataset": {"count": 0}}, ["dataset.count"]),
        ({"dataset": {"count": "many"}}, ["dataset.count"]),
        ({"dataset": []}, ["dataset"]),
        ({"optimizer": {"name": "adm"}}, ["optimizer.name"]),
        ({"optimizer": {"learning_rate": -0.1}}, ["optimizer.learning_rate"]),
        ({"optimizer": {"learning_rate": "0.1"}}, ["optimizer.learning_rate"]),
        ({"optimizer": {"learning_rate": True}}, ["optimizer.learning_rate"]),
        ({"optimizer": {"step": 0.1}}, ["optimizer.step"]),
        ({"optimizer": "adam"}, ["optimizer"]),
        ({"batch": {"size": 0}}, ["batch.size"]),
        ({"batch": {"size": -1}}, ["batch.size"]),
        ({"batch": {"size": 10**9}}, ["batch.size"]),
        ({"batch": {"size": "some"}}, ["batch.size"]),
        ({"batch": {"size": 101}}, ["batch.size"]),
        ({"batch": {"order": "sorted"}}, ["batch.order"]),
        ({"start": {"w": 1e999}}, ["start.w"]),
        ({"start": {"c": 0}}, ["start.c"]),
        ({"start": [0, 0]}, ["start"]),
        ({"steps": -1}, ["steps"]),
        ({"steps": 1.5}, ["steps"]),
        ({"steps": "10"}, ["steps"]),
        ({"steps": None}, ["steps"]),
        ({"seed": -1}, ["seed"]),
        ({"changes": [{"optimizer": {}}]}, ["changes.0.step"]),
        ({"changes": [{"step": 5, "optimizer": {"rate": 1}}]}, ["changes.0.optimizer.rate"]),
        ({"changes": 5}, ["changes"]),
        ({"stop": {"gradient_norm": 0}}, ["stop.gradient_norm"]),
        ({"model": "cubic", "loss": "huge", "steps": -1}, ["model", "loss", "steps"]),
        ({"dataset": {"name": "points", "x": [1, 2], "y": [1]}}, ["dataset.y"]),
        ({"dataset": {"name": "points", "x": [], "y": []}}, ["dataset.x"]),
        ({"dataset": {"name": "points", "x": [[1], [2, 3]], "y": [1, 2]}}, ["dataset.x.1"]),
        ({"dataset": {"name": "points", "x": [1, None], "y": [1, 2]}}, ["dataset.x.1"]),
        ({"dataset": {"name": "points", "x": [1]}}, ["dataset.y"]),
    ],
)
def test_bad_values_are_named(rest: httpx2.Client, call: str, spec: dict[str, Any], paths: list[str]) -> None:
    text = json.dumps(spec).replace("Infinity", "1e999")
    assert check(rest.post(call, content=text, headers=JSON), 422) == paths


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("spec", "path"),
    [
        ({"steps": 10**9}, "steps"),
        ({"steps": 1e300}, "steps"),
        ({"dataset": {"count": 10**9}}, "dataset.count"),
        ({"dataset": {"name": "points", "x": [0] * 100_001, "y": [0] * 100_001}}, "dataset.x"),
    ],
)
def test_too_much_is_too_large_and_says_how_much(
    rest: httpx2.Client, call: str, spec: dict[str, Any], path: str
) -> None:
    answer = rest.post(call, json=spec)
    assert check(answer, 413)[0] == path
    message = answer.json()["errors"][0]["message"]
    assert "at most 1000000 " in message or "at most 100000 " in message
    assert "got 1" in message


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b'{"steps": NaN}',
        b'{"steps": Infinity}',
        b'{"steps": -Infinity}',
        b'{"start": {"w": 1e400}}',
        b'{"steps": 1, "steps": 2}',
        b'{"dataset": {"count": 1, "count": 2}}',
        b'{"steps": 1} {"steps": 2}',
        b'{"steps": 1,}',
        b"{'steps': 1}",
        b"\xff\xfe",
        b'{"model": "\xff"}',
        b'{"model": "\\ud800"}',
        b"[]",
        b"5",
        b"null",
        b'"line"',
        b'{"start":' * 2000 + b"5" + b"}" * 2000,
        b"[" * 100_000,
        b'{"steps": ' + b"9" * 5000 + b"}",
        "\ufeff{}".encode(),
    ],
    ids=lambda body: repr(body[:24]),
)
def test_what_is_no_strict_json_object_is_refused(rest: httpx2.Client, call: str, body: bytes) -> None:
    check(rest.post(call, content=body, headers=JSON), 422)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)
def test_a_body_of_another_type_is_refused(rest: httpx2.Client, headers: dict[str, str]) -> None:
    check(rest.post("/api/runs", content=b"{}", headers=headers), 415)


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"'])
def test_json_may_be_announced_in_any_case(rest: httpx2.Client, content_type: str) -> None:
    answer = rest.post("/api/runs", content=b'{"steps": 1}', headers={"Content-Type": content_type})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("every=0", "every"),
        ("every=-3", "every"),
        ("every=x", "every"),
        ("every=", "every"),
        ("every=1.5", "every"),
        ("every=" + "9" * 30, "every"),
        ("every=²", "every"),
        ("every=2&every=3", "every"),
        ("trajectory=no", "trajectory"),
        ("lang=fr", "lang"),
        ("evry=2", "evry"),
    ],
)
def test_bad_queries_are_named(rest: httpx2.Client, query: str, path: str) -> None:
    assert check(rest.post(f"/api/runs?{query}", json={}), 422) == [path]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("every=99999999999999999999", "expected 1 to 1000000000, got 99999999999999999999"),
        ("every=-" + "9" * 77, "expected 1 to 1000000000, got -" + "9" * 38 + "…"),
        ("every=" + "9" * 4000, "expected 1 to 1000000000, got an integer of more than 77 digits"),
        ("every=" + "9" * 5000, 'expected an integer, got "' + "9" * 38 + "…"),
        ("every=7&every=2", "the key occurs more than once in the query"),
    ],
)
def test_bad_queries_are_told_apart(rest: httpx2.Client, query: str, said: str) -> None:
    answer = rest.post(f"/api/runs?{query}", json={})
    assert [error["message"] for error in answer.json()["errors"]] == [said]


@pytest.mark.parametrize("address", ["/nothing", "/api/nothing", "/static/nothing", "/static/0/js/main.js", "/docs/x"])
def test_an_unknown_address_is_not_found(rest: httpx2.Client, address: str) -> None:
    check(rest.get(address), 404)


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("GET", "/api/runs", "POST"),
        ("DELETE", "/api/catalog", "GET"),
        ("POST", "/", "GET, HEAD"),
        ("PUT", "/api/sweeps/0123456789abcdef", "GET, DELETE"),
        ("POST", "/healthz", "GET, HEAD"),
    ],
)
def test_a_wrong_method_names_all_right_ones(rest: httpx2.Client, method: str, address: str, allowed: str) -> None:
    answer = rest.request(method, address)
    check(answer, 405)
    assert answer.headers["allow"] == allowed
    assert answer.json()["detail"].endswith(f"expected {allowed}")


def test_whether_the_server_lives_can_be_asked_without_a_body(rest: httpx2.Client) -> None:
    answer = rest.head("/healthz")
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_problem_speaks_the_readers_language(rest: httpx2.Client) -> None:
    answer = rest.post("/api/runs", json={"steps": -1}, headers={"Accept-Language": "zh"})
    assert answer.json()["errors"] == [{"path": "steps", "message": "应在 0 与 1000000000 之间，实为 -1"}]


def test_a_body_is_not_read_beyond_its_bound(start_server: Callable[..., Server]) -> None:
    server = start_server(max_body_bytes=1000)
    sent = 0

    def endless() -> Any:
        nonlocal sent
        for _ in range(10_000):
            sent += 65_536
            yield b" " * 65_536

    with httpx2.Client(base_url=server.url) as client:
        check(client.post("/api/runs", content=b" " * 1001, headers=JSON), 413)
        with suppress(httpx2.TransportError):  # the server may close the connection while we are still talking
            check(client.post("/api/runs", content=endless(), headers=JSON), 413)
        assert sent < 100_000_000
        assert client.post("/api/runs", json={"steps": 1}).status_code == 200


def test_limits_are_those_of_the_settings(start_server: Callable[..., Server]) -> None:
    server = start_server(max_steps=100, max_points=10, max_surface_cells=100)
    with httpx2.Client(base_url=server.url) as client:
        small: dict[str, Any] = {"dataset": {"count": 10}, "steps": 100}
        assert check(client.post("/api/runs", json={**small, "steps": 101}), 413) == ["steps"]
        assert check(client.post("/api/runs", json={**small, "dataset": {"count": 11}}), 413) == ["dataset.count"]
        assert client.post("/api/runs", json=small).status_code == 200
        assert check(client.post("/api/surface", json=small), 413) == ["b"]
        assert client.post("/api/surface", json={**small, "w": [0, 1, 10], "b": [0, 1, 10]}).status_code == 200


def test_what_takes_too_long_is_given_up(start_server: Callable[..., Server]) -> None:
    server = start_server(max_seconds=0.3, threads=1)
    slow = {
        "dataset": {"name": "offset-beans", "count": 2000},
        "steps": 1_000_000,
        "optimizer": {"name": "adam"},
        "batch": {"size": 2000, "order": "random"},
    }
    wide = {"dataset": {"count": 100_000}, "loss": "absolute-error", "w": [0, 1, 1000], "b": [0, 1, 1000]}
    with httpx2.Client(base_url=server.url, timeout=60) as client:
        for call, body in (("/api/runs", slow), ("/api/surface", wide)):
            answer = client.post(call, json=body)
            check(answer, 413)
            assert "0.3 seconds" in answer.json()["detail"]
        assert client.post("/api/runs", json={"steps": 1}).status_code == 200


def test_too_much_at_once_is_told_to_come_back(start_server: Callable[..., Server]) -> None:
    server = start_server(max_seconds=1.5, threads=1, max_waiting=1)
    slow = {
        "dataset": {"name": "offset-beans", "count": 2000},
        "steps": 1_000_000,
        "optimizer": {"name": "adam"},
        "batch": {"size": 2000, "order": "random"},
    }
    with httpx2.Client(base_url=server.url, timeout=60) as client, ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(lambda _: client.post("/api/runs", json=slow), range(4)), key=lambda a: a.status_code)
        # One is computed and one waits, each until it has taken too long.
        assert [answer.status_code for answer in answers] == [413, 413, 503, 503]
        for answer in answers[2:]:
            check(answer, 503)
            assert int(answer.headers["retry-after"]) >= 1
        assert client.post("/api/runs", json={"steps": 1}).status_code == 200


def test_defaults_beyond_the_limits_are_too_large_too(start_server: Callable[..., Server]) -> None:
    server = start_server(max_steps=100, max_points=10)
    with httpx2.Client(base_url=server.url) as client:
        assert check(client.post("/api/runs", json={}), 413) == ["steps", "dataset.count"]
