"""Lines of NumPy as formulas: read once, evaluated with numbers, and handed on as trees for whoever draws them.

A model, a loss and a method each say what they do as a few lines of code (`Model.forward`, `Loss.backward`,
`Optimizer.code`, …). What is shown, what is run and what is typeset are these same lines.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import numpy as np

# A number, a name, or an operator with its operands: ("-", "theta", ("*", "learning_rate", "g")).
Formula: TypeAlias = "float | str | tuple[Any, ...]"

OPERATORS: dict[str, Callable[..., Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    ">": operator.gt,
    "negative": operator.neg,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "sign": np.sign,
    "where": np.where,
    "mean": np.mean,
    "array": lambda *entries: np.array(entries),
}
_BINARY = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}


@dataclass(frozen=True, slots=True)
class Line:
    """`target` becomes the value of `formula`; `code` is the line as it is written."""

    target: str
    formula: Formula
    code: str


@cache
def read(code: str) -> tuple[Line, ...]:
    """The lines of some code; ValueError for what is no assignment of a formula to a name."""
    return tuple(_read_line(statement, ast.get_source_segment(code, statement)) for statement in ast.parse(code).body)


def evaluate(formula: Formula, values: Mapping[str, Any]) -> Any:
    """What a formula comes to, floats or arrays, with these values for its names."""
    if isinstance(formula, tuple):
        symbol, *operands = formula
        return OPERATORS[symbol](*(evaluate(operand, values) for operand in operands))
    return values[formula] if isinstance(formula, str) else formula


def names(formula: Formula) -> frozenset[str]:
    """The names that a formula reads."""
    if isinstance(formula, tuple):
        return frozenset().union(*(names(operand) for operand in formula[1:]))
    return frozenset([formula] if isinstance(formula, str) else [])


def row_by_row(formula: Formula) -> Formula:
    """The formula for each row of a batch by itself: without its means."""
    if not isinstance(formula, tuple):
        return formula
    if formula[0] == "mean":
        return row_by_row(formula[1])
    return (formula[0], *(row_by_row(operand) for operand in formula[1:]))


def _read_line(statement: ast.stmt, code: str | None) -> Line:
    match statement:
        case ast.Assign(targets=[ast.Name(id=target)], value=value):
            return Line(target, _read(value), code or ast.unparse(statement))
    raise ValueError(f"expected a name and its formula, got {code!r}")


def _read(node: ast.expr) -> Formula:
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.Name(id=name):
            return name
    symbol, operands = _operation(node)
    return (symbol, *(_read(operand) for operand in operands))


def _operation(node: ast.expr) -> tuple[str, list[ast.expr]]:
    """An operator and what it is applied to."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return "negative", [operand]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            return _BINARY[type(op)], [left, right]
        case ast.Compare(left=left, ops=[ast.Gt()], comparators=[right]):
            return ">", [left, right]
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np"), attr="array"), args=[ast.List(elts=entries)]):
            return "array", entries
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np"), attr=name), args=operands) if name in OPERATORS:
            return name, operands
    raise ValueError(f"expected a formula, got {ast.unparse(node)!r}")
