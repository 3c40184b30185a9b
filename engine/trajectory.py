"""Rows of a run."""

from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.arrays import Array


class Trajectory:
    """Rows of a run: names of θ's columns, step (R,), theta (R, P), loss over all rows of the data (R,).

    `step` may be given as a range: the array is made when it is first looked at.
    """

    def __init__(self, names: tuple[str, ...], step: range | npt.NDArray[np.int64], theta: Array, loss: Array) -> None:
        self.names = names
        self._step = step
        self.theta = theta
        self.loss = loss

    @classmethod
    def of(cls, names: tuple[str, ...], step: range, columns: Array) -> "Trajectory":
        """The rows whose `columns`, (P + 1, R), are the parameters and the loss."""
        return cls(names, step, columns[:-1].T, columns[-1])

    @cached_property
    def step(self) -> npt.NDArray[np.int64]:
        """The step of each row, (R,)."""
        if isinstance(self._step, range):
            return np.arange(self._step.start, self._step.stop, self._step.step)
        return self._step

    @property
    def first(self) -> int:
        """The step of the first row."""
        return int(self._step[0])

    @property
    def last(self) -> int:
        """The step of the last row."""
        return int(self._step[-1])

    def __len__(self) -> int:
        return len(self.loss)

    def column(self, name: str) -> Array:
        """One parameter, or "loss", over the rows: (R,)."""
        return self.loss if name == "loss" else self.theta[:, self.names.index(name)]

    def lists(self) -> dict[str, list[int] | list[float]]:
        """The columns by name, as lists: step, the parameters in order, loss."""
        step = list(self._step) if isinstance(self._step, range) else self._step.tolist()
        theta = zip(self.names, self.theta.T.tolist(), strict=True)
        return {"step": step, **dict(theta), "loss": self.loss.tolist()}

    def __getitem__(self, rows: slice) -> "Trajectory":
        return Trajectory(self.names, self._step[rows], self.theta[rows], self.loss[rows])

    def __repr__(self) -> str:
        return f"Trajectory({', '.join(self.names)}, loss: {len(self)} rows)"
