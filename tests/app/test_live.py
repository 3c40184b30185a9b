"""The live stream over a real websocket: the rows that a viewer is sent are those of REST, bit for bit."""

import json
import time
from collections.abc import Callable
from typing import Any

import httpx2
import numpy as np
import pytest

from app.live.frames import Kind
from tests.app.viewer import Viewer

SPEC: dict[str, Any] = {"steps": 2000}
Watch = Callable[..., Viewer]


def rows_of_rest(rest: httpx2.Client, spec: dict[str, Any]) -> np.ndarray:
    trajectory = rest.post("/api/runs", json=spec).json()["trajectory"]
    return np.array([trajectory[column] for column in ("step", "w", "b", "loss") if column in trajectory]).T


@pytest.mark.parametrize("as_json", [False, True], ids=["binary", "json"])
@pytest.mark.parametrize(
    "spec",
    [
        SPEC,
        {"steps": 1500, "batch": {"size": "all"}},
        {"steps": 1200, "optimizer": {"name": "adam"}, "batch": {"size": 10, "order": "shuffled"}},
    ],
    ids=["sgd", "batch", "adam"],
)
def test_rows_equal_those_of_rest(rest: httpx2.Client, watch: Watch, spec: dict[str, Any], as_json: bool) -> None:
    viewer = watch(as_json=as_json)
    viewer.start(spec)
    viewer.ask("speed", steps_per_second=3000)
    viewer.play_until(200)
    for count in (-1, -30, 1, 7):
        viewer.ask("step", count=count)
    viewer.play_until(350)
    viewer.ask("seek", step=100)
    viewer.play_until(400)
    viewer.ask("step", count=500 - viewer.state["step"])
    viewer.ask("change", optimizer={"learning_rate": 0.05})
    viewer.play_until(900)
    viewer.ask("seek", step=1100)
    # A path fills what was skipped, but only where there are paths.
    if as_json:
        viewer.ask("seek", step=900)
    end = viewer.play_to_end()

    assert end["changes"] == [{"step": 500, "optimizer": {"learning_rate": 0.05}}]
    expected = rows_of_rest(rest, {**spec, "changes": end["changes"]})
    seen = viewer.table()
    if as_json:
        assert len(seen) == len(expected)
    np.testing.assert_array_equal(seen, expected[seen[:, 0].astype(int)])
    assert seen[-1, 0] == spec["steps"]
    assert end["outcome"]["step"] == spec["steps"]


@pytest.mark.parametrize("as_json", [False, True], ids=["binary", "json"])
def test_no_step_is_missing_or_doubled_at_full_speed(rest: httpx2.Client, watch: Watch, as_json: bool) -> None:
    steps = 30_000 if as_json else 60_000
    spec = {"steps": steps, "batch": {"size": "all"}}
    viewer = watch(as_json=as_json)
    viewer.start(spec)
    viewer.ask("speed", steps_per_second=30_000)
    viewer.play_to_end()
    assert viewer.seen == list(range(steps + 1))
    np.testing.assert_array_equal(viewer.table(), rows_of_rest(rest, spec))
    assert set(viewer.strides) <= {1}


def test_faster_than_that_frames_say_their_stride(rest: httpx2.Client, watch: Watch) -> None:
    spec = {"steps": 100_000, "batch": {"size": "all"}}
    viewer = watch()
    viewer.start(spec)
    viewer.ask("speed", steps_per_second=1e9)
    viewer.play_to_end()
    assert max(viewer.strides) > 1
    assert len(viewer.seen) < 20_000
    assert viewer.seen == sorted(set(viewer.seen))
    seen = viewer.table()
    np.testing.assert_array_equal(seen, rows_of_rest(rest, spec)[seen[:, 0].astype(int)])
    assert seen[-1, 0] == spec["steps"]


