"""Every message of a live session, both ways. Frames of numbers are in `frames`."""

from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, field, fields
from http import HTTPStatus
from typing import Any, ClassVar

from app import answers, bodies, trajectories, updates
from app.texts import fail
from engine import Change as RateChange
from engine import Outcome, Problem, Run, SpecError, Theory, Trajectory, Update
from engine.messages import brief
from engine.registry import ParamSpec

PROTOCOL = 1
FARTHEST = 10**9
SPEEDS = (0.1, 1e9)


def _number(name: str, low: float, high: float, *, integer: bool) -> dict[str, Any]:
    return {"read": ParamSpec(name, name, low, low, high, "", integer=integer).read}


def _read_object(value: object, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise fail(path, "expected-object", got=brief(value))
    return value


_OBJECT = {"read": _read_object}


@dataclass(frozen=True, slots=True)
class Start:
    """Begin with a run, at one of its steps; whatever ran before is over."""

    type: ClassVar = "start"
    spec: dict[str, Any] = field(default_factory=dict, metadata=_OBJECT)
    at: int = field(default=0, metadata=_number("at", 0, FARTHEST, integer=True))


@dataclass(frozen=True, slots=True)
class Play:
    """Go on by itself."""

    type: ClassVar = "play"


@dataclass(frozen=True, slots=True)
class Pause:
    """Stand still."""

    type: ClassVar = "pause"


@dataclass(frozen=True, slots=True)
class Step:
    """Stand still, `count` steps further on, or back if it is negative."""

    type: ClassVar = "step"
    count: int = field(default=1, metadata=_number("count", -FARTHEST, FARTHEST, integer=True))


@dataclass(frozen=True, slots=True)
class Seek:
    """Be at `step`, or at the last one if the run is shorter."""

    type: ClassVar = "seek"
    step: int = field(metadata=_number("step", 0, FARTHEST, integer=True))


@dataclass(frozen=True, slots=True)
class Ahead:
    """A jump may follow: see to the rows up to the end of the run as far as there is time; nothing is answered."""

    type: ClassVar = "ahead"


@dataclass(frozen=True, slots=True)
class Speed:
    """Play that fast."""

    type: ClassVar = "speed"
    steps_per_second: float = field(metadata=_number("steps_per_second", *SPEEDS, integer=False))


@dataclass(frozen=True, slots=True)
class Change:
    """Use these parameters of the method from the next step on; changes after the current step are dropped."""

    type: ClassVar = "change"
    optimizer: dict[str, Any] = field(metadata=_OBJECT)


@dataclass(frozen=True, slots=True)
class Inspect:
    """Tell of the update that leads from `step` to the next one; a later wish makes an earlier one needless."""

    type: ClassVar = "inspect"
    step: int = field(metadata=_number("step", 0, FARTHEST, integer=True))


@dataclass(frozen=True, slots=True)
class Ack:
    """`step` is the last one drawn."""

    type: ClassVar = "ack"
    step: int = field(metadata=_number("step", 0, FARTHEST, integer=True))


Command = Start | Play | Pause | Step | Seek | Ahead | Speed | Change | Inspect | Ack
COMMANDS: dict[str, type[Command]] = {
    kind.type: kind for kind in (Start, Play, Pause, Step, Seek, Ahead, Speed, Change, Inspect, Ack)
}


def parse(text: str) -> Command:
    """The command that a text message gives; SpecError with everything that is wrong with it."""
    message = bodies.parse_object(text)
    name = message.get("type")
    if not isinstance(name, str):
        raise fail("type", "missing" if name is None else "expected-name", expected="a name", got=brief(name))
    if name not in COMMANDS:
        raise fail("type", "unknown-name", kind="message", got=name[:40], expected=", ".join(COMMANDS))
    members = _MEMBERS[name]
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for key, value in message.items():
        try:
            if key in members:
                values[key] = members[key].metadata["read"](value, key)
            elif key != "type":
                raise fail(key[:40], "unknown-key", expected=", ".join(["type", *members]))
        except SpecError as error:
            problems.extend(error.problems)
    for key, member in members.items():
        if key not in message and _is_required(member):
            problems.extend(fail(key, "missing", expected="a value").problems)
    if problems:
        raise SpecError(*problems[:20])
    return COMMANDS[name](**values)


_MEMBERS = {name: {member.name: member for member in fields(command)} for name, command in COMMANDS.items()}


def _is_required(member: "Field[Any]") -> bool:
    return member.default is MISSING and member.default_factory is MISSING


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """A run has been opened: all that does not change while it goes, and the step that it will stand at."""

    type: ClassVar = "ready"
    run: Run
    step: int
    steps_per_second: float
    axes: dict[str, Any]
    loss: Any
    theory: Theory | None

    def to_json(self, language: str) -> bytes:
        """The text message, its sentence in `language`."""
        spec = self.run.spec
        return answers.dumps(
            {
                "type": self.type,
                "protocol": PROTOCOL,
                "spec": spec.to_dict(),
                "parameters": list(self.run.parameters),
                "step": self.step,
                "data": answers.data(spec.data),
                "surface": answers.surface(self.axes, self.loss),
                "theory": answers.theory(self.theory, language),
                "steps_per_second": self.steps_per_second,
            }
        )


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """How the session stands; the theory is that of the parameters in force now."""

    type: ClassVar = "state"
    status: str
    step: int
    steps_per_second: float
    changes: tuple[RateChange, ...]
    theory: Theory | None
    outcome: Outcome

    def to_json(self, language: str) -> bytes:
        """The text message, its sentence in `language`."""
        changes = [{"step": change.step, "optimizer": change.optimizer} for change in self.changes]
        return answers.dumps(
            {
                "type": self.type,
                "status": self.status,
                "step": self.step,
                "steps_per_second": self.steps_per_second,
                "changes": changes,
                "theory": answers.theory(self.theory, language),
                "outcome": answers.outcome(self.outcome, language),
            }
        )


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """The update that was asked for, or None where the run has none: as REST has it."""

    type: ClassVar = "update"
    asked: int
    update: Update | None

    def to_json(self) -> bytes:
        """The text message."""
        return answers.dumps({"type": self.type, "asked": self.asked, "update": updates.to_json(self.update)})


@dataclass(frozen=True, slots=True)
class Progress:
    """The session is on a long way to `target`, out of sight; the rows up to `step` are known."""

    type: ClassVar = "progress"
    step: int
    target: int

    def to_json(self) -> bytes:
        """The text message."""
        return answers.dumps({"type": self.type, "step": self.step, "target": self.target})


@dataclass(frozen=True, slots=True)
class Error:
    """Something was wrong with a message; nothing has changed."""

    type: ClassVar = "error"
    problems: tuple[Problem, ...]
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY

    def to_json(self, language: str) -> bytes:
        """The text message: the members of a problem of REST, and of each error its key and facts.

        A connection outlives the language of its page: whoever changes it says the sentences from these.
        """
        title = HTTPStatus(self.status).phrase
        errors = answers.keyed_errors(self.problems, language)
        return answers.dumps({"type": self.type, "title": title, "status": self.status, "errors": errors})


def rows_to_json(rows: Trajectory) -> Iterator[bytes]:
    """One `step` message for each row, where the session is in JSON: `{"type":"step","step":1,"w":0.2,…}`."""
    return trajectories.json_rows(rows, b'{"type":"step",')
