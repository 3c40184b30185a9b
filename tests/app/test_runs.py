"""POST /api/runs: the answer, its thinning, and its forms."""

import csv
import io
import json
from typing import Any

import httpx2
import numpy as np
import pytest

import engine
from app import computing, examples, locales, tabular
from app.computing import whole
from app.work import Abandoned

ARROW = "application/vnd.apache.arrow.stream"
CHANGED = {"steps": 1000, "changes": [{"step": 500, "optimizer": {"learning_rate": 0.05}}]}


def post(rest: httpx2.Client, spec: dict[str, Any], **options: Any) -> httpx2.Response:
    answer = rest.post("/api/runs", json=spec, **options)
    assert answer.status_code == 200, answer.text
    return answer


@pytest.mark.parametrize("name", examples.EXPERIMENTS)
def test_the_original_experiments_are_the_engines_own_rows(rest: httpx2.Client, name: str) -> None:
    spec = examples.EXPERIMENTS[name]["value"]
    answer = post(rest, spec).json()
    result = engine.run(engine.RunSpec.from_dict(spec))
    assert answer["spec"] == result.spec.to_dict()
    assert answer["final"] == result.final
    assert answer["outcome"]["sentence"] == result.outcome.sentence
    assert answer["trajectory"]["step"] == result.trajectory.step.tolist()
    for column in (*result.trajectory.names, "loss"):
        assert answer["trajectory"][column] == result.trajectory.column(column).tolist()
    assert answer["theory"] == (result.theory and json.loads(json.dumps(result.theory.to_dict())))


def test_the_answer_has_the_documented_shape(rest: httpx2.Client) -> None:
    answer = post(rest, {}).json()
    assert list(answer) == ["spec", "outcome", "final", "theory", "trajectory"]
    assert answer["spec"]["steps"] == 10_000
    assert list(answer["trajectory"]) == ["step", "w", "b", "loss"]
    assert answer["outcome"]["message"]["facts"]["steps"] == "10000"


@pytest.mark.parametrize(("every", "kept"), [(1, 1001), (7, 144), (500, 3), (999, 3), (1000, 2), (10**9, 2)])
def test_every_keeps_multiples_and_the_last_row(rest: httpx2.Client, every: int, kept: int) -> None:
    whole_run = post(rest, CHANGED).json()["trajectory"]
    thinned = post(rest, CHANGED, params={"every": every}).json()["trajectory"]
    assert thinned["step"] == sorted({*range(0, 1001, every), 1000})
    assert len(thinned["step"]) == kept
    for column in ("w", "b", "loss"):
        assert thinned[column] == [whole_run[column][step] for step in thinned["step"]]


@pytest.mark.parametrize(
    ("query", "kept"),
    [({"trajectory": "false"}, [0, 20_000]), ({"every": 6_000}, [0, 6_000, 12_000, 18_000, 20_000])],
)
def test_few_rows_of_a_run_that_is_computed_in_pieces(
    rest: httpx2.Client, query: dict[str, Any], kept: list[int]
) -> None:
    spec = {"optimizer": {"name": "adam"}, "batch": {"size": 60, "order": "random"}, "steps": 20_000}
    assert not computing.is_short(engine.RunSpec.from_dict(spec))
    whole_run = post(rest, spec).json()["trajectory"]
    found = post(rest, spec, params=query).json()["trajectory"]
    assert found == {name: [column[step] for step in kept] for name, column in whole_run.items()}
    rows = csv.DictReader(io.StringIO(post(rest, spec, params=query, headers={"accept": "text/csv"}).text))
    assert [{name: float(value) for name, value in row.items()} for row in rows] == [
        {name: column[step] for name, column in whole_run.items()} for step in kept
    ]


def test_without_trajectory_only_the_ends_are_left(rest: httpx2.Client) -> None:
    answer = post(rest, CHANGED, params={"trajectory": "false"}).json()
    assert answer["trajectory"]["step"] == [0, 1000]
    assert answer["trajectory"]["w"][-1] == answer["final"]["w"]
    assert post(rest, {"steps": 0}, params={"trajectory": "false"}).json()["trajectory"]["step"] == [0]


@pytest.mark.parametrize("goal", [1.0, 1e-3, 1e-9])
def test_the_steps_to_a_goal_are_those_of_all_rows(rest: httpx2.Client, goal: float) -> None:
    spec = {"optimizer": {"name": "adam", "learning_rate": 0.02}, "batch": {"size": "all"}, "steps": 3000}
    whole = post(rest, spec).json()
    assert "steps_to_goal" not in whole
    excess = np.array(whole["trajectory"]["loss"]) - whole["theory"]["optimum_loss"]
    answer = post(rest, spec, params={"every": 500, "goal": str(goal)}).json()
    assert answer["steps_to_goal"] == int(np.argmax(excess <= goal))
    assert excess[answer["steps_to_goal"]] <= goal


