"""The extra `compiled`: machine code where it can be had, and nothing lost where it cannot."""

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import TypeVar

T = TypeVar("T")


@cache
def is_there() -> bool:
    """Whether what makes machine code is installed."""
    return find_spec("llvmlite") is not None


def attempted(make: Callable[[], T]) -> T | None:
    """What `make` makes of machine code; None without the extra, or where it does not work."""
    if not is_there():
        return None
    try:
        return make()
    except (OSError, RuntimeError):
        # A library that does not load here, or a processor that LLVM does not know.
        return None