def test_ready_holds_all_that_the_page_draws(watch: Watch) -> None:
    viewer = watch()
    state = viewer.start({"dataset": {"count": 20}, "steps": 50}, at=10)
    ready = viewer.ready
    assert (ready["protocol"], ready["parameters"], ready["step"]) == (1, ["w", "b"], 10)
    assert ready["spec"]["optimizer"] == {"name": "gradient-descent", "learning_rate": 0.1}
    assert np.shape(ready["data"]["x"]) == (20, 1)
    assert np.shape(ready["data"]["y"]) == (20,)
    assert ready["data"]["names"] == {"x": ["size"], "y": "toxicity"}
    assert (len(ready["surface"]["w"]), len(ready["surface"]["b"])) == (61, 61)
    assert np.shape(ready["surface"]["loss"]) == (61, 61)
    assert ready["theory"]["learning_rate_limit"] > 0
    assert ready["steps_per_second"] == 60
    assert (state["status"], state["step"], state["changes"]) == ("paused", 10, [])
    assert state["outcome"]["status"] == "running"
    assert sorted(viewer.rows) == list(range(11))


def test_with_one_parameter_the_surface_is_a_curve(watch: Watch) -> None:
    viewer = watch(names=("w",))
    viewer.start({"model": "proportional", "steps": 10})
    assert set(viewer.ready["surface"]) == {"w", "loss"}
    assert np.shape(viewer.ready["surface"]["loss"]) == (61,)
    assert viewer.play_to_end()["step"] == 10


def test_a_resumed_run_goes_on_with_the_same_numbers(rest: httpx2.Client, watch: Watch) -> None:
    changes = [{"step": 100, "optimizer": {"learning_rate": 0.3}}]
    spec = {"steps": 400, "changes": changes}
    viewer = watch()
    viewer.start(spec, at=250)
    viewer.ask("speed", steps_per_second=2000)
    assert viewer.play_to_end()["changes"] == changes
    np.testing.assert_array_equal(viewer.table(), rows_of_rest(rest, spec))


def test_a_start_beyond_the_end_stands_at_the_end(watch: Watch) -> None:
    viewer = watch()
    state = viewer.start({"optimizer": {"learning_rate": 0.9}, "batch": {"size": "all"}}, at=9999)
    assert state["status"] == "diverged"
    assert "0.90 > 0.756" in state["outcome"]["sentence"]
    assert max(viewer.rows) == state["step"] < 9999


def test_another_start_takes_the_place_of_the_first(watch: Watch) -> None:
    viewer = watch()
    viewer.start({"steps": 100})
    viewer.ask("speed", steps_per_second=500)
    viewer.send("play")
    state = viewer.start({"steps": 50, "model": "line"})
    while state["step"] != 0 or state["status"] != "paused":
        state = viewer.settled()
    assert viewer.ready["spec"]["steps"] == 50
    assert viewer.ready["steps_per_second"] == 500
    assert sorted(viewer.rows) == [0]


