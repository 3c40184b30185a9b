"""Machine code by LLVM: what a formula, a loop and a sum become.

Every operation is the one of IEEE 754 that Python floats have, in the order in which it is written: nothing is fused
and nothing reordered. Needs the extra `compiled`, whose `llvmlite` the Numba team keeps.
"""

import ctypes
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import numpy as np
from llvmlite import binding, ir

from engine.formulas import Formula

DOUBLE = ir.DoubleType()
INTEGER = ir.IntType(64)
POINTER = ir.PointerType()

# NumPy sums so many numbers in eight strands, and cuts what is longer in two.
_STRANDS = 8
_UNCUT = 128


class Builder(ir.IRBuilder):  # type: ignore[misc]  # llvmlite has no types
    """Writes instructions at the end of a function."""

    @classmethod
    def of(cls, module: ir.Module, name: str, result: ir.Type, arguments: list[ir.Type]) -> "Builder":
        """Who writes a new function."""
        return cls(ir.Function(module, ir.FunctionType(result, arguments), name).append_basic_block())

    def take(self, array: ir.Value, index: ir.Value | int, kind: ir.Type = DOUBLE) -> ir.Value:
        """An array's number `index`."""
        return self.load(self.at(array, index), typ=kind)

    def put(self, value: ir.Value, array: ir.Value, index: ir.Value | int) -> None:
        """Make `value` the array's number `index`."""
        self.store(value, self.at(array, index))

    def at(self, array: ir.Value, index: ir.Value | int) -> ir.Value:
        """The array from number `index` on; all numbers, whole or not, are of one size."""
        return self.gep(array, [INTEGER(index) if isinstance(index, int) else index], source_etype=DOUBLE)

    def variable(self, value: ir.Value) -> ir.Value:
        """An array of one number, for what changes."""
        place = self.alloca(DOUBLE)
        self.store(value, place)
        return place

    def total(self, numbers: Sequence[ir.Value]) -> ir.Value:
        """The sum from left to right."""
        total, *others = numbers
        for number in others:
            total = self.fadd(total, number)
        return total

    def larger(self, left: ir.Value, right: ir.Value) -> ir.Value:
        """The larger of two whole numbers."""
        return self.select(self.icmp_signed(">", left, right), left, right)

    def smaller(self, left: ir.Value, right: ir.Value) -> ir.Value:
        """The smaller of two whole numbers."""
        return self.select(self.icmp_signed("<", left, right), left, right)

    @contextmanager
    def each_below(self, count: ir.Value) -> Iterator[ir.Value]:
        """What is written inside is done for 0, 1, … count − 1."""
        before = self.block
        head, body, done = (self.append_basic_block() for _ in range(3))
        self.branch(head)
        self.position_at_end(head)
        number = self.phi(INTEGER)
        number.add_incoming(INTEGER(0), before)
        self.cbranch(self.icmp_signed("<", number, count), body, done)
        self.position_at_end(body)
        yield number
        number.add_incoming(self.add(number, INTEGER(1)), self.block)
        self.branch(head)
        self.position_at_end(done)

    @contextmanager
    def as_long_as(self, condition: Callable[[], ir.Value]) -> Iterator[None]:
        """What is written inside is done again and again, as long as the condition that is written each time holds."""
        head, body, done = (self.append_basic_block() for _ in range(3))
        self.branch(head)
        self.position_at_end(head)
        self.cbranch(condition(), body, done)
        self.position_at_end(body)
        yield
        self.branch(head)
        self.position_at_end(done)

    def worked_out(self, formula: Formula, values: Mapping[str, ir.Value]) -> ir.Value:
        """What a formula comes to with these values for its names."""
        if isinstance(formula, tuple):
            symbol, *operands = formula
            return _INSTRUCTIONS[symbol](self, *(self.worked_out(operand, values) for operand in operands))
        return values[formula] if isinstance(formula, str) else DOUBLE(float(formula))


def _sign(build: Builder, value: ir.Value) -> ir.Value:
    """1, −1 or 0; what is not a number stays so."""
    zero = DOUBLE(0.0)
    others = build.select(build.fcmp_ordered("<", value, zero), DOUBLE(-1.0), build.fmul(value, zero))
    return build.select(build.fcmp_ordered(">", value, zero), DOUBLE(1.0), others)


def _intrinsic(name: str) -> Callable[..., ir.Value]:
    def call(build: Builder, *operands: ir.Value) -> ir.Value:
        kind = ir.FunctionType(DOUBLE, [DOUBLE] * len(operands))
        return build.call(build.module.declare_intrinsic(name, [DOUBLE], kind), operands)

    return call


