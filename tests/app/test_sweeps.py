"""/api/sweeps on a real server: taken in, followed, cancelled, read in every form, and refused."""

import csv
import io
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import numpy as np
import pytest

import engine
from tests.app.sweeping import ENDLESS, PATIENCE, submit, wait
from tests.servers import Server

ARROW = "application/vnd.apache.arrow.stream"
RATES = {"from": 0.01, "to": 1, "count": 12, "scale": "log"}
SMALL: dict[str, Any] = {
    "base": {"steps": 100},
    "vary": {"optimizer.learning_rate": RATES, "batch.size": [1, 10, "all"]},
    "goal": {"excess_loss": 0.05},
}
COLUMNS = ["optimizer.learning_rate", "batch.size", "w", "b", "loss", "excess_loss", "status", "step", "steps_to_goal"]


def results(rest: httpx2.Client, key: str, form: str | None = None, **query: str) -> httpx2.Response:
    headers = {} if form is None else {"accept": form}
    return rest.get(f"/api/sweeps/{key}/results", headers=headers, params=query)


@pytest.fixture(scope="module")
def done(live_server: Server) -> str:
    """A small sweep that is done."""
    with httpx2.Client(base_url=live_server.url) as client:
        key = submit(client, SMALL)
        state = wait(client, key)
    assert (state["state"], state["done_runs"], state["runs"], state["progress"]) == ("finished", 36, 36, 1.0)
    return key


@pytest.fixture
def busy(start_server: Callable[..., Server]) -> Iterator[tuple[httpx2.Client, str]]:
    """A server of one worker with an endless sweep."""
    server = start_server(sweep_workers=1, max_client_sweeps=2, max_open_sweeps=3)
    with httpx2.Client(base_url=server.url, timeout=30) as client:
        key = submit(client, ENDLESS)
        yield client, key
        client.delete(f"/api/sweeps/{key}")


def test_the_state_says_how_it_stands(rest: httpx2.Client) -> None:
    answer = rest.post("/api/sweeps", json=SMALL)
    state = answer.json()
    assert state["state"] in {"waiting", "running"}
    assert (state["runs"], state["steps"]) == (36, 3600)
    assert state["ended"] is None
    assert state["sentence"]
    finished = wait(rest, state["id"])
    assert finished["seconds_left"] == 0
    assert finished["created"] <= finished["ended"]
    assert finished["links"] == state["links"]
    assert finished["sentence"] == "All 36 runs are done."
    assert "全部" in rest.get(f"/api/sweeps/{state['id']}?lang=zh").json()["sentence"]


def test_it_runs_as_soon_as_a_worker_is_at_it(busy: tuple[httpx2.Client, str]) -> None:
    client, key = busy
    state = wait(client, key, lambda state: state["state"] != "waiting")
    assert (state["state"], state["done_runs"]) == ("running", 0)
    # The one worker is busy: this one has still to wait.
    other = submit(client, SMALL)
    time.sleep(0.5)
    assert client.get(f"/api/sweeps/{other}").json()["state"] == "waiting"
    client.delete(f"/api/sweeps/{other}")


def test_what_was_asked_for_is_given_back_with_its_defaults(rest: httpx2.Client, done: str) -> None:
    request = rest.get(f"/api/sweeps/{done}/request").json()
    assert request["vary"] == SMALL["vary"]
    assert request["goal"] == SMALL["goal"]
    assert request["base"] == engine.RunSpec.from_dict(SMALL["base"]).to_dict()
    again = submit(rest, request)
    wait(rest, again)
    assert results(rest, again).json() == results(rest, done).json()


def test_every_row_is_the_run_that_it_names(rest: httpx2.Client, done: str) -> None:
    table = results(rest, done).json()
    assert list(table) == COLUMNS
    assert len(table["w"]) == 36
    for i in range(0, 36, 5):
        row = {name: column[i] for name, column in table.items()}
        spec = {
            "steps": 100,
            "optimizer": {"learning_rate": row["optimizer.learning_rate"]},
            "batch": {"size": row["batch.size"]},
        }
        alone = rest.post("/api/runs?trajectory=false", json=spec).json()
        assert (row["status"], row["step"]) == (alone["outcome"]["status"], alone["outcome"]["step"])
        for name in ("w", "b", "loss"):
            np.testing.assert_allclose(row[name], alone["final"][name], rtol=1e-12)


