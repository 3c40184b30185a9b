"""Datasets against the three lines of NumPy that define them; own points exactly as given."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import engine
from tests.engine.oracles import beans

GENERATED = [name for name, entry in engine.DATASETS.items() if not entry.value.given]


@pytest.mark.parametrize("name", GENERATED)
@pytest.mark.parametrize(("n", "seed"), [(1, 0), (2, 1), (100, 0), (1000, 2**53 - 1)])
def test_generators_are_their_formulas(name: str, n: int, seed: int) -> None:
    dataset = engine.DATASETS[name].value.make(count=n, seed=seed)
    x, y = beans(name, n, seed)
    assert dataset.x.shape == (n, 1)
    assert dataset.x[:, 0].tolist() == x
    assert dataset.y.tolist() == y
    assert len(dataset) == n


def test_known_beans() -> None:
    """The first beans of seed 0, to the last digit: what a student sees is what everybody sees."""
    data = engine.RunSpec.from_dict({"dataset": {"name": "offset-beans", "count": 3, "seed": 0}}).data
    assert data.x[:, 0].tolist() == [0.04097352393619469, 0.2697867137638703, 0.6369616873214543]
    assert data.y == pytest.approx([0.62537594, 0.62619665, 0.86332207], abs=1e-8)


NUMBERS = st.floats(-1e12, 1e12)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=9))
def test_own_points_are_used_as_given(points: list[tuple[float, float]]) -> None:
    x, y = [list(column) for column in zip(*points, strict=True)]
    nested: list[Any] = [[each] for each in x]
    for given_x in (x, tuple(x), np.array(x), nested, np.array(nested)):
        dataset = engine.from_points(given_x, np.array(y))
        assert dataset.x[:, 0].tolist() == x
        assert dataset.y.tolist() == y
        assert not dataset.x.flags.writeable


@given(arrays.arrays(np.int64, st.integers(1, 5), elements=st.integers(-(10**12), 10**12)))
def test_integers_become_floats(x: np.ndarray[Any, np.dtype[np.int64]]) -> None:
    dataset = engine.from_points(x, x.tolist())
    assert dataset.x.dtype == dataset.y.dtype == np.float64
    assert dataset.y.tolist() == x.tolist()


def test_given_arrays_are_copied() -> None:
    x = np.array([0.1, 0.2])
    dataset = engine.from_points(x, x)
    x[0] = 9
    assert dataset.x[0, 0] == dataset.y[0] == 0.1


BAD = {
    "no list": (3, [1.0], "dataset.x", "expected a list, got 3"),
    "text": ("abc", [1.0], "dataset.x", 'expected a list, got "abc"'),
    "nothing": ([], [], "dataset.x", "expected at least one point, got none"),
    "nan": ([0.1, float("nan")], [1, 2], "dataset.x.1", "expected a finite number, got nan"),
    "infinite": ([0.1, 0.2], [1, float("-inf")], "dataset.y.1", "expected a finite number, got -inf"),
    "huge": ([1e13], [1], "dataset.x.0", "expected -1000000000000.0 to 1000000000000.0, got 10000000000000.0"),
    "huge integer": ([10**400], [1], "dataset.x.0", "an integer of more than 77 digits"),
    "bool": ([0.1, True], [1, 2], "dataset.x.1", "expected a finite number, got true"),
    "none": ([0.1, None], [1, 2], "dataset.x.1", "expected a finite number, got null"),
    "ragged": ([[1.0], [1.0, 2.0]], [1, 2], "dataset.x.1", "expected a row of 1 numbers, got a list of 2"),
    "mixed": ([[1.0], 2.0], [1, 2], "dataset.x.1", "expected a row of 1 numbers, got 2.0"),
    "empty row": ([[]], [1], "dataset.x.0", "expected a row of 1 numbers, got a list of 0"),
    "nested y": ([1.0], [[1.0]], "dataset.y", "expected a list, got an array of float64 with shape (1, 1)"),
    "lengths": ([1.0, 2.0], [1.0], "dataset.y", "expected as many values as x has rows (2), got 1"),
    "scalar array": (np.array(1.0), [1.0], "dataset.x", "expected a list"),
    "texts": (np.array(["a"]), [1.0], "dataset.x", "expected a list, got an array of <U1 with shape (1,)"),
    "cube": (np.ones((2, 2, 2)), [1.0, 2.0], "dataset.x", "with shape (2, 2, 2)"),
    "nested nan": ([[0.1], [float("nan")]], [1, 2], "dataset.x.1.0", "expected a finite number, got nan"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_points_are_named(name: str) -> None:
    x, y, path, words = BAD[name]
    with pytest.raises(engine.SpecError) as caught:
        engine.from_points(x, y)
    (problem,) = caught.value.problems
    assert problem.path == path
    assert words in str(problem.message)
