"""Small matrices, many at a time: along the first two axes, so that each operation runs over long rows of numbers.

For matrices of two or four rows this is far faster than `@`.
"""

from collections.abc import Sequence
from math import copysign, inf, isfinite, sqrt

import numpy as np

from engine.arrays import Array, ComplexArray

# Sizes of eigenvalues are as large if they differ by less.
_TIED = 1e-9


def times(left: Array, right: Array) -> Array:
    """The product of each `left` (i, j, …) and `right` (j, k, …)."""
    total = left[:, :1] * right[:1]
    for j in range(1, len(right)):
        total += left[:, j : j + 1] * right[j : j + 1]
    return total


def product(matrices: Array) -> Array:
    """The product of the matrices along axis 2, the first one rightmost."""
    while (count := matrices.shape[2]) > 1:
        paired = times(matrices[:, :, 1::2], matrices[:, :, : count // 2 * 2 : 2])
        matrices = np.concatenate([paired, matrices[:, :, -1:]], axis=2) if count % 2 else paired
    return matrices[:, :, 0]


def kron(left: Array, right: Array) -> Array:
    """The Kronecker product of each `left` and `right`, (…, R)."""
    outer = left[:, np.newaxis, :, np.newaxis] * right[np.newaxis, :, np.newaxis, :]
    return outer.reshape(len(left) * len(right), left.shape[1] * right.shape[1], -1)


def dominant(matrices: Array) -> ComplexArray:
    """The eigenvalue of largest size of each matrix (k, k, R), infinity where one has overflowed: (R,).

    Of several as large, up to rounding, the one that turns the slowest.
    """
    finite = np.isfinite(matrices).all(axis=(0, 1))
    if len(matrices) == 2:
        return np.where(finite, _dominant_of_two(matrices), np.inf)
    values = np.linalg.eigvals(np.where(finite, matrices, 0.0).transpose(2, 0, 1))
    sizes = np.abs(values)
    tied = sizes >= sizes.max(axis=-1, keepdims=True) * (1 - _TIED)
    slowest = np.where(tied, values.real, -np.inf).argmax(axis=-1)
    largest = np.take_along_axis(values, slowest[:, np.newaxis], axis=-1)[:, 0]
    return np.where(finite, largest, np.inf).astype(complex)


def _dominant_of_two(matrices: Array) -> ComplexArray:
    """The same for 2 × 2, from its characteristic polynomial: the mean of the diagonal and a root about it."""
    with np.errstate(all="ignore"):
        scale = np.abs(matrices).max(axis=(0, 1))
        (a, b), (c, d) = matrices / np.where(scale > 0, scale, 1.0)
        mean, apart = (a + d) / 2, (a - d) / 2
        square = apart * apart + b * c
        root = np.sqrt(np.abs(square))
        values: ComplexArray = np.where(square < 0, mean + 1j * root, mean + np.copysign(root, mean)) * scale
        return values


def dominant_of(matrix: Sequence[Sequence[float]]) -> complex:
    """The same of one matrix, (k, k), with the same bits: for 2 × 2 in plain floats."""
    if len(matrix) != 2:
        return complex(dominant(np.array(matrix)[:, :, np.newaxis])[0])
    (a, b), (c, d) = matrix
    if not (isfinite(a) and isfinite(b) and isfinite(c) and isfinite(d)):
        return complex(inf)
    scale = max(abs(a), abs(b), abs(c), abs(d))
    unit = scale or 1.0
    a, b, c, d = a / unit, b / unit, c / unit, d / unit
    mean, apart = (a + d) / 2, (a - d) / 2
    square = apart * apart + b * c
    root = sqrt(abs(square))
    return (complex(mean, root) if square < 0 else complex(mean + copysign(root, mean))) * scale


def spectral_radius(matrices: Array) -> Array:
    """The largest |eigenvalue| of each matrix (k, k, R), infinity where one has overflowed: (R,)."""
    return np.abs(dominant(matrices))
