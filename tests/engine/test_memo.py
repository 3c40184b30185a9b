"""What is worked out about data: remembered, bounded, and let go of with them."""

import gc
import weakref
from typing import Any

import pytest

import engine
from engine.datasets import from_points
from engine.memo import Memo


def test_things_by_dataset_and_key() -> None:
    memo, one, other = Memo[str](most=2), from_points([1.0], [2.0]), from_points([1.0], [2.0])
    memo.keep(one, "a", "first")
    memo.keep(one, "b", "second")
    memo.keep(other, "a", "of other data, though these are equal")
    assert (memo.find(one, "a"), memo.find(one, "b"), memo.find(other, "b")) == ("first", "second", None)
    memo.keep(one, "c", "third")
    assert (memo.find(one, "a"), memo.find(one, "c")) == (None, "third"), "no more than two for each"
    assert memo.find(other, "a") is not None


@pytest.mark.parametrize("batch", [{}, {"size": "all"}, {"order": "shuffled"}, {"order": "random"}])
def test_data_are_let_go_of(batch: dict[str, Any]) -> None:
    points = {"name": "points", "x": [0.0, 0.5, 1.0], "y": [1.0, 0.0, 2.0]}
    spec = engine.RunSpec.from_dict({"dataset": points, "batch": batch, "steps": 100})
    result = engine.run(spec)
    assert result.theory is not None
    seen = weakref.ref(spec.data)
    del spec, result
    gc.collect()
    assert seen() is None
