"""JSON Schemas of everything that goes in and out, made from the engine's catalogue: there is no second list."""

from typing import Any

import engine
from app import updates
from app.settings import Settings

Schema = dict[str, Any]

NUMBER: Schema = {"type": ["number", "null"]}
NUMBERS: Schema = {"type": "array", "items": NUMBER}
TEXT: Schema = {"type": "string"}
FACTS: Schema = {"type": "object", "additionalProperties": TEXT}


def components(settings: Settings) -> dict[str, Schema]:
    """Every schema by its name."""
    catalog = engine.catalog()
    spec = run_spec(catalog, settings)
    return {
        "RunSpec": spec,
        "SurfaceSpec": _surface_spec(spec, catalog),
        "Run": _run(catalog),
        "Outcome": _outcome(),
        "Theory": _theory(catalog),
        "Surface": _surface(catalog),
        "UpdateSpec": _update_spec(spec),
        "Update": _update(catalog),
        "Formula": _formula(),
        "Catalog": _catalog(catalog),
        "Choice": _choice(),
        "Parameter": _parameter_record(),
        "Words": {"type": "object", "additionalProperties": TEXT},
        "Health": closed({"status": {"const": "ok"}, "version": TEXT}),
        "Problem": _problem(),
    }


def closed(properties: dict[str, Schema], required: list[str] | None = None, **more: Any) -> Schema:
    """An object of these properties and no others, all of them required unless said otherwise."""
    needed = list(properties) if required is None else required
    return {
        "type": "object",
        "properties": properties,
        **({"required": needed} if needed else {}),
        "additionalProperties": False,
        **more,
    }


def reference(name: str) -> Schema:
    """A schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def nullable(schema: Schema) -> Schema:
    """The same, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def parameter(record: dict[str, Any], most: float | None = None) -> Schema:
    """A number that may be chosen, from its record in the catalogue, at most `most` on this server."""
    high = record["high"] if most is None else min(record["high"], most)
    return {
        "type": "integer" if record["integer"] else "number",
        "minimum": record["low"],
        "maximum": high,
        "default": min(record["default"], high),
        "title": record["label"],
        "description": record["help"],
    }


def run_spec(catalog: dict[str, Any], settings: Settings) -> Schema:
    """The schema of a RunSpec."""
    run = {record["name"]: record for record in catalog["run"]}
    spec = engine.RunSpec.from_dict({})
    size = {"anyOf": [parameter(run["batch.size"], settings.max_points), {"const": "all"}], "default": spec.batch.size}
    batch = closed({"size": size, "order": _names(catalog["orders"], spec.batch.order)}, [])
    changes = closed({"step": parameter(run["steps"]), "optimizer": _merged(catalog["optimizers"])}, ["step"])
    stop = closed({"gradient_norm": parameter(run["stop.gradient_norm"])}, [])
    return closed(
        {
            "dataset": _dataset(catalog, spec.dataset.name, settings),
            "model": _names(catalog["models"], spec.model),
            "loss": _names(catalog["losses"], spec.loss),
            "optimizer": {"anyOf": [_variant(entry, spec.optimizer.name) for entry in catalog["optimizers"]]},
            "batch": nullable(batch),
            "start": nullable(_merged(catalog["models"])),
            "steps": parameter(run["steps"], settings.max_steps),
            "seed": parameter(run["seed"]),
            "changes": nullable({"type": "array", "items": changes, "maxItems": 10_000}),
            "stop": nullable(stop),
        },
        [],
        description="What determines a run. Every key has a default; an unknown one is an error.",
    )


def _names(entries: list[dict[str, Any]], default: str) -> Schema:
    words = "; ".join(f"{entry['name']}: {entry['help']}" for entry in entries)
    return {"enum": [entry["name"] for entry in entries], "default": default, "description": words}


