"""What was passed on the way, kept now and then, so that going back costs little and memory stays bounded."""

from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """Things by their place on a line, kept at multiples of a spacing that doubles whenever they become too many.

    The one at `first` is kept for good.
    """

    def __init__(self, first: int, thing: T, spacing: int, most: int = 4096) -> None:
        self._first = self._highest = first
        self._start = thing
        self._spacing = spacing
        self._most = most
        self._things: dict[int, T] = {}

    def due(self, at: int) -> bool:
        """Whether the thing at this place is one to keep and is not kept yet."""
        return at % self._spacing == 0 and at not in self._things

    def next_due(self, at: int) -> int:
        """The first place from `at` on where there may be something to keep."""
        return -(-at // self._spacing) * self._spacing

    def keep(self, at: int, thing: T) -> None:
        """Keep what is due."""
        self._things[at] = thing
        self._highest = max(self._highest, at)
        if len(self._things) > self._most:
            self._spacing *= 2
            self._things = {place: kept for place, kept in self._things.items() if place % self._spacing == 0}

    def before(self, at: int) -> tuple[int, T]:
        """The last kept thing that is not beyond `at`, and its place."""
        place = min(at, self._highest)
        place -= place % self._spacing
        while place > self._first:
            if place in self._things:
                return place, self._things[place]
            place -= self._spacing
        return self._first, self._start
