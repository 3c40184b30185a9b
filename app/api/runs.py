"""POST /api/runs: a spec → the run."""

from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

import engine
from app import answers, computing, openapi, queries, tabular, trajectories
from app.api.services import read, read_text, services
from app.errors import language_of
from engine import RunSpec, steps_to_goal
from engine.theory import is_known

router = APIRouter()

EVERY = queries.whole("every", 1, 1, 10**9, "Keep rows 0, K, 2·K, … and always the last one.")
TRAJECTORY = queries.flag("trajectory", True, "With false, only the first row and the last one are kept.")
GOAL = queries.number(
    "goal",
    engine.GOAL,
    "Also give `steps_to_goal`: the first step whose loss exceeds the least possible by at most this.",
)
QUERIES = (EVERY, TRAJECTORY, GOAL, queries.LANG)

# Steps of a run that a thread would only make slower, where each takes a microsecond.
AT_ONCE = 2_000
# Rows of an answer that is sent in one piece, and remembered.
SMALL = 1_000
# Steps times rows of a run that is over before anybody could have left.
SHORT = 500_000


@router.post("/api/runs", **openapi.operation("Run", QUERIES, body="RunSpec", forms=tuple(tabular.FORMS)))
async def run(request: Request) -> Response:
    """Compute a run: every row of it, how it ended, and what theory says of it."""
    options = queries.read(request, *QUERIES)
    media_type = tabular.negotiate(request)
    language = language_of(request)
    text = await read_text(request)
    using = services(request)
    question = (request.url.query, media_type, language, text)
    known = using.runs.find(question)
    if known is None:
        spec = await read(request, text, RunSpec.from_dict)
        pieces = await _computed(request, spec, partial(_answer, spec, options, media_type, language))
        if len(pieces) == 1:
            using.runs.keep(question, pieces[0])
    else:
        pieces = [known]
    headers = {"vary": "Accept, Accept-Language"}
    return answers.Pieces(pieces, headers, tabular.content_type(media_type))


async def _computed(
    request: Request, spec: RunSpec, compute: Callable[[Callable[[], bool]], list[bytes]]
) -> list[bytes]:
    """What `compute` gives: at once where that takes about a millisecond, no longer than a thread takes to begin."""
    workers = services(request).workers
    if spec.steps <= AT_ONCE and is_known(spec):
        return compute(lambda: True)
    if spec.steps * len(spec.dataset) <= SHORT:
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
