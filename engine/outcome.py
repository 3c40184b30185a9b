"""How a run stands or how it ended, and the sentence that says so with its numbers."""

from dataclasses import dataclass
from enum import StrEnum

from engine.messages import Message, message
from engine.numbers import apart
from engine.objective import DIVERGED
from engine.regimes import growth
from engine.spec import RunSpec
from engine.theory import analyse

__all__ = ["DIVERGED", "Outcome", "Status", "converged", "diverged", "finished", "running"]


class Status(StrEnum):
    """running: rows are left; finished: all steps done; converged: the stop rule was met; diverged: the loss was
    not finite or beyond `DIVERGED`."""

    RUNNING = "running"
    FINISHED = "finished"
    CONVERGED = "converged"
    DIVERGED = "diverged"


@dataclass(frozen=True, slots=True)
class Outcome:
    """status and the step at which it was reached; `sentence` is the message in English."""

    status: Status
    step: int
    message: Message

    @property
    def sentence(self) -> str:
        """The message in English."""
        return str(self.message)


def running(spec: RunSpec, step: int, loss: float) -> Outcome:
    """A run that has rows left."""
    return Outcome(Status.RUNNING, step, message("running", step=step, steps=spec.steps, loss=number(loss)))


def finished(steps: int, loss: float, least: float | None) -> Outcome:
    """A run that did all its steps; `least` is the least possible loss, where that is known."""
    if least is None:
        said = message("finished", steps=steps, loss=number(loss))
    else:
        # Rounding can take the last digit of a loss below that of the optimum.
        excess = max(loss - least, 0.0)
        said = message("finished-excess", steps=steps, loss=number(loss), excess=f"{excess:.3g}")
    return Outcome(Status.FINISHED, steps, said)


def converged(step: int, norm: float, tolerance: float) -> Outcome:
    """A run whose stop rule was met."""
    said = message("converged", step=step, norm=f"{norm:.3g}", tolerance=f"{tolerance:.3g}")
    return Outcome(Status.CONVERGED, step, said)


def diverged(spec: RunSpec, step: int) -> Outcome:
    """A run whose loss left all bounds at `step`: why, where theory knows."""
    # The rate to blame is the one of the update that led to the offending row.
    in_force = spec.at(max(step - 1, 0))
    theory = analyse(in_force) if step else None
    factor = None if theory is None else theory.error_factor
    if theory is None or theory.learning_rate_limit is None or factor is None or factor < 1:
        return Outcome(Status.DIVERGED, step, message("diverged", step=step))
    rate = in_force.optimizer.params[in_force.method.rate]
    if rate <= theory.learning_rate_limit:
        return Outcome(Status.DIVERGED, step, message("diverged", step=step))
    shown, limit = apart(rate, theory.learning_rate_limit)
    updates = spec.batches().per_epoch if theory.per == "epoch" else 1
    facts = {"step": step, "rate": shown, "limit": limit} | growth(factor, updates)
    return Outcome(Status.DIVERGED, step, message(f"diverged-{theory.per}", **facts))


def number(value: float) -> str:
    """A loss for a sentence: six significant digits."""
    return f"{value:.6g}"
