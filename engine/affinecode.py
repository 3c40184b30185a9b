"""What `composed.InNumPy` does, written as machine code: operation by operation, in the same order."""

import sys
from functools import partial, reduce

from llvmlite import ir

from engine.kernels import moved, state_names
from engine.machine import DOUBLE, INTEGER, POINTER, Builder, function
from engine.matrixcode import Matrices, Matrix, times
from engine.models import Model
from engine.objective import DIVERGED
from engine.optimizers import Optimizer

_ONE = INTEGER(1)
_LARGEST = sys.float_info.max


class AffineCode:
    """Writes the functions of one model and method: `open`, `powers`, `rows` and `whole`, and what they are made of.

    What is given to them lies in memory one after another: the constants are the entries of an epoch's batches and then
    the bowl (optimum, factor row by row, least loss); what is given of a run, the method's parameters and the start.
    """

    def __init__(self, module: ir.Module, model: Model, method: Optimizer, hyper: tuple[str, ...]) -> None:
        self._module, self._model, self._method, self._hyper = module, model, method, hyper
        self._state = state_names(model, method)
        self._size, self._parameters = len(self._state), len(model.parameters)
        # Of a batch: the upper triangle of H, then c.
        self._entries = self._parameters * (self._parameters + 1) // 2 + self._parameters

    def write(self) -> None:
        """All of them."""
        self._write_head()
        self._write_first()
        self._write_doubled()
        self._write_powers()
        self._write_filled()
        self._write_open()
        self._write_rows()
        self._write_whole()

    def _write_head(self) -> None:
        """Rows 0 … count by one update after another, and the state of the last one."""
        build, (count, period, phase, constants, given, end, rows) = function(self._module, "head", 3, 4)
        bowl = self._bowl(build, build.at(constants, build.mul(period, INTEGER(self._entries))))
        hyper, start = self._given(build, given)
        numbers = [build.variable(value) for value in start]
        width = build.add(count, _ONE)
        with build.each_below(width) as step:
            state = [build.take(number, 0) for number in numbers]
            theta = state[: self._parameters]
            for i, value in enumerate([*theta, self._loss(build, bowl, theta)]):
                build.put(value, rows, build.add(build.mul(width, INTEGER(i)), step))
            batch = self._batch(build, constants, period, build.add(phase, step))
            for i, value in enumerate(self._moved(build, hyper, state, batch)):
                build.put(state[i], end, i)
                build.put(value, numbers[i], 0)
        build.ret_void()

    def _write_first(self) -> None:
        """The maps of the steps, one by one: each at its number from 1 on."""
        build, (count, period, phase, constants, given, array) = function(self._module, "first", 3, 3)
        maps = self._maps(build, array, build.add(count, _ONE))
        hyper, _ = self._given(build, given)
        with build.each_below(count) as step:
            batch = self._batch(build, constants, period, build.add(phase, step))
            columns = []
            for j in range(self._size + 1):
                # Differences of states know nothing of c: only the image of zero is moved by it.
                with_c = DOUBLE(1.0 if j == self._size else 0.0)
                entries = batch[: -self._parameters] + [build.fmul(c, with_c) for c in batch[-self._parameters :]]
                unit = [DOUBLE(1.0 if i == j else 0.0) for i in range(self._size)]
                columns.append(self._moved(build, hyper, unit, entries))
            map_ = {(i, j): value for j, column in enumerate(columns) for i, value in enumerate(column)}
            maps.put(map_, build.add(step, _ONE))
        build.ret_void()

    def _write_doubled(self) -> None:
        """Each map composed with the one `reach` before it; those up to `reach` are composed to the end already."""
        build, (count, reach, *arrays) = function(self._module, "doubled", 2, 2)
        source, target = (self._maps(build, array, build.add(count, _ONE)) for array in arrays)
        with build.each_below(build.add(reach, _ONE)) as number:
            target.put(source.take(number), number)
        with build.each_below(build.sub(count, reach)) as inner:
            number = build.add(build.add(inner, reach), _ONE)
            target.put(self._composed(build, source.take(number), source.take(build.add(inner, _ONE))), number)
        build.ret_void()

    def _write_powers(self) -> None:
        """The powers 0 … count of the last of the maps in `source`, which has so many."""
        build, (length, count, doublings, source, array) = function(self._module, "powers", 3, 2)
        powers = self._maps(build, array, build.add(count, _ONE))
        powers.put(self._maps(build, source, length).take(build.sub(length, _ONE)), _ONE)
        with build.each_below(doublings) as doubling:
            reach = build.shl(_ONE, doubling)
            with build.each_below(build.smaller(build.sub(count, reach), reach)) as before:
                inner = build.add(before, _ONE)
                powers.put(self._composed(build, powers.take(reach), powers.take(inner)), build.add(reach, inner))
        powers.put(self._unit, INTEGER(0))
        build.ret_void()

    def _write_open(self) -> None:
        """All that an `Opening` holds, one after another behind what is given, and room to work in at the end."""
        build, (head, period, first, block, doublings, blocks, constants, given) = function(self._module, "open", 6, 2)
        width = build.add(block, _ONE)
        end, rows, powers, steps, spare = self._places(build, given, head, width, blocks)
        self._call(build, "head", head, period, first, constants, given, end, rows)
        # Each doubling takes the maps from one place to the other, the last one to `steps`.
        odd = build.trunc(doublings, ir.IntType(1))
        here, there = build.select(odd, spare, steps), build.select(odd, steps, spare)
        self._call(build, "first", block, period, build.add(first, head), constants, given, here)
        with build.each_below(doublings) as doubling:
            odd = build.trunc(doubling, ir.IntType(1))
            source, target = build.select(odd, there, here), build.select(odd, here, there)
            self._call(build, "doubled", block, build.shl(_ONE, doubling), source, target)
        self._maps(build, steps, width).put(self._unit, INTEGER(0))
        bits = build.sub(INTEGER(64), build.ctlz(build.sub(blocks, _ONE), ir.IntType(1)(0)))
        self._call(build, "powers", width, blocks, bits, steps, powers)
        build.ret_void()

    def _places(
        self, build: Builder, given: ir.Value, head: ir.Value, width: ir.Value, blocks: ir.Value
    ) -> tuple[ir.Value, ...]:
        """Where behind what is given lie the state of row `head`, the rows up to it, the powers, the maps, and room."""
        numbers = INTEGER(self._size * (self._size + 1))
        end = build.at(given, len(self._hyper) + self._size)
        rows = build.at(end, self._size)
        powers = build.at(rows, build.mul(INTEGER(self._parameters + 1), build.add(head, _ONE)))
        steps = build.at(powers, build.mul(numbers, build.add(blocks, _ONE)))
        return end, rows, powers, steps, build.at(steps, build.mul(numbers, width))

    def _write_filled(self) -> None:
        """Rows of one block, from step `begin` to before `end`: θ and the loss, each into an array of its own."""
        build, arguments = function(self._module, "filled", 3, 3 + self._parameters + 1)
        begin, end, width, array, state, bowl, *rows = arguments
        steps, numbers = self._maps(build, array, width), self._bowl(build, bowl)
        start = [build.take(state, i) for i in range(self._size)]
        with build.each_below(build.sub(end, begin)) as row:
            step = build.add(begin, row)
            theta = [_image(build, steps.row(i, step), start) for i in range(self._parameters)]
            for value, column in zip([*theta, self._loss(build, numbers, theta)], rows, strict=True):
                build.put(value, column, row)
        build.ret_void()

    def _write_rows(self) -> None:
        """Rows from number `inside` of a chunk on, each column so far behind the one before."""
        build, arguments = function(self._module, "rows", 5, 5)
        inside, count, width, blocks, apart, bowl, steps, array, state, rows = arguments
        length, end = build.sub(width, _ONE), build.add(inside, count)
        first, last = build.udiv(inside, length), build.udiv(build.sub(end, _ONE), length)
        maps = self._maps(build, array, blocks)
        given = [build.take(state, i) for i in range(self._size)]
        start = build.alloca(DOUBLE, self._size)
        with build.each_below(build.add(build.sub(last, first), _ONE)) as number:
            block = build.add(first, number)
            before = build.mul(block, length)
            begin = build.larger(build.sub(inside, before), INTEGER(0))
            until = build.smaller(build.sub(end, before), length)
            for i in range(self._size):
                build.put(_image(build, maps.row(i, block), given), start, i)
            at = build.sub(build.add(before, begin), inside)
            own = [build.at(rows, build.add(build.mul(apart, INTEGER(i)), at)) for i in range(self._parameters + 1)]
            self._call(build, "filled", begin, until, width, steps, start, bowl, *own)
        build.ret_void()

    def _write_whole(self) -> None:
        """All rows of a run from its start on, and whether it is plain that none is beyond all bounds.

        That is what `Tables` and `Run` find out step by step: finite maps, blocks that together move no two states
        apart, for then no eigenvalue of one block exceeds 1 either, and no loss that has diverged.
        """
        given = len(self._hyper) + self._size
        kinds = [INTEGER] * 6 + [POINTER] * 3 + [DOUBLE] * given
        build = Builder.of(self._module, "whole", INTEGER, kinds)
        count, head, period, block, doublings, blocks, constants, work, rows, *values = build.function.args
        for i, value in enumerate(values):
            build.put(value, work, i)
        self._call(build, "open", head, period, INTEGER(0), block, doublings, blocks, constants, work)
        width, plain = build.add(block, _ONE), build.add(head, _ONE)
        end, opened, powers, steps, _ = self._places(build, work, head, width, blocks)
        with build.each_below(INTEGER(self._parameters + 1)) as column, build.each_below(plain) as row:
            value = build.take(opened, build.add(build.mul(column, plain), row))
            build.put(value, rows, build.add(build.mul(column, count), row))
        bowl = build.at(constants, build.mul(period, INTEGER(self._entries)))
        numbers = _ONE, build.sub(count, plain), width, build.add(blocks, _ONE), count
        self._call(build, "rows", *numbers, bowl, steps, powers, end, build.at(rows, plain))
        loss = build.at(rows, build.mul(count, INTEGER(self._parameters)))
        tame = self._none_above(build, loss, count, DIVERGED)
        finite = self._none_above(build, steps, build.mul(width, INTEGER(self._size * (self._size + 1))), _LARGEST)
        last = self._maps(build, powers, build.add(blocks, _ONE)).take(blocks)
        fabs = partial(build.worked_out, ("abs", "entry"))
        sums = [build.total([fabs({"entry": last[i, j]}) for j in range(self._size)]) for i in range(self._size)]
        near = [build.fcmp_ordered("<=", total, DOUBLE(1.0)) for total in sums]
        build.ret(build.zext(reduce(build.and_, near, build.and_(tame, finite)), INTEGER))

    def _none_above(self, build: Builder, numbers: ir.Value, count: ir.Value, most: float) -> ir.Value:
        """Whether every one of so many numbers is one, and its size no more than `most`."""
        fine = build.alloca(ir.IntType(1))
        build.store(ir.IntType(1)(1), fine)
        with build.each_below(count) as number:
            size = build.worked_out(("abs", "entry"), {"entry": build.take(numbers, number)})
            within = build.fcmp_ordered("<=", size, DOUBLE(most))
            build.store(build.and_(build.load(fine, typ=ir.IntType(1)), within), fine)
        return build.load(fine, typ=ir.IntType(1))

    def _call(self, build: Builder, name: str, *arguments: ir.Value) -> None:
        build.call(self._module.get_global(name), arguments)

    def _maps(self, build: Builder, array: ir.Value, count: ir.Value) -> Matrices:
        return Matrices(build, array, self._size, self._size + 1, count)

    @property
    def _unit(self) -> Matrix:
        """The map that changes nothing."""
        return {(i, j): DOUBLE(1.0 if i == j else 0.0) for i in range(self._size) for j in range(self._size + 1)}

    def _given(self, build: Builder, given: ir.Value) -> tuple[dict[str, ir.Value], list[ir.Value]]:
        """The parameters of the method, and the state that the stretch starts from."""
        hyper = {name: build.take(given, i) for i, name in enumerate(self._hyper)}
        return hyper, [build.take(given, len(hyper) + i) for i in range(self._size)]

    def _batch(self, build: Builder, constants: ir.Value, period: ir.Value, step: ir.Value) -> list[ir.Value]:
        """The entries of a step's H and c."""
        at = build.urem(step, period)
        return [build.take(constants, build.add(build.mul(period, INTEGER(i)), at)) for i in range(self._entries)]

    def _moved(
        self, build: Builder, hyper: dict[str, ir.Value], state: list[ir.Value], batch: list[ir.Value]
    ) -> list[ir.Value]:
        """The state after one update over a batch, whose gradient is that of `gradients.pull`."""
        count, entries = self._parameters, iter(batch)
        upper = {(i, j): next(entries) for i in range(count) for j in range(i, count)}
        slopes = []
        for i, c in enumerate(entries):
            products = [build.fmul(upper[min(i, j), max(i, j)], state[j]) for j in range(count)]
            slopes.append(build.fsub(build.total(products), c))
        known = hyper | dict(zip(self._state, state, strict=True))
        return moved(build, self._model, self._method, known, slopes)

    def _bowl(self, build: Builder, bowl: ir.Value) -> list[ir.Value]:
        """The optimum, the factor row by row, and the least loss."""
        return [build.take(bowl, i) for i in range(self._parameters * (self._parameters + 1) + 1)]

    def _loss(self, build: Builder, bowl: list[ir.Value], theta: list[ir.Value]) -> ir.Value:
        """The loss at θ, as `Quadratic.value` has it."""
        count = self._parameters
        *factor, least = bowl[count:]
        distance = [build.fsub(each, best) for each, best in zip(theta, bowl, strict=False)]
        squares = []
        for i in range(count):
            first, *others = factor[i * count : (i + 1) * count]
            z = build.fmul(first, distance[0])
            for entry, d in zip(others, distance[1:], strict=True):
                is_there = build.fcmp_unordered("!=", entry, DOUBLE(0.0))
                z = build.select(is_there, build.fadd(z, build.fmul(entry, d)), z)
            squares.append(build.fmul(z, z))
        return build.fadd(build.total(squares), least)

    def _composed(self, build: Builder, outer: Matrix, inner: Matrix) -> Matrix:
        """A map after another, as `maps.compose` has it."""
        size = self._size
        composed = times(build, outer, inner)
        return composed | {(i, size): build.fadd(composed[i, size], outer[i, size]) for i in range(size)}


def _image(build: Builder, row: list[ir.Value], state: list[ir.Value]) -> ir.Value:
    """A number of the image of a state, as `maps.apply` has it."""
    products = [build.fmul(weight, number) for weight, number in zip(row, state, strict=False)]
    return build.total([*products, row[-1]])
