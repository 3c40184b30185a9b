"""What was passed on the way, kept now and then, so that going back costs little and memory stays bounded."""

from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """Things by their place on a line: kept densely at first, then ever more thinly, and the one at `first` for good.

    From place `near` on every second one is kept, from twice as far every fourth, and so on: `near` things and half as
    many for each doubling. So with s a power of two, the first `near` multiples of s are all kept: whoever draws the
    way so far in that many points finds them all.
    """

    def __init__(self, first: int, thing: T, near: int = 2048) -> None:
        """`near` is a power of two."""
        self._first = self._highest = first
        self._start = thing
        self._near = near
        self._things: dict[int, T] = {}

    def due(self, at: int) -> bool:
        """Whether the thing at this place is one to keep and is not kept yet."""
        return at % self._spacing(at) == 0 and at not in self._things

    def next_due(self, at: int) -> int:
        """The first place from `at` on where there may be something to keep."""
        spacing = self._spacing(at)
        return -(-at // spacing) * spacing

    def keep(self, at: int, thing: T) -> None:
        """Keep what is due."""
        self._things[at] = thing
        self._highest = max(self._highest, at)

    def before(self, at: int) -> tuple[int, T]:
        """The last kept thing that is not beyond `at`, and its place."""
        place = min(at, self._highest)
        while place > self._first:
            place -= place % self._spacing(place)
            if place in self._things:
                return place, self._things[place]
            place -= 1
        return self._first, self._start

    def _spacing(self, at: int) -> int:
        return 1 << (at // self._near).bit_length()
