"""JSON Schemas of sweeps, made from the catalogue like all others."""

import engine
from app import schemas
from app.jobs import states, tables
from app.schemas import FACTS, NUMBER, NUMBERS, TEXT, Schema, closed, nullable
from app.settings import Settings
from engine.keys import NAMES, all_keys
from engine.registry import ParamSpec
from engine.sweeps import GOAL
from engine.values import SCALES

COUNT: Schema = {"type": "integer", "minimum": 0}
INTEGERS: Schema = {"type": "array", "items": {"type": "integer"}}
VALUES: Schema = {"type": "array"}


def components(spec: Schema, settings: Settings) -> dict[str, Schema]:
    """Every schema by its name; `spec` is that of a run."""
    return {"SweepSpec": _asked(spec, settings), "Sweep": _state(), "SweepTable": _table(), "SweepCheck": _check()}


def _asked(spec: Schema, settings: Settings) -> Schema:
    goal = closed({GOAL.name: schemas.parameter(GOAL.to_dict())})
    vary = {
        "type": "object",
        "properties": {key: _values(key, parameter, settings) for key, parameter in all_keys().items()},
        "additionalProperties": False,
        "minProperties": 1,
        "description": "Keys of a run, each with a list of values or a range of numbers; every combination is a run.",
    }
    return closed({"base": spec, "vary": vary, "goal": nullable(goal)}, ["vary"])


def _values(key: str, parameter: ParamSpec | None, settings: Settings) -> Schema:
    values = {"type": "array", "minItems": 1, "maxItems": settings.max_sweep_runs}
    if parameter is None:
        return values | {"items": {"enum": list(NAMES[key])}}
    number = schemas.parameter(parameter.to_dict())
    del number["default"]
    count = {"type": "integer", "minimum": 1, "maximum": settings.max_sweep_runs}
    ends = {"from": number, "to": number, "count": count, "scale": {"enum": list(SCALES)}}
    value = {"anyOf": [number, {"const": "all"}]} if key == "batch.size" else number
    return {"anyOf": [values | {"items": value}, closed(ends, ["from", "to", "count"])]}


def _state() -> Schema:
    links = dict.fromkeys(("self", "results", "events", "request"), TEXT)
    counts = dict.fromkeys(("runs", "steps", "done_runs", "done_steps"), COUNT)
    return closed(
        {"id": TEXT, "state": {"enum": list(states.NAMES)}, "sentence": TEXT}
        | {"progress": {"type": "number", "minimum": 0, "maximum": 1}, "seconds_left": NUMBER}
        | counts
        | {"created": TEXT, "ended": nullable(TEXT), "links": closed(links)}
    )


def _check() -> Schema:
    cost = closed({"runs": COUNT, "steps": COUNT, "seconds": {"type": "number", "minimum": 0}})
    errors = {"type": "array", "items": closed({"path": TEXT, "message": TEXT, "key": TEXT, "facts": FACTS})}
    return closed({"cost": nullable(cost), "errors": errors})


def _table() -> Schema:
    models = (entry.value.parameters for entry in engine.MODELS.values())
    figures = dict.fromkeys([name for names in models for name in names], NUMBERS)
    ends: dict[str, Schema] = dict.fromkeys(tables.AT_THE_END, INTEGERS)
    ends |= {
        "loss": NUMBERS,
        "excess_loss": NUMBERS,
        "steps_to_goal": NUMBERS,
        "status": {"type": "array", "items": {"enum": [str(each) for each in engine.Status]}},
    }
    varied = dict.fromkeys(all_keys(), VALUES)
    return closed(varied | figures | ends, list(ends), description="A column for each name, a row for each run.")
