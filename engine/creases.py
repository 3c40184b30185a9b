"""The mean absolute error of a line on a grid, exact: one sort for each slope instead of a pass for each cell.

With the residuals r = w·x − y in rising order and their running sums, Σ|r + b| is the sum of all r + b less twice the
sum of those below zero, for any b at once. Residuals are measured from their median, the best −b: no loss on the grid
is smaller than their own mean size, so nothing cancels.
"""

import numpy as np

from engine.arrays import Array


def mean_absolute(x: Array, y: Array, slopes: Array, biases: Array) -> Array:
    """The loss over x (n,) and y (n,) for each bias and slope, [b, w]; infinity where it overflows."""
    n = len(y)
    loss = np.empty((len(biases), len(slopes)))
    sums = np.zeros(n + 1)
    with np.errstate(all="ignore"):
        for column, slope in zip(loss.T, slopes, strict=True):
            residuals = np.sort(slope * x - y)
            middle = residuals[n // 2]
            residuals -= middle
            np.cumsum(residuals, out=sums[1:])
            shifts = biases + middle
            below = np.searchsorted(residuals, -shifts)
            column[:] = (sums[-1] - 2 * sums[below] + shifts * (n - 2 * below)) / n
    return np.where(np.isfinite(loss), loss, np.inf)
