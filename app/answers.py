"""What the engine computes as JSON: the same words in REST answers and in messages of a live session."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from app import locales
from engine import Dataset, Outcome, Problem, RunResult, Theory, Trajectory

Columns = dict[str, npt.NDArray[Any]]
# Rows that are sooner written from lists than from arrays.
_FEW = 64


def dumps(content: Any) -> bytes:
    """JSON, arrays as lists; a number that is not finite becomes null, for JSON has no other way to say it."""
    return orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY)


class JSON(JSONResponse):
    """A response of JSON: `content` as `dumps` takes it, or bytes that are JSON already."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """The body."""
        return content if isinstance(content, bytes) else dumps(content)


class Pieces(Response):
    """A response whose body stays in pieces: to join those of a large one takes longer than to compute them."""

    def __init__(self, pieces: Sequence[bytes], *headers: tuple[bytes, bytes]) -> None:
        """`headers` are those beside the length, as they are sent."""
        self.raw_headers = [*headers, (b"content-length", b"%d" % sum(map(len, pieces)))]
        self.status_code, self.background = 200, None
        self._pieces = pieces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 -- as ASGI has it
        """Send them one after the other."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for number, piece in enumerate(self._pieces, 1):
            more = number < len(self._pieces)
            await send({"type": "http.response.body", "body": piece, "more_body": more})


def columns(trajectory: Trajectory) -> Columns:
    """The columns of a trajectory by name: step, the parameters in order, loss."""
    found = {"step": trajectory.step} | {name: trajectory.column(name) for name in (*trajectory.names, "loss")}
    return {name: np.ascontiguousarray(column) for name, column in found.items()}


def run(result: RunResult, kept: Trajectory, language: str) -> dict[str, Any]:
    """A whole run, with those of its rows that are `kept`."""
    return {
        "spec": result.spec.to_dict(),
        "outcome": outcome(result.outcome, language),
        "final": result.final,
        "theory": theory(result.theory, language),
        "trajectory": columns(kept) if len(kept) > _FEW else kept.lists(),
    }


def outcome(outcome: Outcome, language: str) -> dict[str, Any]:
    """How a run stands, with its sentence in `language`."""
    return {
        "status": outcome.status,
        "step": outcome.step,
        "sentence": locales.say(outcome.message, language),
        "message": {"key": outcome.message.key, "facts": outcome.message.facts},
    }


def theory(theory: Theory | None, language: str) -> dict[str, Any] | None:
    """What is known of a run before it is made, with its sentence in `language`; None where nothing is."""
    return None if theory is None else theory.to_dict(partial(locales.say, language=language))


def surface(axes: dict[str, npt.NDArray[np.float64]], loss: npt.NDArray[np.float64]) -> dict[str, Any]:
    """A loss surface: the values along each axis, and the loss indexed [b][w]."""
    return {**axes, "loss": np.ascontiguousarray(loss)}


def data(data: Dataset) -> dict[str, Any]:
    """The rows of a dataset, x as rows of numbers, and the names of its columns."""
    return {
        "x": np.ascontiguousarray(data.x),
        "y": np.ascontiguousarray(data.y),
        "names": {"x": list(data.x_names), "y": data.y_name},
    }


def errors(problems: tuple[Problem, ...], language: str) -> list[dict[str, str]]:
    """What is wrong with an input, field by field, in `language`."""
    return [{"path": each.path, "message": locales.say(each.message, language)} for each in problems]


def keyed_errors(problems: tuple[Problem, ...], language: str) -> list[dict[str, Any]]:
    """The same, with what a page says it from again in another language."""
    said = zip(errors(problems, language), problems, strict=True)
    return [error | {"key": each.message.key, "facts": each.message.facts} for error, each in said]
