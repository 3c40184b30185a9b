"""POST /api/surface and /api/theory."""

from typing import Any

import httpx2
import numpy as np
import pytest

import engine
from app import computing, examples
from app.work import Abandoned

SPEC: dict[str, Any] = {"dataset": {"count": 20}}


def test_a_grid_is_indexed_by_b_and_then_w(rest: httpx2.Client) -> None:
    answer = rest.post("/api/surface", json={**SPEC, "w": [-1, 2, 4], "b": [-2, 2, 3]}).json()
    assert answer["w"] == [-1, 0, 1, 2]
    assert answer["b"] == [-2, 0, 2]
    expected = engine.loss_surface(engine.RunSpec.from_dict(SPEC), w=(-1, 2, 4), b=(-2, 2, 3))
    assert np.shape(answer["loss"]) == (3, 4)
    assert answer["loss"] == expected.tolist()


def test_a_number_is_a_slice(rest: httpx2.Client) -> None:
    answer = rest.post("/api/surface", json={**SPEC, "w": [-1, 2, 31], "b": 0.5}).json()
    assert answer["b"] == [0.5]
    assert np.shape(answer["loss"]) == (1, 31)


def test_without_axes_it_is_the_window_that_a_picture_shows(rest: httpx2.Client) -> None:
    answer = rest.post("/api/surface", json=SPEC).json()
    window = engine.window(engine.RunSpec.from_dict(SPEC))
    for name in ("w", "b"):
        assert (answer[name][0], answer[name][-1], len(answer[name])) == (*window[name], 61)


def test_one_parameter_gives_a_curve(rest: httpx2.Client) -> None:
    answer = rest.post("/api/surface", json={"model": "proportional", "w": [0, 2, 5]}).json()
    assert set(answer) == {"w", "loss"}
    assert np.shape(answer["loss"]) == (5,)


@pytest.mark.parametrize(("model", "count"), [("line", 100), ("line", 5000), ("proportional", 100)])
def test_in_slices_a_surface_is_the_same(monkeypatch: pytest.MonkeyPatch, model: str, count: int) -> None:
    data = {"name": "offset-beans", "count": count}
    spec = engine.RunSpec.from_dict({"model": model, "loss": "absolute-error", "dataset": data})
    axes: dict[str, Any] = dict.fromkeys(spec.parameters) | {"w": [0, 1, 7]}
    values, loss = engine.surface(spec, **axes)
    monkeypatch.setattr(computing, "AT_ONCE", 0)
    sliced = computing.surface(spec, axes, lambda: True)
    assert {name: along.tolist() for name, along in sliced[0].items()} == {n: v.tolist() for n, v in values.items()}
    assert sliced[1].tobytes() == loss.tobytes()
    with pytest.raises(Abandoned):
        computing.surface(spec, axes, lambda: False)


@pytest.mark.parametrize("name", examples.SURFACES)
def test_examples_work(rest: httpx2.Client, name: str) -> None:
    assert rest.post("/api/surface", json=examples.SURFACES[name]["value"]).status_code == 200


@pytest.mark.parametrize(
    ("axes", "status", "path"),
    [
        ({"w": [0, 1]}, 422, "w"),
        ({"w": "wide"}, 422, "w"),
        ({"w": [1, 0, 5]}, 422, "w"),
        ({"w": [0, 1, 1]}, 422, "w.2"),
        ({"w": [0, 1, 2.5]}, 422, "w.2"),
        ({"w": [0, 1e400, 5]}, 422, "w.1"),
        ({"w": True}, 422, "w"),
        ({"w": [0, 1, 10**9]}, 413, "w"),
        ({"w": [0, 1, 2000], "b": [0, 1, 2000]}, 413, "b"),
        ({"w": [0, 1, 100_000]}, 413, "b"),
        ({"model": "proportional", "b": [0, 1, 5]}, 422, "b"),
        ({"v": [0, 1, 5]}, 422, "v"),
    ],
)
def test_bad_axes_are_named(rest: httpx2.Client, axes: dict[str, Any], status: int, path: str) -> None:
    text = str({**SPEC, **axes}).replace("'", '"').replace("True", "true").replace("inf", "1e400")
    answer = rest.post("/api/surface", content=text, headers={"Content-Type": "application/json"})
    assert answer.status_code == status, answer.text
    assert answer.json()["errors"][0]["path"] == path


def test_who_mistakes_an_axis_is_told_which_there_are(rest: httpx2.Client) -> None:
    [error] = rest.post("/api/surface", json={**SPEC, "v": [0, 1, 5]}).json()["errors"]
    assert error["message"].startswith("unknown key; expected one of dataset, ")
    assert error["message"].endswith(", w, b")


def test_theory_is_the_engines(rest: httpx2.Client) -> None:
    spec = {"dataset": {"seed": 7}, "batch": {"size": "all"}}
    answer = rest.post("/api/theory", json=spec).json()
    theory = engine.analyse(engine.RunSpec.from_dict(spec))
    assert theory is not None
    assert answer == theory.to_dict()
    assert answer["learning_rate_limit"] == pytest.approx(0.799429, abs=1e-6)


def test_theory_is_null_where_none_is_known(rest: httpx2.Client) -> None:
    answer = rest.post("/api/theory", json={"loss": "absolute-error"})
    assert (answer.status_code, answer.json()) == (200, None)
