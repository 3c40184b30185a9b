"""Every sentence that the application itself says, once, as the engine's are in `engine.messages`."""

import engine
from engine import Message, Problem, SpecError

MESSAGES = {
    "too-many": "expected at most {limit} here, got {got}",
    "too-many-cells": "expected at most {limit} cells on the surface, got {got}",
    "over-time": "not done within {limit} seconds, which is the most here; fewer steps or cells take less",
    "expected-line": "expected a line of 1 to {limit} characters, got {got}",
    "too-long": "expected at most {limit} bytes, got more",
    "not-json": "not valid JSON: {reason}",
    "repeated-key": "the key occurs more than once in one object",
    "repeated-query": "the key occurs more than once in the query",
    "other-form": "{got} is the ending of another form; expected {expected}",
    "wrong-type": "expected application/json, got {got}",
    "no-type": "expected application/json, got no Content-Type",
    "compressed": "expected a body that is not compressed, got {got}",
    "not-acceptable": "expected Accept to take one of {expected}",
    "too-small": "no file as small as {got} bytes can be made; the smallest has about {least}",
    "too-slow": "took longer than {limit} seconds, which is the most here; fewer steps or frames take less",
    "needs-extra": "{type} needs the extra: pip install 'beanbowl[{extra}]'",
    "not-found": "nothing is here",
    "not-allowed": "this method does not work here; expected {expected}",
    "broken": "something went wrong in the server; it has been logged",
    "busy": "too much is being computed at the moment; try again soon",
    "full": "all {limit} live sessions are taken; try again soon",
    "foreign-origin": "pages of {got} may not connect",
    "expected-text": "expected a text message, got a binary one",
    "not-started": 'expected "start" first',
    "expected-boolean": "expected true or false, got {got}",
    "too-many-changes": "expected at most {limit} changes in one run",
    "too-many-names": "expected at most {limit} combinations of names",
    "too-many-runs": "expected at most {limit} runs, got {got}",
    "too-many-steps": "expected at most {limit} steps in all runs together, got {got}",
    "too-many-sweeps": "{limit} sweeps are open, no more can be taken; try again later",
    "too-often": "expected at most {limit} requests a second from one client; try again soon",
    "too-many-own-sweeps": "{limit} sweeps of yours are open; try again when one has ended",
    "no-sweep": "there is no sweep {got}; old ones are forgotten",
    "no-space": "the disk is full; try again when there is room",
    "no-store": "sweeps cannot be kept here: {reason}",
    "not-ended": "the sweep has not finished; ?partial=true gives the runs that are done",
    "ended-early": "the sweep has ended before all runs were done; ?partial=true gives those that are",
    "sweep-waiting": "Waiting for its turn.",
    "sweep-running": "{done} of {runs} runs are done.",
    "sweep-waiting-for-space": "The disk is full: {done} of {runs} runs are safe, and it goes on when there is room.",
    "sweep-waiting-for-workers": "No workers can be reached: {done} of {runs} runs are done, and it goes on by itself.",
    "sweep-finished": "All {runs} runs are done.",
    "sweep-cancelled": "Cancelled after {done} of {runs} runs.",
    "sweep-failed": "Failed after {done} of {runs} runs: {reason}",
}


class _Message(Message):
    """A message whose sentence may be one of these."""

    __slots__ = ()

    def __str__(self) -> str:
        return (MESSAGES if self.key in MESSAGES else engine.MESSAGES)[self.key].format(**self.facts)


def problem(path: str, key: str, **facts: object) -> Problem:
    """What is wrong with the field at `path`."""
    return Problem(path, _Message(key, {name: str(value) for name, value in facts.items()}))


def fail(path: str, key: str, **facts: object) -> SpecError:
    """The error that says one thing of one field."""
    return SpecError(problem(path, key, **facts))
