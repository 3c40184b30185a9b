"""How a run stands or how it ended, and the sentence that says so with its numbers."""

from dataclasses import dataclass
from enum import StrEnum

from engine.messages import Message, message
from engine.spec import RunSpec
from engine.theory import Theory, analyse


class Status(StrEnum):
    """running: rows are left; finished: all steps done; converged: the stop rule was met; diverged: the loss was
    not finite or beyond `DIVERGED`."""

    RUNNING = "running"
    FINISHED = "finished"
    CONVERGED = "converged"
    DIVERGED = "diverged"


DIVERGED = 1e12


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


def finished(spec: RunSpec, loss: float) -> Outcome:
    """A run that did all its steps."""
    theory = analyse(spec.at(spec.steps))
    if theory is None:
        said = message("finished", steps=spec.steps, loss=number(loss))
    else:
        # Rounding can take the last digit of a loss below that of the optimum.
        excess = max(loss - theory.optimum_loss, 0.0)
        said = message("finished-excess", steps=spec.steps, loss=number(loss), excess=f"{excess:.3g}")
    return Outcome(Status.FINISHED, spec.steps, said)


def converged(spec: RunSpec, step: int, norm: float) -> Outcome:
    """A run whose stop rule was met."""
    assert spec.stop is not None
    said = message("converged", step=step, norm=f"{norm:.3g}", tolerance=f"{spec.stop.gradient_norm:.3g}")
    return Outcome(Status.CONVERGED, step, said)


def diverged(spec: RunSpec, step: int) -> Outcome:
    """A run whose loss left all bounds at `step`: why, where theory knows."""
    # The rate to blame is the one of the update that led to the offending row.
    in_force = spec.at(max(step - 1, 0))
    theory = analyse(in_force)
    if theory is None or not _explains(in_force, theory):
        return Outcome(Status.DIVERGED, step, message("diverged", step=step))
    rate = in_force.optimizer.params[in_force.method.rate]
    assert theory.learning_rate_limit is not None and theory.error_factor is not None
    rate_text, limit_text = _apart(rate, theory.learning_rate_limit)
    said = message(
        f"diverged-{theory.per}",
        step=step,
        rate=rate_text,
        limit=limit_text,
        factor=f"{theory.error_factor:.3g}",
    )
    return Outcome(Status.DIVERGED, step, said)


def _explains(spec: RunSpec, theory: Theory) -> bool:
    limit, factor = theory.learning_rate_limit, theory.error_factor
    return limit is not None and factor is not None and spec.optimizer.params[spec.method.rate] > limit


def _apart(rate: float, limit: float) -> tuple[str, str]:
    """Both numbers with as many digits as it takes to tell them apart, three at least."""
    for digits in range(3, 17):
        texts = f"{rate:.{digits}g}", f"{limit:.{digits}g}"
        if texts[0] != texts[1]:
            break
    # 0.9 beside 0.756 reads better as 0.90.
    padded = f"{rate:.2f}" if float(texts[0]) == round(float(texts[0]), 2) and rate < 1e6 else texts[0]
    return padded, texts[1]


def number(value: float) -> str:
    """A loss for a sentence: six significant digits."""
    return f"{value:.6g}"
