"""The OpenAPI document: made from the catalogue, complete, and with examples that work."""

from typing import Any

import httpx2
import jsonschema_rs
import pytest

import engine
from app import examples, schemas
from app.main import create_app
from app.settings import Settings

CATALOG = engine.catalog()
POSTS = ("/api/runs", "/api/surface", "/api/theory")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app(Settings(max_steps=5000, max_points=500)).openapi()


def validator(document: dict[str, Any], name: str) -> Any:
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    return jsonschema_rs.validator_for(schema)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def references(value: Any) -> set[str]:
        if isinstance(value, dict):
            own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
            return own.union(*map(references, value.values()))
        return set().union(*map(references, value)) if isinstance(value, list) else set()

    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert references(document) <= known


@pytest.mark.parametrize("path", POSTS)
def test_calls_say_what_can_go_wrong(document: dict[str, Any], path: str) -> None:
    responses = document["paths"][path]["post"]["responses"]
    assert {"200", "413", "415", "422", "503"} <= responses.keys()
    for status, response in responses.items():
        assert response["description"]
        if status != "200":
            assert list(response["content"]) == ["application/problem+json"]
    body = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    assert body["examples"]


def test_names_are_those_of_the_catalogue(document: dict[str, Any]) -> None:
    spec = document["components"]["schemas"]["RunSpec"]["properties"]
    assert spec["model"]["enum"] == [entry["name"] for entry in CATALOG["models"]]
    assert spec["loss"]["enum"] == [entry["name"] for entry in CATALOG["losses"]]
    offered = [variant["properties"]["name"]["const"] for variant in spec["optimizer"]["anyOf"]]
    assert offered == [entry["name"] for entry in CATALOG["optimizers"]]
    offered = [variant["properties"]["name"]["const"] for variant in spec["dataset"]["anyOf"]]
    assert offered == [entry["name"] for entry in CATALOG["datasets"]]


def test_bounds_are_those_of_this_server(document: dict[str, Any]) -> None:
    spec = document["components"]["schemas"]["RunSpec"]["properties"]
    assert spec["steps"]["maximum"] == 5000
    counts = [v["properties"]["count"]["maximum"] for v in spec["dataset"]["anyOf"] if "count" in v["properties"]]
    assert set(counts) == {500}


@pytest.mark.parametrize("name", [*examples.EXPERIMENTS, *examples.SURFACES])
def test_examples_fit_their_schemas(name: str) -> None:
    components = {"schemas": schemas.components(Settings())}
    kind = "SurfaceSpec" if name in examples.SURFACES else "RunSpec"
    value = (examples.SURFACES if name in examples.SURFACES else examples.EXPERIMENTS)[name]["value"]
    validator({"components": components}, kind).validate(value)


@pytest.mark.parametrize(
    ("spec", "fits"),
    [
        ({}, True),
        (engine.RunSpec.from_dict({"steps": 10}).to_dict(), True),
        ({"dataset": {"count": 5}}, True),
        ({"dataset": {"name": "points", "x": [1, 2], "y": [1, 2]}}, True),
        ({"dataset": {"name": "points", "x": [[1], [2]], "y": [1, 2]}}, True),
        ({"dataset": {"name": "points", "x": [1]}}, False),
        ({"dataset": {"name": "points", "count": 5}}, False),
        ({"optimizer": {"learning_rate": 0.2}}, True),
        ({"optimizer": {"name": "adam", "beta1": 0.5}}, True),
        ({"optimizer": {"name": "gradient-descent", "beta1": 0.5}}, False),
        ({"optimizer": {"name": "adm"}}, False),
        ({"batch": {"size": "all"}}, True),
        ({"batch": {"size": "some"}}, False),
        ({"steps": 10**7}, False),
        ({"changes": [{"step": 5, "optimizer": {"learning_rate": 0.2}}]}, True),
        ({"changes": [{"optimizer": {"learning_rate": 0.2}}]}, False),
        ({"stop": {"gradient_norm": 1e-8}}, True),
        ({"stop": None}, True),
        ({"speed": 5}, False),
    ],
)
def test_the_schema_takes_what_the_engine_takes(document: dict[str, Any], spec: dict[str, Any], fits: bool) -> None:
    assert validator(document, "RunSpec").is_valid(spec) == fits


@pytest.mark.parametrize("path", POSTS)
def test_answers_fit_their_schemas(rest: httpx2.Client, path: str) -> None:
    document = rest.get("/openapi.json").json()
    answered = document["paths"][path]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    name = answered["$ref"].rpartition("/")[2]
    for spec in ({"steps": 20}, {"steps": 20, "model": "proportional"}, {"steps": 5, "loss": "absolute-error"}):
        validator(document, name).validate(rest.post(path, json=spec).json())
    validator(document, "Problem").validate(rest.post(path, json={"x": 1}).json())


@pytest.mark.parametrize("path", ["/api/catalog", "/api/words", "/healthz"])
def test_lists_fit_their_schemas(rest: httpx2.Client, path: str) -> None:
    document = rest.get("/openapi.json").json()
    answered = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    validator(document, answered["$ref"].rpartition("/")[2]).validate(rest.get(path).json())


def test_calls_list_the_answers_that_they_give_and_no_others(document: dict[str, Any]) -> None:
    good = {
        (method, path): {status: list(answer.get("content", {})) for status, answer in told["responses"].items()}
        for path, methods in document["paths"].items()
        for method, told in methods.items()
    }
    succeeding = {call: {s: forms for s, forms in answers.items() if s < "300"} for call, answers in good.items()}
    assert all(len(answers) == 1 for answers in succeeding.values())
    assert succeeding["post", "/api/sweeps"] == {"202": ["application/json"]}
    assert succeeding["get", "/api/sweeps/{id}/events"] == {"200": ["text/event-stream"]}
    exported = succeeding["post", "/api/exports/png"]["200"]
    assert exported == ["image/png", "text/event-stream"]
