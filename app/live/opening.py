"""From the spec of a `start` to a run and all that a viewer is told of it first."""

import engine
from app import limits
from app.errors import Refused
from app.live.messages import Ready, Start
from app.settings import Settings
from engine import Run, RunSpec


def open_run(start: Start, steps_per_second: float, settings: Settings) -> Ready:
    """The run and its bowl; SpecError with everything that is wrong with the spec, Refused with what is too large."""
    too_much = limits.excess(start.spec, settings)
    if too_much:
        raise Refused(413, *too_much)
    spec = RunSpec.from_dict(start.spec)
    at = min(start.at, spec.steps)
    axes, loss = engine.surface(spec)
    return Ready(Run(spec), at, steps_per_second, axes, loss, engine.analyse(spec.at(at)))
