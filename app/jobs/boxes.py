"""Cutting the grid of all combinations into pieces that are grids themselves."""

from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from math import ceil, prod


def boxes(shape: Sequence[int], most: int) -> Iterator[tuple[slice, ...]]:
    """Boxes of at most `most` cells each that fill a grid of `shape` in the order of its cells, last axis fastest.

    A box is one stretch of consecutive cells. Boxes along an axis differ in length by one at the most.
    """
    cut = len(shape) - 1
    while cut > 0 and prod(shape[cut:]) <= most:
        cut -= 1
    if cut < 0:
        yield ()
        return
    inner = tuple(slice(0, length) for length in shape[cut + 1 :])
    length = shape[cut]
    pieces = ceil(length / max(1, most // prod(shape[cut + 1 :])))
    edges = [length * i // pieces for i in range(pieces + 1)]
    for outer in product(*(range(size) for size in shape[:cut])):
        for first, last in pairwise(edges):
            yield (*(slice(i, i + 1) for i in outer), slice(first, last), *inner)
