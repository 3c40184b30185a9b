"""One update taken apart, by REST and on the live stream: the same, and of the rows that both give."""

from typing import Any

import httpx2
import pytest

import engine
from app.updates import MOST_ROWS
from tests.app.test_live import Watch

MINI: dict[str, Any] = {"steps": 500, "optimizer": {"name": "adam"}, "batch": {"size": 7, "order": "shuffled"}}
LARGE: dict[str, Any] = {"dataset": {"name": "offset-beans", "count": 1000}, "batch": {"size": "all"}}


def told(rest: httpx2.Client, spec: dict[str, Any], step: int) -> dict[str, Any]:
    answer = rest.post("/api/updates", json={**spec, "step": step})
    assert answer.status_code == 200
    update: dict[str, Any] = answer.json()
    return update


@pytest.mark.parametrize("name", engine.OPTIMIZERS)
def test_both_ends_are_rows_of_the_run(rest: httpx2.Client, name: str) -> None:
    spec = {"steps": 60, "optimizer": {"name": name}, "batch": {"size": 7, "order": "shuffled"}}
    rows = rest.post("/api/runs", json=spec).json()["trajectory"]
    for step in (0, 31, 59):
        update = told(rest, spec, step)
        assert update["step"] == step
        assert update["parameters"] == ["w", "b"]
        assert update["before"] == {column: rows[column][step] for column in "wb"}
        assert update["after"] == {column: rows[column][step + 1] for column in "wb"}
        last = [line for line in update["lines"] if line["target"] == "theta"][-1]
        assert last["result"] == list(update["after"].values())
        assert {line["phase"] for line in update["lines"]} == {"forward", "backward", "move"}


def test_the_step_is_the_first_one_unless_it_is_said(rest: httpx2.Client) -> None:
    assert rest.post("/api/updates", json={}).json()["step"] == 0


def test_at_the_end_it_is_the_last_one(rest: httpx2.Client) -> None:
    assert told(rest, {"steps": 20}, 5000)["step"] == 19
    assert rest.post("/api/updates", json={"steps": 0}).json() is None


def test_a_bounded_number_of_rows_is_told(rest: httpx2.Client) -> None:
    update = told(rest, LARGE, 3)
    assert update["batch"]["count"] == 1000
    assert len(update["batch"]["rows"]) == len(update["data"]["rows"]) == MOST_ROWS
    assert all(len(column) == MOST_ROWS for column in update["batch"]["columns"].values())
    assert update["gradient"] == update["data"]["gradient"]
    assert update["gradient"] == {name: update["batch"]["means"][f"g_{name}"] for name in "wb"}


def test_everything_wrong_is_named(rest: httpx2.Client) -> None:
    answer = rest.post("/api/updates", json={"step": -1, "batch": {"size": 0}, "at": 3})
    assert answer.status_code == 422
    assert {error["path"] for error in answer.json()["errors"]} == {"step", "batch.size", "at"}


@pytest.mark.parametrize("as_json", [False, True], ids=["binary", "json"])
def test_the_stream_tells_what_rest_tells(rest: httpx2.Client, watch: Watch, as_json: bool) -> None:
    viewer = watch(as_json=as_json)
    viewer.start(MINI)
    viewer.ask("speed", steps_per_second=600)
    viewer.play_until(200)
    viewer.ask("step", count=-50)
    viewer.ask("change", optimizer={"beta1": 0.5})
    viewer.play_until(300)
    spec = {**MINI, "changes": viewer.state["changes"]}
    for step in (0, viewer.state["step"], spec["changes"][0]["step"], 7):
        viewer.send("inspect", step=step)
        message = viewer.until(lambda said: said["type"] == "update")
        assert message["asked"] == step
        assert message["update"] == told(rest, spec, step)


def test_no_further_than_the_viewer_has_seen(watch: Watch) -> None:
    viewer = watch()
    viewer.start({"steps": 10**6}, at=40)
    viewer.send("inspect", step=999_999)
    message = viewer.until(lambda said: said["type"] == "update")
    assert (message["asked"], message["update"]["step"]) == (999_999, 40)


def test_the_latest_wish_wins_and_every_state_still_comes(watch: Watch) -> None:
    viewer = watch()
    viewer.start(MINI, at=400)
    for step in range(300):
        viewer.send("inspect", step=step)
    viewer.send("step", count=1)
    answered: list[int] = []

    def take(said: dict[str, Any]) -> bool:
        if said["type"] == "update":
            answered.append(said["asked"])
        is_state: bool = said["type"] == "state"
        return is_state

    assert viewer.until(take)["step"] == 401
    assert answered[-1] == 299
    assert answered == sorted(answered)


def test_while_it_plays(rest: httpx2.Client, watch: Watch) -> None:
    viewer = watch()
    viewer.start(MINI)
    viewer.send("play")
    viewer.until(lambda _: bool(viewer.seen) and viewer.seen[-1] >= 20)
    for _ in range(5):
        step = viewer.seen[-1]
        viewer.send("inspect", step=step)
        message = viewer.until(lambda said: said["type"] == "update")
        assert message["update"] == told(rest, MINI, step)
    assert viewer.seen == sorted(set(viewer.seen))


def test_not_before_there_is_a_run(watch: Watch) -> None:
    error = watch().ask("inspect", step=0)
    assert [(each["path"], each["message"]) for each in error["errors"]] == [("type", 'expected "start" first')]
