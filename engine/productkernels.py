"""Products of many small matrices in machine code, for one rate of a method at a time: as `matrices.product`."""

import ctypes
from collections.abc import Callable

from llvmlite import ir

from engine.arrays import Array
from engine.machine import DOUBLE, INTEGER, POINTER, Builder, Room, compiled
from engine.matrixcode import Matrices, Matrix, times

_ONE, _TWO = INTEGER(1), INTEGER(2)


class ProductKernel:
    """The product over many curvatures Hₖ of what moves the error, the first rightmost: see `limits.Law.parts`."""

    def __init__(self, size: int, glides: bool) -> None:
        """`size` is that of the curvatures; `glides` says whether there is a velocity."""
        module = ir.Module()
        _write(module, size, glides)
        self._size = 2 * size if glides else size
        self._engine = compiled(module)
        number, array = ctypes.c_double, ctypes.c_void_p
        # No other thread is let in while this is called, for all share the room that it works in.
        kind = ctypes.PYFUNCTYPE(None, ctypes.c_int64, number, number, number, array, array, array)
        self._call: Callable[..., None] = kind(self._engine.get_function_address("product"))
        self._result = ctypes.c_double * self._size**2
        self._room = Room(0)

    def __call__(self, curvatures: Array, move: float, glide: float, decay: float) -> list[list[float]]:
        """The product, (k, k), of contiguous curvatures (r, r, n); the others are `limits.Weights`."""
        count, size = curvatures.shape[2], self._size
        self._room = room = self._room.holding(size * size * count)
        result = self._result()
        self._call(count, move, glide, decay, curvatures.ctypes.data, room.at, result)
        return [result[i : i + size] for i in range(0, size * size, size)]


def _write(module: ir.Module, size: int, glides: bool) -> None:
    """Work out all matrices, then multiply them in pairs until one is left."""
    build = Builder.of(module, "product", ir.VoidType(), [INTEGER, *[DOUBLE] * 3, *[POINTER] * 3])
    count, move, glide, decay, given, room, result = build.function.args
    curvatures = Matrices(build, given, size, size, count)
    whole = 2 * size if glides else size
    made = Matrices(build, room, whole, whole, count)
    before, kick, look = _parts(build, size, (move, glide, decay), glides)
    with build.each_below(count) as number:
        moved = times(build, kick, times(build, curvatures.take(number), look))
        made.put({place: build.fadd(before[place], moved[place]) for place in before}, number)
    left = build.alloca(INTEGER)
    build.store(count, left)
    with build.as_long_as(lambda: build.icmp_signed(">", build.load(left, typ=INTEGER), _ONE)):
        now = build.load(left, typ=INTEGER)
        half = build.udiv(now, _TWO)
        with build.each_below(half) as pair:
            first = build.mul(pair, _TWO)
            made.put(times(build, made.take(build.add(first, _ONE)), made.take(first)), pair)
        with build.if_then(build.icmp_signed("==", build.urem(now, _TWO), _ONE)):
            made.put(made.take(build.sub(now, _ONE)), half)
        build.store(build.sub(now, half), left)
    Matrices(build, result, whole, whole, _ONE).put(made.take(INTEGER(0)), INTEGER(0))
    build.ret_void()


def _parts(build: Builder, size: int, weights: tuple[ir.Value, ir.Value, ir.Value], glides: bool) -> list[Matrix]:
    """N, U and V."""
    one, zero = DOUBLE(1.0), DOUBLE(0.0)
    move, glide, decay = weights

    def blocks(*rows: list[ir.Value]) -> Matrix:
        """Each of these times the matrix that is 1 on its diagonal."""
        return {
            (a * size + i, b * size + j): build.fmul(weight, one if i == j else zero)
            for a, row in enumerate(rows)
            for b, weight in enumerate(row)
            for i in range(size)
            for j in range(size)
        }

    if not glides:
        return [blocks([one]), blocks([move]), blocks([one])]
    return [blocks([one, glide], [zero, decay]), blocks([move], [one]), blocks([one, zero])]
