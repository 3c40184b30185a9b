"""Bodies are strict JSON, whichever way that is found out."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app import bodies
from engine import SpecError

# Colons within texts make the quick way unsure; few names make repetitions likely.
NAMES = st.sampled_from(["a", "b", "a:b", ":", '"', '":', "\\"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | NAMES,
    lambda inner: st.lists(inner, max_size=4) | st.lists(st.tuples(NAMES, inner), max_size=4).map(tuple),
    max_leaves=20,
)


def written(value: Any) -> str:
    """JSON in which a tuple of pairs is an object, with its keys as they are given."""
    if isinstance(value, tuple):
        return "{" + ",".join(f"{json.dumps(key)}:{written(each)}" for key, each in value) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return json.dumps(value)


def repeats(value: Any) -> bool:
    """Whether a key is there twice anywhere."""
    if isinstance(value, tuple):
        keys = [key for key, _ in value]
        return len(set(keys)) < len(keys) or any(repeats(each) for _, each in value)
    return isinstance(value, list) and any(map(repeats, value))


@given(VALUES, st.integers(0, 600), st.booleans())
@example((("a", 1), ("a", 2)), 0, True)
@example((("a", (("b", ":"), ("b", 1))),), 600, False)
def test_a_key_that_is_there_twice_is_found_however_long_the_text(value: Any, padding: int, as_text: bool) -> None:
    text = written(value) + " " * padding
    body = text if as_text else text.encode()
    if repeats(value):
        with pytest.raises(SpecError, match="more than once"):
            bodies.parse(body)
    else:
        assert bodies.parse(body) == json.loads(text)


@pytest.mark.parametrize("text", [b"[" * 240 + b"]" * 240, b"[" * 2000 + b"]" * 2000, b"[" * 500_000, b'{"a":' * 99])
def test_what_is_deep_is_read_or_refused(text: bytes) -> None:
    try:
        found = bodies.parse(text)
    except SpecError:
        return
    assert found == json.loads(text)


@pytest.mark.parametrize(
    ("text", "path", "said"),
    [
        ('{"optimizer": {"learning_rate": 1e400}}', "optimizer.learning_rate", "expected a finite number, got 1e400"),
        ('{"points": [[0, 1], [2, -1e999]]}', "points.1.1", "expected a finite number, got -1e999"),
        ('{"steps": 1' + "0" * 5000 + "}", "steps", "expected a finite number"),
        ('{"base": {"batch": {"size": 1, "size": 2}}}', "base.batch.size", "more than once"),
        ('{"changes": [{}, {"step": 1, "step": 2}]}', "changes.1.step", "more than once"),
        ('{"a": 1e400, "b"}', "", "not valid JSON"),
        ('{"a": 1e400, "b": "\\ud800"}', "a", "expected a finite number"),
    ],
)
@pytest.mark.parametrize("padding", [0, 600])
def test_what_json_can_write_and_nothing_can_take_is_named_by_its_path(
    text: str, path: str, said: str, padding: int
) -> None:
    with pytest.raises(SpecError) as caught:
        bodies.parse(text + " " * padding)
    [problem] = caught.value.problems
    assert problem.path == path
    assert said in str(problem.message)
