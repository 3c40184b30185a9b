"""The values that a varied key takes: a list, or a range of numbers that is spread out."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from engine.keys import NAMES
from engine.messages import brief, fail
from engine.reading import Reader
from engine.registry import Entry, ParamSpec, Registry

_SCALES = Registry[None](
    "scale",
    Entry("linear", "Linear", "Equal differences.", None),
    Entry("log", "Logarithmic", "Equal ratios.", None),
)
SCALES = tuple(_SCALES)


def read_values(reader: Reader, key: str, value: Any, most: int, parameter: ParamSpec | None) -> list[Any]:
    """The values given for a key, at most so many; problems are noted as `vary.<key>`.

    parameter: the number that each is, None for a name.
    """
    path = f"vary.{key}"
    if isinstance(value, Mapping) and parameter is not None:
        return reader.attempt(lambda: _range(value, path, most, parameter)) or []
    if not isinstance(value, list | tuple | np.ndarray):
        wanted = "expected-values" if parameter is not None else "expected-list"
        reader.add(fail(path, wanted, got=brief(value)))
        return []
    if not 1 <= len(value) <= most:
        reader.add(fail(path, "out-of-range", low=1, high=most, got=f"{len(value)} values"))
        return []
    each = value.tolist() if isinstance(value, np.ndarray) else list(value)
    if parameter is not None and _all_valid(each, parameter):
        return each
    read = [reader.attempt(partial(_read, key, one, f"{path}.{i}", parameter)) for i, one in enumerate(each)]
    return [one for one in read if one is not None]


def _all_valid(values: list[Any], parameter: ParamSpec) -> bool:
    """Whether there is nothing to convert and nothing to refuse: quick to see, however many there are."""
    kind = int if parameter.integer else float
    if not all(type(value) is kind for value in values):
        return False
    array = np.array(values)
    return bool(((array >= parameter.low) & (array <= parameter.high)).all())


def _read(key: str, value: Any, path: str, parameter: ParamSpec | None) -> Any:
    if parameter is None:
        return NAMES[key].read(value, path)
    if key == "batch.size" and isinstance(value, str) and value == "all":
        return value
    number = parameter.read(value, path)
    return int(number) if parameter.integer else float(number)


def _range(value: Mapping[str, Any], path: str, most: int, parameter: ParamSpec) -> list[Any]:
    reader = Reader()
    reader.object(value, path, ("from", "to", "count", "scale"))
    for key in ("from", "to", "count"):
        if key not in value:
            reader.add(fail(f"{path}.{key}", "missing", expected="a number"))
    reader.finish()
    first, last = (reader.attempt(partial(parameter.read, value[key], f"{path}.{key}")) for key in ("from", "to"))
    how_many = ParamSpec("count", "Count", 1, 1, most, "How many values.", integer=True)
    count = reader.attempt(lambda: how_many.read(value["count"], f"{path}.count"))
    scale = reader.attempt(lambda: _SCALES.read(value.get("scale", "linear"), f"{path}.scale"))
    if scale == "log" and any(end is not None and end <= 0 for end in (first, last)):
        reader.add(fail(f"{path}.scale", "log-needs-positive"))
    reader.finish()
    assert first is not None and last is not None and count is not None
    spaced = (np.geomspace if scale == "log" else np.linspace)(first, last, int(count))
    # Rounding must not carry a value past an end that is itself allowed.
    spaced = np.clip(spaced, min(first, last), max(first, last))
    if parameter.integer:
        return list(dict.fromkeys(int(number) for number in np.rint(spaced)))
    return list(spaced.tolist())
