"""Which path computes the rows of a run: decided here, by the spec alone, never by what is asked for."""

from engine.drawn import DrawnStepper
from engine.gradients import AffineGradients, Gradients, RowGradients
from engine.periodic import PeriodicStepper
from engine.spec import RunSpec
from engine.stepping import PlainStepper, Stepper, Stretch


def gradients_of(spec: RunSpec) -> Gradients:
    """What the steps of a run descend along: for a linear method on a paraboloid, few numbers a batch."""
    objective, batches = spec.objective(), spec.batches()
    # A method that divides by the gradient's size, or takes its sign, makes much of its last digit near the optimum:
    # there the sum must be taken row by row, as the formula says and as a script would.
    if objective.quadratic is None or spec.method.linear is None:
        return RowGradients(objective, batches)
    return AffineGradients(objective, batches)


def stepper_of(stretch: Stretch) -> Stepper:
    """What makes the rows of a stretch."""
    gradients, bowl = stretch.gradients, stretch.objective.quadratic
    if bowl is None or stretch.method.linear is None or not isinstance(gradients, AffineGradients):
        return PlainStepper(stretch)
    if gradients.period is None:
        return DrawnStepper(stretch, gradients, bowl)
    return PeriodicStepper(stretch, gradients, gradients.period, bowl)