def test_all_forms_say_the_same(rest: httpx2.Client, done: str) -> None:
    pa = pytest.importorskip("pyarrow")
    table = results(rest, done).json()
    names = list(table)
    rows = list(zip(*table.values(), strict=True))
    assert {None} < {type(value) and None if value is None else value for value in table["steps_to_goal"]}

    answer = results(rest, done, "text/csv")
    assert answer.headers["content-type"].startswith("text/csv")
    head, *lines = csv.reader(io.StringIO(answer.text))
    assert head == names
    assert [tuple(map(from_csv, line)) for line in lines] == rows

    answer = results(rest, done, "application/x-ndjson")
    assert [tuple(json.loads(line).values()) for line in answer.text.splitlines()] == rows
    assert list(json.loads(answer.text.splitlines()[0])) == names

    answer = results(rest, done, ARROW)
    read = pa.ipc.open_stream(answer.content).read_all()
    assert read.column_names == names
    for name in names:
        wanted = [str(size) for size in table[name]] if name == "batch.size" else table[name]
        assert read.column(name).to_pylist() == wanted


def test_a_table_without_rows_has_its_columns_in_every_form(busy: tuple[httpx2.Client, str]) -> None:
    pa = pytest.importorskip("pyarrow")
    rest, key = busy
    table = results(rest, key, partial="true").json()
    names = list(table)
    assert {"w", "b", "loss", "status", "step"} < set(names)
    assert not any(table.values())
    assert results(rest, key, "text/csv", partial="true").text == ",".join(names) + "\r\n"
    assert results(rest, key, "application/x-ndjson", partial="true").text == ""
    read = pa.ipc.open_stream(results(rest, key, ARROW, partial="true").content).read_all()
    assert (read.column_names, read.num_rows) == (names, 0)
    assert [str(read.schema.field(name).type) for name in ("w", "status", "step")] == ["double", "string", "int64"]


def from_csv(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


def test_a_form_that_cannot_be_had(rest: httpx2.Client, done: str) -> None:
    assert results(rest, done, "image/png").status_code == 406


def events(rest: httpx2.Client, key: str, last: str | None = None) -> list[dict[str, str]]:
    headers = {} if last is None else {"last-event-id": last}
    with rest.stream("GET", f"/api/sweeps/{key}/events", headers=headers) as answer:
        if answer.status_code == 204:
            return []
        assert answer.headers["content-type"].startswith("text/event-stream")
        blocks = "".join(answer.iter_text()).split("\n\n")
    return [
        dict(line.split(": ", 1) for line in block.splitlines()) for block in blocks if block and "event: " in block
    ]


def test_events_follow_a_sweep_to_its_end(rest: httpx2.Client) -> None:
    several = {
        "base": {"steps": 200},
        "vary": {"optimizer.name": ["momentum", "adam", "rmsprop"], "seed": list(range(10))},
    }
    key = submit(rest, several)
    seen = events(rest, key)
    states = [json.loads(event["data"]) for event in seen]
    assert {event["event"] for event in seen} == {"state"}
    assert states[-1]["state"] == "finished"
    done_runs = [state["done_runs"] for state in states]
    assert done_runs == sorted(done_runs)
    assert len({event["id"] for event in seen}) == len(seen)
    # Who comes back with the last event gets nothing, and a browser then stays away.
    assert events(rest, key, seen[-1]["id"]) == []
    [last] = events(rest, key, seen[0]["id"])
    assert last == seen[-1]


def test_a_cancelled_sweep_keeps_what_is_done(busy: tuple[httpx2.Client, str]) -> None:
    rest, key = busy
    early = results(rest, key)
    assert early.status_code == 409
    assert "has not finished" in early.json()["errors"][0]["message"]
    assert "partial" in early.json()["errors"][0]["message"]
    state = rest.delete(f"/api/sweeps/{key}").json()
    assert state["state"] == "cancelled"
    assert rest.delete(f"/api/sweeps/{key}").json() == state, "once more changes nothing"
    assert events(rest, key)[-1]["event"] == "state"
    late = results(rest, key)
    assert late.status_code == 409
    assert "has ended before" in late.json()["errors"][0]["message"]
    # The worker is free again soon.
    assert wait(rest, submit(rest, SMALL))["state"] == "finished"


def test_too_many_open_sweeps_are_refused_for_a_while(busy: tuple[httpx2.Client, str]) -> None:
    rest, key = busy
    second = submit(rest, ENDLESS)
    answer = rest.post("/api/sweeps", json=SMALL)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert "2 sweeps of yours" in answer.json()["detail"]
    rest.delete(f"/api/sweeps/{second}")
    third = submit(rest, ENDLESS)
    for each in (third, key):
        rest.delete(f"/api/sweeps/{each}")
    assert wait(rest, submit(rest, SMALL))["state"] == "finished"


def test_too_many_sweeps_of_all_clients_together(start_server: Callable[..., Server]) -> None:
    server = start_server(sweep_workers=1, max_client_sweeps=5, max_open_sweeps=1)
    with httpx2.Client(base_url=server.url, timeout=30) as rest:
        key = submit(rest, ENDLESS)
        answer = rest.post("/api/sweeps", json=SMALL)
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        rest.delete(f"/api/sweeps/{key}")


def test_a_sweep_can_be_checked_before_it_is_begun(rest: httpx2.Client) -> None:
    answer = rest.post("/api/sweeps/check", json=SMALL).json()
    assert answer["errors"] == []
    assert (answer["cost"]["runs"], answer["cost"]["steps"]) == (36, 3600)
    assert answer["cost"]["seconds"] > 0
    wrong = rest.post("/api/sweeps/check?lang=zh", json={"vary": {"batch.size": [0]}}).json()
    assert wrong["cost"] is None
    assert [error["path"] for error in wrong["errors"]] == ["vary.batch.size.0"]
    assert "应" in wrong["errors"][0]["message"]
    assert (wrong["errors"][0]["key"], wrong["errors"][0]["facts"]["got"]) == ("out-of-range", "0")


@pytest.mark.parametrize("path", ["", "/results", "/events", "/request"])
def test_an_unknown_sweep_is_not_found(rest: httpx2.Client, path: str) -> None:
    answer = rest.get(f"/api/sweeps/nix{path}")
    assert answer.status_code == 404
    assert "nix" in answer.json()["errors"][0]["message"]
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_unknown_sweep_cannot_be_cancelled(rest: httpx2.Client) -> None:
    assert rest.delete("/api/sweeps/nix").status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "path"),
    [
        ({"vary": {"optimizer.lr": [1]}}, 422, "vary.optimizer.lr"),
        ({"vary": {"seed": [1]}, "base": {"steps": -1}}, 422, "base.steps"),
        ({"vary": {"seed": [1]}, "goal": {"loss": 1}}, 422, "goal.loss"),
        ({"vary": {"seed": {"from": 0, "to": 10**7, "count": 10**7}}}, 422, "vary.seed.count"),
        ({"vary": {"seed": [1]}, "base": {"steps": 10**9}}, 413, "base.steps"),
        ({"vary": {"seed": list(range(2000)), "start.w": {"from": 0, "to": 1, "count": 2000}}}, 413, "vary"),
    ],
)
def test_bad_requests_are_answered_with_the_path(rest: httpx2.Client, body: Any, status: int, path: str) -> None:
    answer = rest.post("/api/sweeps", json=body)
    assert answer.status_code == status
    assert path in [error["path"] for error in answer.json()["errors"]]


