"""How far an export has come, told to whoever waits for it."""

from collections.abc import Callable

# Called with what is done and what there is to do, in steps or in frames. Whatever it raises ends the export.
Progress = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """Tell nobody."""
