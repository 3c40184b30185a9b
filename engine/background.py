"""Things that are made in the background, once it has been seen that they pay."""

from collections.abc import Callable
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Worthwhile(Generic[T]):
    """Something that takes a moment to make and then saves time: asked for again and again, it is there at last.

    made: the thing, once it is there.
    cost: about the microseconds that a processor needs to make it; so many must have been lost without it first.
    """

    def __init__(self, cost: float) -> None:
        self._cost = cost
        self._lost = 0.0
        self._asked = False
        self.made: T | None = None

    def find(self, saves: float, make: Callable[[], T | None]) -> T | None:
        """The thing, if it is there; else None, with a note of the microseconds that it would have saved.

        make: gives it, or None where it cannot be had; called once, in a thread of its own.
        """
        if self.made is None and not self._asked:
            self._lost += saves
            if self._lost >= self._cost:
                self._asked = True
                Thread(target=self._make, args=(make,), name="making machine code", daemon=True).start()
        return self.made

    def _make(self, make: Callable[[], T | None]) -> None:
        self.made = make()