_INSTRUCTIONS: dict[str, Callable[..., ir.Value]] = {
    "+": Builder.fadd,
    "-": Builder.fsub,
    "*": Builder.fmul,
    "/": Builder.fdiv,
    "**": _intrinsic("llvm.pow"),
    ">": lambda build, left, right: build.fcmp_ordered(">", left, right),
    "negative": Builder.fneg,
    "sqrt": _intrinsic("llvm.sqrt"),
    "abs": _intrinsic("llvm.fabs"),
    "sign": _sign,
    "where": Builder.select,
}


def pairwise_sum(module: ir.Module) -> ir.Function:
    """A function of an array and a count: the sum, taken in the order of NumPy's `sum` over what is contiguous."""
    build = Builder.of(module, "pairwise_sum", DOUBLE, [POINTER, INTEGER])
    numbers, count = build.function.args
    with build.if_then(build.icmp_signed(">", count, INTEGER(_UNCUT))):
        half = build.udiv(count, INTEGER(2))
        half = build.sub(half, build.urem(half, INTEGER(_STRANDS)))
        left = build.call(build.function, [numbers, half])
        right = build.call(build.function, [build.at(numbers, half), build.sub(count, half)])
        build.ret(build.fadd(left, right))
    total = build.variable(DOUBLE(0.0))
    with build.if_then(build.icmp_signed(">=", count, INTEGER(_STRANDS))):
        build.put(_in_strands(build, numbers, build.udiv(count, INTEGER(_STRANDS))), total, 0)
    rest = build.urem(count, INTEGER(_STRANDS))
    with build.each_below(rest) as i:
        number = build.take(numbers, build.add(build.sub(count, rest), i))
        build.put(build.fadd(build.take(total, 0), number), total, 0)
    build.ret(build.take(total, 0))
    return build.function


def _in_strands(build: Builder, numbers: ir.Value, turns: ir.Value) -> ir.Value:
    """The sum of so many times eight numbers: every eighth with every eighth, then all together by twos."""
    strands = [build.variable(build.take(numbers, i)) for i in range(_STRANDS)]
    with build.each_below(build.sub(turns, INTEGER(1))) as turn:
        first = build.mul(build.add(turn, INTEGER(1)), INTEGER(_STRANDS))
        for i, strand in enumerate(strands):
            number = build.take(numbers, build.add(first, INTEGER(i)))
            build.put(build.fadd(build.take(strand, 0), number), strand, 0)
    sums = [build.take(strand, 0) for strand in strands]
    while len(sums) > 1:
        sums = [build.fadd(left, right) for left, right in zip(sums[::2], sums[1::2], strict=True)]
    return sums[0]


def function(module: ir.Module, name: str, numbers: int, arrays: int) -> tuple[Builder, list[ir.Value]]:
    """Who writes a function of so many whole numbers and arrays, which do not overlap, and these."""
    build = Builder.of(module, name, ir.VoidType(), [INTEGER] * numbers + [POINTER] * arrays)
    for argument in build.function.args[numbers:]:
        argument.add_attribute("noalias")
    # Inlined, it would be compiled twice, for nothing.
    build.function.attributes.add("noinline")
    return build, list(build.function.args)


def callable_from(engine: binding.ExecutionEngine, name: str, numbers: int, arrays: int) -> Callable[..., None]:
    """Such a function of compiled code; an array is given as its address."""
    types = [ctypes.c_int64] * numbers + [ctypes.c_void_p] * arrays
    call: Callable[..., None] = ctypes.CFUNCTYPE(None, *types)(engine.get_function_address(name))
    return call


class Room:
    """Memory for so many numbers, to work in: `at` is its address as long as somebody holds this.

    To ask an array for its address takes as long as to compose fifty updates.
    """

    def __init__(self, size: int) -> None:
        self._numbers = np.empty(size)
        self.size = size
        self.at: int = self._numbers.ctypes.data

    def holding(self, size: int) -> "Room":
        """This one, if it holds so many numbers; else a larger one."""
        return self if self.size >= size else Room(size)


def compiled(module: ir.Module) -> binding.ExecutionEngine:
    """The machine code of a module; it is there as long as this is."""
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    processor, features = binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten()
    machine = binding.Target.from_default_triple().create_target_machine(cpu=processor, features=features, opt=3)
    parsed = binding.parse_assembly(str(module))
    passes = binding.create_pass_builder(machine, binding.create_pipeline_tuning_options(speed_level=3))
    passes.getModulePassManager().run(parsed, passes)
    # From here on the engine owns the machine.
    engine = binding.create_mcjit_compiler(parsed, machine)
    engine.finalize_object()
    return engine
