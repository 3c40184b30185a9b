"""Small matrices in machine code, many at a time along the last axis: what `matrices` is in NumPy."""

from dataclasses import dataclass
from typing import TypeAlias

from llvmlite import ir

from engine.machine import INTEGER, Builder

# The numbers of a matrix by row and column.
Matrix: TypeAlias = dict[tuple[int, int], ir.Value]


@dataclass(frozen=True, slots=True)
class Matrices:
    """An array (rows, columns, count) in memory, as NumPy lays it out."""

    build: Builder
    array: ir.Value
    rows: int
    columns: int
    count: ir.Value

    def take(self, number: ir.Value) -> Matrix:
        """Matrix `number`."""
        places = [(i, j) for i in range(self.rows) for j in range(self.columns)]
        return {place: self.build.take(self.array, self._index(*place, number)) for place in places}

    def row(self, i: int, number: ir.Value) -> list[ir.Value]:
        """Row i of matrix `number`."""
        return [self.build.take(self.array, self._index(i, j, number)) for j in range(self.columns)]

    def put(self, matrix: Matrix, number: ir.Value) -> None:
        """Make `matrix` matrix `number`."""
        for place, value in matrix.items():
            self.build.put(value, self.array, self._index(*place, number))

    def _index(self, i: int, j: int, number: ir.Value) -> ir.Value:
        return self.build.add(self.build.mul(self.count, INTEGER(i * self.columns + j)), number)


def times(build: Builder, left: Matrix, right: Matrix) -> Matrix:
    """The product, as `matrices.times` has it: of `left`, the columns beyond the rows of `right` do not count."""
    rows = 1 + max(i for i, _ in left)
    inner, columns = (1 + most for most in max(right))
    return {
        (i, j): build.total([build.fmul(left[i, k], right[k, j]) for k in range(inner)])
        for i in range(rows)
        for j in range(columns)
    }