def _variant(entry: dict[str, Any], default: str, more: dict[str, Schema] | None = None, **limits: float) -> Schema:
    """One thing chosen by name with its parameters; the name of the default may be left out."""
    name, parameters = entry["name"], entry["parameters"]
    properties = {"name": {"const": name}} | {p["name"]: parameter(p, limits.get(p["name"])) for p in parameters}
    required = ([] if name == default else ["name"]) + list(more or {})
    return closed(properties | (more or {}), required, title=entry["label"], description=entry["help"])


def _dataset(catalog: dict[str, Any], default: str, settings: Settings) -> Schema:
    number = {"type": "number", "minimum": -1e12, "maximum": 1e12}
    rows = {"minItems": 1, "maxItems": settings.max_points, "type": "array"}
    row = {"type": "array", "items": number, "minItems": 1}
    points = {"x": rows | {"items": {"anyOf": [number, row]}}, "y": rows | {"items": number}}
    return {
        "anyOf": [
            _variant(entry, default, None if entry["parameters"] else points, count=settings.max_points)
            for entry in catalog["datasets"]
        ]
    }


def _merged(entries: list[dict[str, Any]]) -> Schema:
    """Parameters of any of the entries, none required; each as wide as its widest."""
    properties: dict[str, Schema] = {}
    for entry in entries:
        for record in entry["parameters"]:
            new = parameter(record)
            old = properties.get(record["name"], new)
            new["minimum"] = min(new["minimum"], old["minimum"])
            new["maximum"] = max(new["maximum"], old["maximum"])
            del new["default"]
            properties[record["name"]] = new
    return closed(properties, [])


def _surface_spec(spec: Schema, catalog: dict[str, Any]) -> Schema:
    number, count = {"type": "number"}, {"type": "integer", "minimum": 2}
    axis = {
        "anyOf": [
            {"type": "array", "prefixItems": [number, number, count], "minItems": 3, "maxItems": 3},
            {"type": "number"},
            {"type": "null"},
        ],
        "description": "[low, high, count], ends included; or one number for a slice there.",
    }
    return spec | {"properties": spec["properties"] | dict.fromkeys(_parameters(catalog), axis)}


def _parameters(catalog: dict[str, Any]) -> list[str]:
    """The names of the parameters of all models, in order."""
    return list(dict.fromkeys(record["name"] for entry in catalog["models"] for record in entry["parameters"]))


def _columns(catalog: dict[str, Any], schema: Schema) -> dict[str, Schema]:
    return dict.fromkeys([*_parameters(catalog), "loss"], schema)


def _run(catalog: dict[str, Any]) -> Schema:
    steps = {"type": "array", "items": {"type": "integer"}, "minItems": 1}
    return closed(
        {
            "spec": reference("RunSpec"),
            "outcome": reference("Outcome"),
            "final": closed(_columns(catalog, NUMBER), ["w", "loss"]),
            "theory": reference("Theory"),
            "trajectory": closed({"step": steps} | _columns(catalog, NUMBERS), ["step", "w", "loss"]),
            "steps_to_goal": nullable({"type": "integer", "minimum": 0}),
        },
        ["spec", "outcome", "final", "theory", "trajectory"],
    )


def _outcome() -> Schema:
    status = {"enum": [str(status) for status in engine.Status]}
    return closed({"status": status, "step": {"type": "integer", "minimum": 0}, **_said()})


def _said() -> dict[str, Schema]:
    """A sentence, and what it is made of."""
    return {"sentence": TEXT, "message": closed({"key": {"enum": sorted(engine.MESSAGES)}, "facts": FACTS})}