def test_bodies_are_bounded_and_json(rest: httpx2.Client) -> None:
    assert rest.post("/api/sweeps", content=b"{", headers={"content-type": "application/json"}).status_code == 422
    assert rest.post("/api/sweeps", content=b"{}").status_code == 415
    huge = b'{"vary": {"seed": [' + b"1," * 5_000_000 + b"1]}}"
    assert rest.post("/api/sweeps", content=huge, headers={"content-type": "application/json"}).status_code == 413


def test_old_sweeps_are_forgotten(start_server: Callable[..., Server]) -> None:
    server = start_server(keep_sweeps=1, sweep_workers=1)
    with httpx2.Client(base_url=server.url, timeout=30) as rest:
        keys = []
        for _ in range(3):
            keys.append(submit(rest, SMALL))
            wait(rest, keys[-1])
        deadline = time.monotonic() + PATIENCE
        while rest.get(f"/api/sweeps/{keys[1]}").status_code != 404:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert rest.get(f"/api/sweeps/{keys[2]}").status_code == 200


def test_no_file_is_made_before_the_first_sweep(start_server: Callable[..., Server], tmp_path: Any) -> None:
    server = start_server(data=tmp_path / "data")
    assert httpx2.get(f"{server.url}/api/sweeps/nix").status_code == 404
    assert not (tmp_path / "data").exists()


def test_a_data_folder_that_cannot_be_used_takes_the_sweeps_and_nothing_else(
    start_server: Callable[..., Server], tmp_path: Any
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sweeps.sqlite3").write_bytes(b"no database " * 1000)
    server = start_server(data=tmp_path / "data")
    with httpx2.Client(base_url=server.url, timeout=30) as rest:
        assert rest.post("/api/runs", json={"steps": 3}).status_code == 200
        answer = rest.post("/api/sweeps", json=SMALL)
        assert answer.status_code == 503
        assert "not a database" in answer.json()["detail"]
        assert rest.get("/api/sweeps/nix").status_code == 503
