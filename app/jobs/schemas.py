"""JSON Schemas of sweeps, made from the catalogue like all others."""

from typing import Any

import engine
from app import schemas
from app.jobs import states, tables
from app.jobs.vary import NAMES, numbers_of
from app.schemas import NUMBER, NUMBERS, TEXT, Schema, closed, nullable
from app.settings import Settings

COUNT: Schema = {"type": "integer", "minimum": 0}
INTEGERS: Schema = {"type": "array", "items": {"type": "integer"}}
VALUES: Schema = {"type": "array"}


def components(spec: Schema, settings: Settings) -> dict[str, Schema]:
    """Every schema by its name; `spec` is that of a run."""
    return {"SweepSpec": _asked(spec, settings), "Sweep": _state(), "SweepTable": _table()}


def _asked(spec: Schema, settings: Settings) -> Schema:
    goal = closed({"excess_loss": {"type": "number", "exclusiveMinimum": 0}})
    vary = {
        "type": "object",
        "properties": {key: _values(key, parameter, settings) for key, parameter in _keys().items()},
        "additionalProperties": False,
        "minProperties": 1,
        "description": "Keys of a run, each with a list of values or a range of numbers; every combination is a run.",
    }
    return closed({"base": spec, "vary": vary, "goal": nullable(goal)}, ["vary"])


def _keys() -> dict[str, Schema | None]:
    """Every key that can be varied with the schema of its numbers; None for names."""
    keys: dict[str, Schema | None] = dict.fromkeys(NAMES)
    usual = {key: next(iter(registry)) for key, registry in NAMES.items()}
    for key, registry in NAMES.items():
        for name in registry:
            for number, parameter in numbers_of(usual | {key: name}).items():
                keys.setdefault(number, _bounds(parameter.to_dict()))
    return keys


def _bounds(record: dict[str, Any]) -> Schema:
    bounded = schemas.parameter(record)
    del bounded["default"]
    return bounded


def _values(key: str, number: Schema | None, settings: Settings) -> Schema:
    value = {"enum": list(NAMES[key])} if number is None else number
    value = {"anyOf": [number, {"const": "all"}]} if key == "batch.size" else value
    values = {"type": "array", "items": value, "minItems": 1, "maxItems": settings.max_sweep_runs}
    if number is None:
        return values
    count = {"type": "integer", "minimum": 1, "maximum": settings.max_sweep_runs}
    ends = {"from": number, "to": number, "count": count, "scale": {"enum": ["linear", "log"]}}
    return {"anyOf": [values, closed(ends, ["from", "to", "count"])]}


def _state() -> Schema:
    links = dict.fromkeys(("self", "results", "events", "request"), TEXT)
    counts = dict.fromkeys(("runs", "steps", "done_runs", "done_steps"), COUNT)
    return closed(
        {"id": TEXT, "state": {"enum": list(states.NAMES)}, "sentence": TEXT}
        | {"progress": {"type": "number", "minimum": 0, "maximum": 1}, "seconds_left": NUMBER}
        | counts
        | {"created": TEXT, "ended": nullable(TEXT), "links": closed(links)}
    )


def _table() -> Schema:
    models = (entry.value.parameters for entry in engine.MODELS.values())
    figures = dict.fromkeys([name for names in models for name in names], NUMBERS)
    ends: dict[str, Schema] = dict.fromkeys(tables.AT_THE_END, INTEGERS)
    ends |= {"loss": NUMBERS, "status": {"type": "array", "items": {"enum": [str(each) for each in engine.Status]}}}
    varied = dict.fromkeys(_keys(), VALUES)
    return closed(varied | figures | ends, list(ends), description="A column for each name, a row for each run.")
