"""How a sweep stands, as JSON."""

from datetime import UTC, datetime
from typing import Any

from app import locales
from app.jobs.runner import Condition
from app.jobs.store import Record, State
from engine import Message

WAITING, RUNNING = "waiting", "running"
NAMES = (WAITING, RUNNING, *list(Condition)[1:], *list(State)[1:])


def state(record: Record, condition: Condition, at_work: frozenset[str], language: str) -> dict[str, Any]:
    """What the API says of a sweep.

    condition: what keeps this server from working, if anything does; at_work: the sweeps that its workers are at.
    """
    name = name_of(record, condition, at_work)
    here = f"/api/sweeps/{record.id}"
    facts = {"done": record.done_runs, "runs": record.runs, "reason": record.error}
    said = Message(f"sweep-{name}", {key: str(value) for key, value in facts.items()})
    return {
        "id": record.id,
        "state": name,
        "sentence": locales.say(said, language),
        "progress": record.done_steps / record.steps if record.steps else record.done_runs / record.runs,
        "seconds_left": _seconds_left(record, name),
        "runs": record.runs,
        "steps": record.steps,
        "done_runs": record.done_runs,
        "done_steps": record.done_steps,
        "created": _moment(record.created),
        "ended": None if record.ended is None else _moment(record.ended),
        "links": {"self": here} | {each: f"{here}/{each}" for each in ("results", "events", "request")},
    }


def name_of(record: Record, condition: Condition, at_work: frozenset[str]) -> str:
    """One of `NAMES`."""
    if record.state != State.OPEN:
        return str(record.state)
    if condition != Condition.WORKING:
        return str(condition)
    return RUNNING if record.done_parts or record.id in at_work else WAITING


def version(record: Record, condition: Condition, at_work: frozenset[str]) -> str:
    """Differs whenever there is news."""
    return f"{record.done_parts}-{name_of(record, condition, at_work)}"


def _seconds_left(record: Record, name: str) -> float | None:
    if record.state != State.OPEN:
        return 0.0
    if name != RUNNING or not record.steps_per_second:
        return None
    return (record.steps - record.done_steps) / record.steps_per_second


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
