"""Every sentence that the engine says, once: a key, an English template, and the facts that fill it.

A sentence is kept apart from its language so that Python, REST and the page say the same thing, in the
reader's language, with the same numbers. Facts are strings, formatted here and nowhere else.
"""

from dataclasses import dataclass, field

MESSAGES = {
    # bad input
    "unknown-key": "unknown key; expected one of {expected}",
    "unknown-name": 'unknown {kind}: "{got}"; expected one of {expected}',
    "expected-object": "expected an object, got {got}",
    "expected-list": "expected a list, got {got}",
    "expected-values": 'expected a list, or an object with "from", "to" and "count", got {got}',
    "expected-name": "expected a name, got {got}",
    "expected-number": "expected a finite number, got {got}",
    "expected-integer": "expected an integer, got {got}",
    "expected-size": 'expected an integer or "all", got {got}',
    "expected-axis": "expected [low, high, count] or a number, got {got}",
    "expected-rows": "expected a row of {expected} numbers, got {got}",
    "out-of-range": "expected {low} to {high}, got {got}",
    "expected-positive": "expected more than 0, got {got}",
    "log-needs-positive": "a logarithmic range needs both ends above 0",
    "rising-axis": "expected low below high, got {got}",
    "no-points": "expected at least one point, got none",
    "missing": "missing; expected {expected}",
    "unequal-length": "expected as many values as x has rows ({expected}), got {got}",
    "batch-too-large": "expected at most the number of rows ({expected}), got {got}",
    "too-many-features": "expected x with {expected} column(s) for this model, got {got}",
    # outcomes
    "running": "Step {step} of {steps}: loss {loss}.",
    "finished": "All {steps} steps done: loss {loss}.",
    "finished-excess": "All {steps} steps done: loss {loss}, {excess} above the least possible.",
    "converged": "Converged at step {step}: the gradient's length {norm} is at most {tolerance}.",
    "diverged": "Diverged at step {step}: the loss grew beyond all bounds.",
    "diverged-step": "Diverged at step {step}: {rate} > {limit}: every step multiplies the error by {factor}.",
    "diverged-epoch": "Diverged at step {step}: {rate} > {limit}: every epoch multiplies the error by {factor}, "
    "each of its steps by {each} on average.",
    "diverged-random": "Diverged at step {step}: {rate} > {limit}: every step multiplies the mean error by {factor}.",
    # what a learning rate does
    "crawling-step": "Crawling: at rate {rate} every step shrinks the error by {percent} %; "
    "steps to 1 % of it: {count}.",
    "good-step": "At rate {rate} every step shrinks the error by {percent} %; steps to 1 % of it: {count}.",
    "overshooting-step": "At rate {rate} every step shrinks the error by {percent} %; steps to 1 % of it: {count}. "
    "Above {limit} its steepest part flips its sign every step.",
    "flipping-step": "Oscillating: {rate} > {limit}: the error flips its sign every step, "
    "shrinking by {percent} %; steps to 1 % of it: {count}.",
    "swinging-step": "Oscillating: {rate} > {limit}: the error swings once in {period} steps, "
    "shrinking by {percent} % each; steps to 1 % of it: {count}.",
    "diverging-step": "Diverging: {rate} > {limit}: every step multiplies the error by {factor}.",
    "crawling-epoch": "Crawling: at rate {rate} every epoch shrinks what is left of the start by {percent} %; "
    "epochs to 1 % of it: {count}.",
    "good-epoch": "At rate {rate} every epoch shrinks what is left of the start by {percent} %; "
    "epochs to 1 % of it: {count}. Then epochs end at loss {loss}.",
    "wandering-epoch": "Wandering: {rate} > {limit}: every epoch shrinks what is left of the start by {percent} %; "
    "epochs to 1 % of it: {count}. But then epochs end at loss {loss}.",
    "flipping-epoch": "Oscillating: {rate} > {limit}: what is left of the start flips its sign every epoch, "
    "shrinking by {percent} %; epochs to 1 % of it: {count}. Then epochs end at loss {loss}.",
    "swinging-epoch": "Oscillating: {rate} > {limit}: what is left of the start swings once in {period} epochs, "
    "shrinking by {percent} % each; epochs to 1 % of it: {count}. Then epochs end at loss {loss}.",
    "beyond-epoch": "Rates above {limit} diverge, but for a few such as {rate}: every epoch shrinks what is left of "
    "the start by {percent} %; epochs to 1 % of it: {count}. Then epochs end at loss {loss}.",
    "diverging-epoch": "Diverging: {rate} > {limit}: every epoch multiplies the error by {factor}, "
    "each of its steps by {each} on average.",
    "crawling-random": "Crawling: at rate {rate} every step shrinks what is left of the start by {percent} % in the "
    "mean; steps to 1 % of it: {count}.",
    "good-random": "At rate {rate} every step shrinks what is left of the start by {percent} % in the mean; "
    "steps to 1 % of it: {count}. Then the loss averages {loss}.",
    "wandering-random": "Wandering: {rate} > {limit}: every step shrinks what is left of the start by {percent} % in "
    "the mean; steps to 1 % of it: {count}. But then the loss averages {loss}.",
    "flipping-random": "Oscillating: {rate} > {limit}: the mean error flips its sign every step, "
    "shrinking by {percent} %; steps to 1 % of it: {count}. Then the loss averages {loss}.",
    "swinging-random": "Oscillating: {rate} > {limit}: the mean error swings once in {period} steps, "
    "shrinking by {percent} % each; steps to 1 % of it: {count}. Then the loss averages {loss}.",
    "diverging-random": "Diverging: {rate} > {limit}: every step multiplies the mean error by {factor}.",
}


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence in no language yet: `str()` gives the English one.

    key: a key of `MESSAGES`; facts: what fills its template, already formatted.
    """

    key: str
    facts: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return MESSAGES[self.key].format(**self.facts)


def message(key: str, **facts: object) -> Message:
    """The message `key` with its facts turned into strings."""
    return Message(key, {name: str(value) for name, value in facts.items()})


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: the path of the field (`optimizer.learning_rate`) and what is wrong."""

    path: str
    message: Message

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else str(self.message)


class SpecError(ValueError):
    """An input that describes no run; `problems` names every field that is wrong, not only the first."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("; ".join(str(problem) for problem in problems))


def fail(path: str, key: str, **facts: object) -> SpecError:
    """The error that says one thing of one field."""
    return SpecError(Problem(path, message(key, **facts)))


def brief(value: object, most: int = 40) -> str:
    """`value` as it was written, shortened: what an error shows as "got"."""
    if isinstance(value, str):
        text = f'"{value[: most + 1]}"'
    elif isinstance(value, dict):
        text = "an object"
    elif isinstance(value, bool):
        text = "true" if value else "false"
    elif value is None:
        text = "null"
    elif isinstance(value, list | tuple):
        text = f"a list of {len(value)}"
    elif isinstance(value, int) and value.bit_length() > 256:
        text = "an integer of more than 77 digits"
    else:
        text = repr(value)
    return text if len(text) <= most else text[: most - 1] + "…"
