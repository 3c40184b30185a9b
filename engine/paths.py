"""Which path computes the rows of a run: decided here, by the spec alone, never by what is asked for."""

from engine.compiled import compiled_stepper
from engine.drawn import DrawnStepper
from engine.gradients import AffineGradients, Gradients, RowGradients
from engine.memo import Memo
from engine.periodic import PeriodicStepper
from engine.spec import RunSpec
from engine.stepping import PlainStepper, Stepper, Stretch


def is_affine(spec: RunSpec) -> bool:
    """Whether every update is an affine map, so that many are made at once: millions of rows in a moment.

    A method that divides by the gradient's size, or takes its sign, makes much of its last digit near the optimum:
    there the sum must be taken row by row, as the formula says and as a script would.
    """
    return spec.objective().quadratic is not None and spec.method.linear is not None


_repeating = Memo[AffineGradients](most=4)


def gradients_of(spec: RunSpec) -> Gradients:
    """What the steps of a run descend along: for a linear method on a paraboloid, few numbers a batch.

    Those of few batches that repeat are worked out once, whatever the method.
    """
    if not is_affine(spec):
        return RowGradients(spec.objective(), spec.batches())
    key = (spec.model, spec.batch)
    known = _repeating.find(spec.data, key)
    if known is None:
        known = AffineGradients(spec.objective(), spec.batches())
        if known.period is not None:
            _repeating.keep(spec.data, key, known)
    return known


def stepper_of(stretch: Stretch) -> Stepper:
    """What makes the rows of a stretch."""
    gradients, bowl = stretch.gradients, stretch.objective.quadratic
    if bowl is None or stretch.method.linear is None or not isinstance(gradients, AffineGradients):
        return compiled_stepper(stretch) or PlainStepper(stretch)
    if gradients.period is None:
        return DrawnStepper(stretch, gradients, bowl)
    return PeriodicStepper(stretch, gradients, gradients.period, bowl)