def _theory(catalog: dict[str, Any]) -> Schema:
    optimum = closed(dict.fromkeys(_parameters(catalog), NUMBER), ["w"])
    figures = (
        "condition_number",
        "learning_rate_limit",
        "best_learning_rate",
        "error_factor",
        "long_run_excess",
        "crawls_below",
        "wanders_above",
        "oscillates_above",
    )
    outlook = closed({"regime": {"enum": [str(regime) for regime in engine.Regime]}, **_said()})
    known = closed(
        {"optimum": optimum, "optimum_loss": NUMBER, "eigenvalues": NUMBERS}
        | dict.fromkeys(figures, NUMBER)
        | {"per": {"enum": ["step", "epoch", "random"]}, "outlook": nullable(outlook)}
    )
    return nullable(known) | {"description": "What is known of a run before it is made; null where nothing is."}


def _surface(catalog: dict[str, Any]) -> Schema:
    grid = {"anyOf": [NUMBERS, NUMBER]}
    loss = {"type": "array", "items": grid, "description": "Indexed [b][w]; [w] alone without b."}
    return closed(dict.fromkeys(_parameters(catalog), NUMBERS) | {"loss": loss}, ["w", "loss"])


def _update_spec(spec: Schema) -> Schema:
    return spec | {"properties": spec["properties"] | {updates.STEP.name: parameter(updates.STEP.to_dict())}}


def _update(catalog: dict[str, Any]) -> Schema:
    count: Schema = {"type": "integer", "minimum": 0}
    rows = {"type": "array", "items": count, "maxItems": updates.MOST_ROWS}
    by_parameter = closed(dict.fromkeys(_parameters(catalog), NUMBER), ["w"])
    by_name = {"type": "object", "additionalProperties": NUMBER}
    columns = {"type": "object", "additionalProperties": NUMBERS}
    batch = closed({"count": count, "rows": rows, "columns": columns, "means": by_name})
    own = closed(dict.fromkeys(_parameters(catalog), NUMBERS), ["w"])
    either = {"anyOf": [NUMBER, NUMBERS]}
    phase: Schema = {"enum": ["forward", "backward", "move"]}
    line = closed(
        {"phase": phase, "code": TEXT, "target": TEXT}
        | {"formula": reference("Formula"), "values": {"type": "object", "additionalProperties": either}}
        | {"result": either},
        ["phase", "code", "target", "formula"],
    )
    known = closed(
        {"step": count, "parameters": {"type": "array", "items": TEXT}}
        | dict.fromkeys(("before", "after", "gradient"), by_parameter)
        | {"batch": batch, "data": closed({"gradient": by_parameter, "rows": rows, "gradients": own})}
        | {"lines": {"type": "array", "items": line}}
    )
    return nullable(known) | {"description": "One update, taken apart; null for a run that has none."}


def _formula() -> Schema:
    operation = {"type": "array", "prefixItems": [TEXT], "items": reference("Formula"), "minItems": 2}
    return {
        "anyOf": [{"type": "number"}, TEXT, operation],
        "description": "A number, a name, or an operator followed by its operands.",
    }


def _catalog(catalog: dict[str, Any]) -> Schema:
    groups = {name: {"type": "array", "items": reference("Choice")} for name in catalog if name != "run"}
    return closed(groups | {"run": {"type": "array", "items": reference("Parameter")}})


def _choice() -> Schema:
    parameters = {"type": "array", "items": reference("Parameter")}
    return closed({"name": TEXT, "label": TEXT, "help": TEXT, "parameters": parameters})


def _parameter_record() -> Schema:
    plain = {"type": "number"}
    return closed(
        {"name": TEXT, "label": TEXT, "symbol": TEXT, "default": plain, "low": plain, "high": plain}
        | {"scale": {"enum": ["linear", "log"]}, "integer": {"type": "boolean"}}
        | {"slider": {"type": "array", "items": plain, "minItems": 2, "maxItems": 2}, "help": TEXT}
    )


def _problem() -> Schema:
    error = closed({"path": TEXT, "message": TEXT})
    return closed(
        {"type": TEXT, "title": TEXT, "status": {"type": "integer"}, "detail": TEXT}
        | {"errors": {"type": "array", "items": error}},
        ["type", "title", "status", "errors"],
    )
