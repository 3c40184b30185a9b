"""POST /api/runs: a spec → the run."""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

import engine
from app import answers, bodies, computing, openapi, queries, tabular, trajectories
from app.api.services import read, services
from app.errors import language_of
from app.work import Workers
from engine import RunSpec, steps_to_goal
from engine.theory import is_known

router = APIRouter()

EVERY = queries.whole("every", 1, 1, 10**9, "Keep rows 0, K, 2·K, … and always the last one.")
TRAJECTORY = queries.flag(
    "trajectory", True, "With false, only the first row and the last one are kept, in a table too."
)
GOAL = queries.number(
    "goal",
    engine.GOAL,
    "Also give `steps_to_goal`: the first step whose loss exceeds the least possible by at most this.",
)
QUERIES = (EVERY, TRAJECTORY, GOAL, queries.LANG)

PATH = "/api/runs"
# The headers that say what form and language are wanted.
_ASKING = (b"accept", b"accept-language")
# Rows that the steps of an affine run look up, one each at the least, where a thread would only make it slower.
AT_ONCE = 2_000
# Rows of an answer that is sent in one piece, and remembered.
SMALL = 1_000


@router.post(PATH, **openapi.operation("Run", QUERIES, body="RunSpec", forms=tuple(tabular.FORMS)))
async def run(request: Request) -> Response:
    """Compute a run: every row of it, how it ended, and what theory says of it."""
    query = request.scope["query_string"]
    asking = tuple([header for header in request.scope["headers"] if header[0] in _ASKING])
    options, media_type, content_type, language = _wanted(query, asking)
    using = services(request)
    text = await bodies.read(request, using.settings.max_body_bytes)
    question = (query, media_type, language, text)
    known = using.runs.find(question)
    if known is None:
        spec = await read(using, text, RunSpec.from_dict)
        compute = partial(_answer, spec, options, media_type, language)
        pieces = await _computed(request, using.workers, spec, compute)
        if len(pieces) == 1:
            using.runs.keep(question, pieces[0])
    else:
        pieces = [known]
    return answers.Pieces(pieces, (b"vary", b"Accept, Accept-Language"), (b"content-type", content_type))


@lru_cache(maxsize=64)
def _wanted(query: bytes, headers: tuple[tuple[bytes, bytes], ...]) -> tuple[dict[str, Any], str, bytes, str]:
    """Options, form, its content type and language that a query and these headers ask for: mostly the same."""
    request = Request({"type": "http", "query_string": query, "headers": headers})
    options, media_type = queries.read(request, *QUERIES), tabular.negotiate(request)
    return options, media_type, tabular.content_type(media_type).encode(), language_of(request)


async def _computed(
    request: Request, workers: Workers, spec: RunSpec, compute: Callable[[Callable[[], bool]], list[bytes]]
) -> list[bytes]:
    """What `compute` gives: at once where that takes about a millisecond, no longer than a thread takes to begin."""
    if spec.steps * computing.looked_up(spec) <= AT_ONCE and is_known(spec):
        return compute(lambda: True)
    if computing.is_short(spec):
        return await workers.run(compute, lambda: True)
    return await workers.run_for(request, compute)


def _answer(
    spec: RunSpec, options: dict[str, Any], media_type: str, language: str, go_on: Callable[[], bool]
) -> list[bytes]:
    result = computing.whole(spec, go_on)
    kept = trajectories.thinned(result.trajectory, options["every"])
    kept = kept if options["trajectory"] else trajectories.ends(kept)
    if media_type != tabular.JSON:
        pieces = list(tabular.FORMS[media_type].write([answers.columns(kept)]))
        return pieces if len(kept) > SMALL else [b"".join(pieces)]
    answer = answers.run(result, kept, language)
    if options["goal"] is not None:
        answer["steps_to_goal"] = steps_to_goal(spec, result.trajectory, options["goal"])
    return [answers.dumps(answer)]
