"""Affine maps and small matrices, many at a time, against one at a time."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import maps, matrices

Array = npt.NDArray[np.float64]


def drawn(seed: int, *shape: int) -> Array:
    return np.random.default_rng(seed).normal(size=shape) / 2


def square(map_: Array) -> Array:
    """An affine map (S, S + 1) as a matrix on (state, 1)."""
    return np.vstack([map_, np.append(np.zeros(len(map_)), 1.0)])


@given(st.integers(1, 4), st.integers(1, 33), st.integers(0, 99))
def test_compositions(size: int, count: int, seed: int) -> None:
    steps = drawn(seed, size, size + 1, count)
    product = np.eye(size + 1)
    composed = maps.prefixes(steps)
    assert composed.shape == (size, size + 1, count + 1)
    for i in range(count + 1):
        assert square(composed[:, :, i]) == pytest.approx(product, rel=1e-9, abs=1e-9)
        product = square(steps[:, :, min(i, count - 1)]) @ product
    powers = maps.powers(steps[:, :, 0], count)
    assert square(powers[:, :, count]) == pytest.approx(
        np.linalg.matrix_power(square(steps[:, :, 0]), count), rel=1e-9, abs=1e-9
    )
    copies = np.repeat(steps[:, :, :1], count, axis=2)
    assert powers.tolist() == maps.prefixes(copies).tolist(), "the same bits as of maps that are not known to be alike"


@given(st.integers(1, 4), st.sampled_from([1, 2, 8, 64]), st.integers(0, 99))
def test_whole(size: int, count: int, seed: int) -> None:
    steps = drawn(seed, size, size + 1, count)
    assert maps.whole(steps) == pytest.approx(maps.prefixes(steps)[:, :, count], rel=1e-9, abs=1e-9)


def test_images_have_the_same_bits_alone_and_together() -> None:
    steps, states = drawn(1, 4, 5, 70), drawn(2, 4, 70)
    together = np.array(maps.apply(steps, states))
    alone = [maps.apply(steps[:, :, i].tolist(), states[:, i].tolist()) for i in range(70)]
    assert together.T.tolist() == alone


@given(st.integers(1, 4), st.integers(1, 9), st.integers(0, 99))
def test_matrices(size: int, count: int, seed: int) -> None:
    left, right = drawn(seed, size, size, count), drawn(seed + 1, size, size, count)
    for i in range(count):
        one, other = left[:, :, i], right[:, :, i]
        assert matrices.times(left, right)[:, :, i] == pytest.approx(one @ other)
        assert matrices.kron(left, right)[:, :, i] == pytest.approx(np.kron(one, other))
        assert matrices.spectral_radius(left)[i] == pytest.approx(np.abs(np.linalg.eigvals(one)).max())
    whole = np.eye(size)
    for i in range(count):
        whole = left[:, :, i] @ whole
    assert matrices.product(left) == pytest.approx(whole)


@pytest.mark.parametrize("scale", [1e-200, 1.0, 1e200])
@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        ([[0.5, 3.0], [0.0, -0.9]], -0.9),
        ([[1.0, 1.0], [0.0, 1.0]], 1.0),
        ([[0.0, -1.0], [1.0, 0.0]], 1j),
        ([[0.3, -0.4], [0.4, 0.3]], 0.3 + 0.4j),
        ([[0.0, 0.0], [0.0, 0.0]], 0.0),
        ([[1.0, 1e-9], [1e-9, 1.0]], 1 + 1e-9),
    ],
)
def test_dominant_of_two_by_two(matrix: list[list[float]], expected: complex, scale: float) -> None:
    [found] = matrices.dominant(scale * np.array(matrix)[:, :, np.newaxis])
    assert found / scale == pytest.approx(expected, rel=1e-14)


def test_radius_of_what_has_overflowed() -> None:
    grown = np.array([[[np.inf, 0.5], [0.0, 0.0]], [[0.0, 0.0], [1.0, 0.25]]])
    assert matrices.spectral_radius(grown).tolist() == [np.inf, 0.5]
    assert matrices.spectral_radius(np.array([[[np.inf, 0.5, np.nan]]])).tolist() == [np.inf, 0.5, np.inf]