def test_a_change_during_play_is_felt_within_50_ms(watch: Watch) -> None:
    viewer = watch()
    viewer.start({"steps": 1_000_000, "batch": {"size": "all"}})
    viewer.send("play")
    delays = []
    for number in range(20):
        viewer.until(lambda said: said["type"] == "frame")
        began = time.perf_counter()
        viewer.send("change", optimizer={"learning_rate": 0.1 + number / 100})
        state = viewer.until(lambda said: said["type"] == "state" and said["status"] == "playing" and said["changes"])
        at = state["changes"][-1]["step"]
        while viewer.seen[-1] <= at:
            viewer.receive()
        delays.append(time.perf_counter() - began)
    assert sorted(delays)[len(delays) // 2] <= 0.05, delays


def test_the_language_is_that_of_the_handshake(live_server: Any) -> None:
    with Viewer(live_server.live_url + "?lang=zh") as viewer:
        state = viewer.start({"steps": 5})
        assert state["outcome"]["sentence"] == "第 0 步，共 5 步：损失 0.557117。"
        assert state["outcome"]["message"]["key"] == "running"
        viewer.send("seek", step=-1)
        (error,) = viewer.until(lambda said: said["type"] == "error")["errors"]
        assert error["message"] == "应在 0 与 1000000000 之间，实为 -1"
        assert error["key"] == "out-of-range"
        assert error["facts"] == {"low": "0", "high": "1000000000", "got": "-1"}


def test_the_example_of_the_readme_gets_every_step(watch: Watch) -> None:
    viewer = watch(as_json=True)
    viewer.send("start", spec={"steps": 60})
    viewer.send("play")
    said = viewer.until(lambda said: said.get("status") == "finished")
    assert said["step"] == 60
    assert viewer.seen == list(range(61))


def test_commands_sent_all_at_once_are_done_in_order(rest: httpx2.Client, watch: Watch) -> None:
    viewer = watch(as_json=True)
    for name, members in (
        ("start", {"spec": SPEC}),
        ("step", {"count": 500}),
        ("change", {"optimizer": {"learning_rate": 0.05}}),
        ("step", {"count": 100}),
        ("step", {"count": -50}),
        ("step", {"count": 1}),
    ):
        viewer.send(name, **members)
    viewer.until(lambda said: said["type"] == "state" and said["step"] == 551)
    changes = [{"step": 500, "optimizer": {"learning_rate": 0.05}}]
    assert viewer.state["changes"] == changes
    expected = rows_of_rest(rest, {**SPEC, "changes": changes})[:552]
    np.testing.assert_array_equal(viewer.table(), expected)


def test_a_seek_to_a_far_step_does_not_hold_up_others(rest: httpx2.Client, watch: Watch) -> None:
    slow, quick = watch(), watch()
    slow.start({"steps": 1_000_000, "optimizer": {"name": "adam"}})
    quick.start(SPEC)
    slow.send("seek", step=1_000_000)
    began = time.perf_counter()
    for _ in range(10):
        quick.ask("step")
    assert time.perf_counter() - began < 5.0
    # And one who seeks is not bound to wait for it.
    slow.send("seek", step=5)
    slow.until(lambda said: said["type"] == "state" and said["step"] == 5)
    assert time.perf_counter() - began < 10.0


def test_looking_ahead_holds_nobody_up_and_ends(watch: Watch) -> None:
    """Nothing is answered to it, and only so much time is spent on it."""
    viewer = watch()
    viewer.start(
        {
            "dataset": {"name": "offset-beans", "count": 2000},
            "steps": 1_000_000,
            "optimizer": {"name": "adam"},
            "batch": {"size": 2000, "order": "random"},
        }
    )
    for _ in range(3):
        viewer.send("ahead")
        assert viewer.ask("step")["type"] == "state"
    viewer.send("seek", step=7)
    assert viewer.until(lambda said: said["type"] == "state" and said["step"] == 7)


@pytest.mark.parametrize("as_json", [False, True], ids=["binary", "json"])
def test_a_long_way_says_how_far_it_has_come(watch: Watch, as_json: bool) -> None:
    viewer = watch(as_json=as_json)
    last = 150_000
    viewer.start(
        {
            "dataset": {"name": "offset-beans", "count": 2000},
            "steps": last,
            "optimizer": {"name": "adam"},
            "batch": {"size": 2000, "order": "random"},
        }
    )
    viewer.send("seek", step=last)
    said = [viewer.receive()]
    while said[-1]["type"] != "state":
        said.append(viewer.receive())
    told = [message["step"] for message in said if message["type"] == "progress"]
    assert len(told) >= 2, "300 million rows take seconds"
    assert told == sorted(set(told))
    assert 0 < told[0] < told[-1] < last
    assert {message["target"] for message in said if message["type"] == "progress"} == {last}
    # The way back is known.
    viewer.send("seek", step=1000)
    assert viewer.receive()["type"] != "progress"
    viewer.until(lambda message: message["type"] == "state")


def test_frames_are_the_documented_kinds(watch: Watch) -> None:
    viewer = watch()
    viewer.start({"steps": 100_000, "batch": {"size": "all"}})
    viewer.send("seek", step=50_000)
    *path, row = [viewer.until(lambda said: said["type"] == "frame") for _ in range(8)]
    assert [piece["kind"] for piece in path] == 7 * [Kind.PATH]
    assert [piece["first"] for piece in path] == [0, *(256 << place for place in range(6))]
    assert path[-1]["last"] <= 50_000
    assert (row["kind"], row["first"], row["last"]) == (Kind.STEPS, 50_000, 50_000)
    assert sorted(viewer.rows)[:256] == list(range(256))
    assert len(viewer.rows) <= 256 + 5 * 128 + 2048 + 1


def test_state_is_json_without_nan(watch: Watch) -> None:
    viewer = watch()
    viewer.start({"optimizer": {"learning_rate": 1.9}, "batch": {"size": "all"}, "start": {"w": 1e6, "b": 0}})
    end = viewer.play_to_end()
    assert end["status"] == "diverged"
    assert "NaN" not in json.dumps(viewer.ready)
