"""Kernels: the steps of a run in machine code, made of the very lines in which model, loss and method are written."""

import ctypes
from collections.abc import Mapping
from itertools import chain

import numpy as np
from llvmlite import ir

from engine import formulas
from engine.arrays import Array, Rows
from engine.formulas import Formula
from engine.losses import Loss
from engine.machine import DOUBLE, INTEGER, POINTER, Builder, compiled, pairwise_sum
from engine.models import Model
from engine.optimizers import Optimizer


class Kernel:
    """The steps of one model with one loss and one method.

    The state that is stepped is flat: θ, then the memory of each parameter, counts as floats too; S numbers.
    """

    def __init__(self, model: Model, loss: Loss, method: Optimizer, hyper: tuple[str, ...]) -> None:
        """`hyper` names the parameters of the method in the order in which they will come."""
        module = ir.Module()
        _Steps(model, loss, method, hyper).write(module)
        self._size = len(model.parameters)
        self._engine = compiled(module)
        types = [ctypes.c_int64] * 4 + [ctypes.c_void_p] * 7
        self._steps = ctypes.CFUNCTYPE(None, *types)(self._engine.get_function_address("steps"))

    def __call__(self, count: int, first: int, begins: Rows, x: Array, y: Array, hyper: Array, state: Array) -> Array:
        """The states after each of `count` updates from `state` on, (S, count).

        Batch k has the rows begins[k] … begins[k + 1] − 1 of x and y; updates begin with batch `first` and take the
        next ones in turn, the first after the last. All arrays are contiguous.
        """
        width = int(np.diff(begins).max())
        products, out = np.empty((self._size, width)), np.empty((len(state), count))
        arrays = (begins, x, y, hyper, state, products, out)
        self._steps(count, first, len(begins) - 1, width, *(array.ctypes.data for array in arrays))
        return out


class _Steps:
    """Writes the function `steps`, whose arguments `Kernel` hands on."""

    def __init__(self, model: Model, loss: Loss, method: Optimizer, hyper: tuple[str, ...]) -> None:
        self._model, self._loss, self._method, self._hyper = model, loss, method, hyper
        self._state = state_names(model, method)

    def write(self, module: ir.Module) -> None:
        """Batch after batch its gradient, and the update that follows."""
        total = pairwise_sum(module)
        build = Builder.of(module, "steps", ir.VoidType(), [INTEGER] * 4 + [POINTER] * 7)
        for argument in build.function.args[4:]:
            argument.add_attribute("noalias")
        count, first, batches, width, begins, x, y, settings, state, products, out = build.function.args
        given = {name: build.take(settings, i) for i, name in enumerate(self._hyper)}
        numbers = {name: build.variable(build.take(state, i)) for i, name in enumerate(self._state)}
        own_products = [build.at(products, build.mul(width, INTEGER(i))) for i in range(len(self._model.parameters))]
        with build.each_below(count) as step:
            now = {name: build.take(number, 0) for name, number in numbers.items()}
            batch = build.urem(build.add(first, step), batches)
            begin = build.take(begins, batch, INTEGER)
            rows = build.sub(build.take(begins, build.add(batch, INTEGER(1)), INTEGER), begin)
            with build.each_below(rows) as row:
                place = build.add(begin, row)
                values = now | {"x": build.take(x, place), "y": build.take(y, place)}
                for array, product in zip(own_products, self._products(build, values), strict=True):
                    build.put(product, array, row)
            size = build.sitofp(rows, DOUBLE)
            slopes = [build.fdiv(build.call(total, [array, rows]), size) for array in own_products]
            for i, value in enumerate(moved(build, self._model, self._method, {**given, **now}, slopes)):
                build.put(value, numbers[self._state[i]], 0)
                build.put(value, out, build.add(build.mul(count, INTEGER(i)), step))
        build.ret_void()

    def _products(self, build: Builder, values: Mapping[str, ir.Value]) -> list[ir.Value]:
        """What one row adds to the gradient of each parameter: what `Model.backward` takes the means of."""
        model, loss = self._model, self._loss
        known, means = dict(values), dict[str, Formula]()
        codes = (model.forward, loss.forward, loss.backward, model.backward)
        for line in chain.from_iterable(formulas.read(code) for code in codes):
            match line.formula:
                case ("mean", formula):
                    means[line.target] = formula
                case ("array", *entries):
                    return [build.worked_out(means[entry], known) for entry in entries]
                case formula:
                    known[line.target] = build.worked_out(formula, known)
        raise ValueError(f"expected a line that makes an array, got {model.backward!r}")


def state_names(model: Model, method: Optimizer) -> list[str]:
    """A name for each number of the state, in its order: w, b, "m of w", "s of w", "t of w", "m of b", …"""
    names = [[f"{field} of {parameter}" for field in method.memory] for parameter in model.parameters]
    return [*model.parameters, *chain.from_iterable(names)]


def moved(
    build: Builder, model: Model, method: Optimizer, known: Mapping[str, ir.Value], slopes: list[ir.Value]
) -> list[ir.Value]:
    """The state after the update along these slopes, in its order.

    known: the numbers of the state and the parameters of the method, by name.
    """
    # Counts are the same for all parameters: read from the first, what hangs on them alone is worked out once.
    counts = {name for name, value in zip(method.memory, method.init(0.0), strict=True) if isinstance(value, int)}
    thetas, memories = [], []
    for parameter, slope in zip(model.parameters, slopes, strict=True):
        owners = {name: model.parameters[0] if name in counts else parameter for name in method.memory}
        memory = {name: known[f"{name} of {owner}"] for name, owner in owners.items()}
        values = {**known, **memory, "theta": known[parameter], "g": slope}
        for line in formulas.read(method.code):
            values[line.target] = build.worked_out(line.formula, values)
        thetas.append(values["theta"])
        memories += [values[name] for name in method.memory]
    return thetas + memories