def test_a_goal_that_is_not_reached_or_not_known_is_null(rest: httpx2.Client) -> None:
    for spec in ({"steps": 3}, {"steps": 3, "loss": "absolute-error"}):
        assert post(rest, spec, params={"goal": "1e-12"}).json()["steps_to_goal"] is None
    refused = rest.post("/api/runs", json={"steps": 3}, params={"goal": "soon"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["path"] == "goal"


def test_a_diverging_run_says_why_and_has_no_nan(rest: httpx2.Client) -> None:
    spec = {"optimizer": {"learning_rate": 0.9}, "batch": {"size": "all"}}
    answer = post(rest, spec)
    assert b"NaN" not in answer.content
    assert b"Infinity" not in answer.content
    outcome = answer.json()["outcome"]
    assert outcome["status"] == "diverged"
    assert "0.90 > 0.756" in outcome["sentence"]
    assert outcome["message"]["key"] == "diverged-step"


def test_csv_gives_back_the_same_bits(rest: httpx2.Client) -> None:
    as_json = post(rest, CHANGED).json()["trajectory"]
    answer = post(rest, CHANGED, headers={"Accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert rows[0] == ["step", "w", "b", "loss"]
    assert [int(row[0]) for row in rows[1:]] == as_json["step"]
    for place, column in enumerate(("w", "b", "loss"), 1):
        assert [float(row[place]) for row in rows[1:]] == as_json[column]


def test_ndjson_gives_back_the_same_bits(rest: httpx2.Client) -> None:
    as_json = post(rest, CHANGED, params={"every": 3}).json()["trajectory"]
    answer = post(rest, CHANGED, params={"every": 3}, headers={"Accept": "application/x-ndjson"})
    rows = [json.loads(line) for line in answer.text.splitlines()]
    assert {column: [row[column] for row in rows] for column in rows[0]} == as_json


def test_arrow_gives_back_the_same_bits(rest: httpx2.Client) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    as_json = post(rest, CHANGED).json()["trajectory"]
    answer = post(rest, CHANGED, headers={"Accept": ARROW})
    assert answer.headers["content-type"] == ARROW
    assert pyarrow.ipc.open_stream(answer.content).read_all().to_pydict() == as_json


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("text/*", "text/csv"),
        ("text/csv, application/json;q=0.5", "text/csv"),
        ("text/csv;q=0.4, application/json;q=0.5", "application/json"),
        ("application/json;q=0, application/x-ndjson;q=0.1", "application/x-ndjson"),
        ("text/html, */*;q=0.1", "application/json"),
        ("text/csv;q=0, text/*, application/x-ndjson;q=0.2", "application/x-ndjson"),
    ],
)
def test_accept_decides_the_form(rest: httpx2.Client, accept: str, media_type: str) -> None:
    answer = post(rest, {"steps": 5}, headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == media_type


@pytest.mark.parametrize("accept", ["image/png", "application/json;q=0", "*/*;q=0"])
def test_a_form_that_cannot_be_had_is_refused(rest: httpx2.Client, accept: str) -> None:
    answer = rest.post("/api/runs", json={}, headers={"Accept": accept})
    assert answer.status_code == 406
    assert "text/csv" in answer.json()["detail"]


def test_without_its_extra_a_form_is_not_available(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tabular.FORMS["text/csv"].available
    monkeypatch.setattr(tabular, "find_spec", lambda _: None)
    assert not tabular.FORMS[ARROW].available
    assert tabular.FORMS["text/csv"].available


def test_sentences_come_in_the_asked_language(rest: httpx2.Client) -> None:
    english = post(rest, {"steps": 5}).json()["outcome"]
    for options in ({"params": {"lang": "zh"}}, {"headers": {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}}):
        chinese = post(rest, {"steps": 5}, **options).json()["outcome"]
        assert chinese["message"] == english["message"]
        facts = chinese["message"]["facts"]
        assert chinese["sentence"] == locales.words("zh")[f"message.{chinese['message']['key']}"].format(**facts)
        assert chinese["sentence"] != english["sentence"]


@pytest.mark.parametrize(
    "spec",
    [
        {"steps": 20_000},
        {"steps": 9000, "optimizer": {"name": "adam"}, "batch": {"size": 5, "order": "shuffled"}},
        {"steps": 20_000, "optimizer": {"learning_rate": 1.4}, "batch": {"size": "all"}},
        {"steps": 20_000, "batch": {"size": "all"}, "stop": {"gradient_norm": 1e-6}},
        {"steps": 0},
        {"steps": 4096},
        {"steps": 4095},
        CHANGED,
    ],
)
def test_in_pieces_a_run_is_the_same(spec: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(computing, "FIRST_ROWS_AFFINE", computing.FIRST_ROWS)
    described = engine.RunSpec.from_dict(spec)
    in_pieces, at_once = whole(described, lambda: True), engine.run(described)
    assert in_pieces.outcome == at_once.outcome
    np.testing.assert_array_equal(in_pieces.trajectory.step, at_once.trajectory.step)
    assert in_pieces.trajectory.theta.tobytes() == at_once.trajectory.theta.tobytes()
    assert in_pieces.trajectory.loss.tobytes() == at_once.trajectory.loss.tobytes()


def test_a_run_that_nobody_waits_for_is_left() -> None:
    answers = iter([True, True, False])
    with pytest.raises(Abandoned):
        whole(engine.RunSpec.from_dict({"steps": 10**6, "optimizer": {"name": "adam"}}), lambda: next(answers))


def test_rows_that_each_look_up_a_large_batch_are_left_soon() -> None:
    large = {"steps": 10**6, "dataset": {"count": 10_000}, "batch": {"size": 5_000, "order": "random"}}
    answers, done = iter([True, False]), list[int]()
    with pytest.raises(Abandoned):
        whole(engine.RunSpec.from_dict(large), lambda: next(answers), done.append)
    assert done[0] * 5_000 <= 10**8, "about a second of looking up"
