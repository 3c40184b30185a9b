"""What a sweep varies: keys of a run's JSON, each with its values; and the groups of runs that can go side by side."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import Any

import numpy as np

from engine.arrays import Array, Rows
from engine.keys import NAMES, get, is_lane, numbers_of, put, renamed
from engine.messages import Problem, SpecError, fail
from engine.reading import Reader
from engine.spec import RunSpec
from engine.values import read_values


@dataclass(frozen=True, slots=True)
class Group:
    """Runs of one spec that differ in numbers only: lanes holds them by key, (R,); rows: their table rows."""

    spec: RunSpec
    lanes: dict[str, Array]
    rows: Rows


def read_varied(reader: Reader, base: Mapping[str, Any], vary: Mapping[str, Any], most: int) -> dict[str, list[Any]]:
    """The values of each key of `vary`, at most so many of each: lists checked, ranges spread out.

    base: the filled-in spec that is varied. Problems are noted as `vary.<key>`; {} if names are among them.
    """
    values = {key: read_values(reader, key, vary[key], most, None) for key in vary if key in NAMES}
    if not all(values.values()):
        return {}
    # What a number may be depends on the names beside it; it must be right beside all of them.
    usual = {key: get(base, key) for key in NAMES}
    distinct = {key: list(dict.fromkeys(each)) for key, each in values.items()}
    known = [numbers_of(usual | names) for names in combinations(distinct)]
    for key in vary:
        if key in NAMES:
            continue
        missing = next((numbers for numbers in known if key not in numbers), None)
        if missing is not None:
            reader.add(fail(f"vary.{str(key)[:40]}", "unknown-key", expected=", ".join([*NAMES, *missing])))
            continue
        values[key] = read_values(reader, key, vary[key], most, known[0][key])
        for parameter in dict.fromkeys(numbers[key] for numbers in known[1:]):
            if parameter != known[0][key]:
                read_values(reader, key, values[key], most, parameter)
    return {key: values[key] for key in vary if key in values}


def combinations(vary: Mapping[str, list[Any]]) -> Iterator[dict[str, str]]:
    """Every combination of the names that are varied; one empty one where none is."""
    keys = [key for key in vary if key in NAMES]
    for names in product(*(vary[key] for key in keys)):
        yield dict(zip(keys, names, strict=True))


def plain(spec: RunSpec) -> dict[str, Any]:
    """The spec's JSON, its own points as the arrays that they are."""
    points = spec.dataset.points
    if points is None:
        return spec.to_dict()
    without = replace(spec, dataset=RunSpec.from_dict({}).dataset).to_dict()
    return without | {"dataset": {"name": "points", "x": points.x, "y": points.y}}


def groups(spec: RunSpec, values: Mapping[str, list[Any]]) -> Iterator[Group]:
    """All combinations of the values, those together that differ in the method's numbers and the start alone.

    The last key changes fastest from row to row. SpecError where a combination describes no run.
    """
    base = plain(spec)
    apart = {key: each for key, each in values.items() if not is_lane(key)}
    lanes = {key: each for key, each in values.items() if is_lane(key)}
    places = np.arange(prod(len(each) for each in values.values())).reshape([len(each) for each in values.values()])
    columns = np.meshgrid(*(np.array(each, dtype=np.float64) for each in lanes.values()), indexing="ij")
    numbers = {key: column.ravel() for key, column in zip(lanes, columns, strict=True)}
    for chosen in product(*(range(len(each)) for each in apart.values())):
        own = {key: apart[key][i] for key, i in zip(apart, chosen, strict=True)}
        varied = _spec(base, own | {key: each[0] for key, each in lanes.items()}, values)
        if not any(key.startswith("dataset") for key in own):
            varied = replace(varied, dataset=spec.dataset)
        taken = iter(chosen)
        cut = tuple(slice(None) if is_lane(key) else next(taken) for key in values)
        yield Group(varied, numbers, places[cut].ravel())


def _spec(base: Mapping[str, Any], chosen: Mapping[str, Any], values: Mapping[str, list[Any]]) -> RunSpec:
    """The base with the chosen values, what is wrong with them named by their keys in `vary`."""
    own = renamed(base, {key: value for key, value in chosen.items() if key in NAMES})
    for key, value in chosen.items():
        put(own, key, value)
    try:
        return RunSpec.from_dict(own)
    except SpecError as error:
        problems = [Problem(f"vary.{each.path}" if each.path in values else each.path, each.message)
                    for each in error.problems]  # fmt: skip
        raise SpecError(*problems) from None
