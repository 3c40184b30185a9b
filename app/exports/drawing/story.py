"""What a picture or a film of a run shows: its rows, which of them are drawn, and which get a frame."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.exports import rows
from app.exports.progress import Progress
from engine import Outcome, Run, RunSpec, Status, Theory, Trajectory, analyse, window
from engine.arrays import Array

MOST_DRAWN = 20_000  # rows of a path: more cannot be told apart
MOST_STARTS = 50  # changes after which frames are looked for as after the start
PER_START = 400  # steps that are candidates for a frame, after the start and after each change

ROOM = 0.8  # how much of a window a way may fill

Limits = tuple[float, float]
Steps = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Story:
    """A run to be drawn. trajectory: all its rows; drawn: the rows of the path, rising, from the first to the last."""

    spec: RunSpec
    trajectory: Trajectory
    outcome: Outcome
    theory: Theory | None
    window: dict[str, tuple[float, float]]
    drawn: Steps

    @property
    def end(self) -> int:
        """The last row's step."""
        return int(self.trajectory.step[-1])

    @property
    def steps(self) -> int:
        """How many steps the run has: those that were asked for, as long as it is not known to end before."""
        return self.spec.steps if self.outcome.status is Status.RUNNING else self.end

    @property
    def changes(self) -> dict[int, dict[str, float]]:
        """What was changed on the way, by step; a change before the first step is no change."""
        return {
            change.step: change.optimizer
            for change in self.spec.changes
            if 0 < change.step < self.end and change.optimizer
        }

    def between(self, first: int, last: int) -> Steps:
        """The steps that are drawn from one step to a later one, both included."""
        start, stop = np.searchsorted(self.drawn, first), np.searchsorted(self.drawn, last, side="right")
        return np.union1d(self.drawn[start:stop], [first, last])


def tell(spec: RunSpec, progress: Progress, until: int | None = None) -> Story:
    """Compute a run and choose what of it is drawn; with `until`, only the part up to that step."""
    run = Run(spec)
    trajectory = rows.whole(run, progress, until)
    end = int(trajectory.step[-1])
    every = -(-len(trajectory) // MOST_DRAWN)
    drawn = np.union1d(np.arange(0, end + 1, every), [end]) if every > 1 else np.arange(end + 1)
    theory = analyse(spec)
    shown = _focus(window(spec), trajectory.theta[drawn], theory)
    return Story(spec, trajectory, run.outcome_at(end), theory, shown, drawn)


def _focus(whole: dict[str, Limits], way: Array, theory: Theory | None) -> dict[str, Limits]:
    """The half of the lab's window, along each axis, if way and optimum fit well into it; else all of it.

    A picture cannot be turned and looked at closely as the lab's bowl can.
    """
    low, high = np.array(list(whole.values())).T
    places = way if theory is None else np.vstack([way, list(theory.optimum.values())])
    size = high - low
    if not (np.isfinite(places).all() and (places >= low).all() and (places <= high).all()):
        return whole
    least, most = places.min(axis=0), places.max(axis=0)
    if (most - least > ROOM * size / 2).any():
        return whole
    start = np.clip((least + most) / 2 - size / 4, low, high - size / 2)
    return {name: (at, at + half) for name, at, half in zip(whole, start.tolist(), (size / 2).tolist(), strict=True)}


def frames(story: Story, most: int) -> Steps:
    """The steps that get a frame, at most `most`, the first and the last among them; more where more happens.

    Candidates lie ever further apart after the start and after each change, and ever closer before the end. Along them
    the distance is measured that ball and loss move in the picture; frames are evenly spaced along that distance.
    """
    if story.end < most:
        return np.arange(story.end + 1)
    candidates = _candidates(story, most)
    moved = np.linalg.norm(np.diff(_places(story, candidates), axis=0), axis=1)
    # A part of the frames is spread evenly over the candidates, so that a run that stands still is seen to stand.
    way = np.concatenate([[0.0], np.cumsum(moved / (moved.sum() or 1.0) + 0.5 / len(moved))])
    chosen = np.searchsorted(way, np.linspace(0, way[-1], most))
    return np.unique(candidates[np.minimum(chosen, len(candidates) - 1)])


def _candidates(story: Story, most: int) -> Steps:
    end = story.end
    apart = np.unique(np.geomspace(1, max(end, 1), PER_START).astype(np.int64))
    starts = [0, *list(story.changes)[:MOST_STARTS]]
    found = [np.array([0, end]), np.linspace(0, end, 2 * most).astype(np.int64), end - apart]
    found += [start + apart for start in starts] + [np.array(starts)]
    every: Steps = np.unique(np.concatenate(found))
    return every[(every >= 0) & (every <= end)]


def _places(story: Story, steps: Steps) -> Array:
    """Where ball and loss are in the picture at these steps, each axis from 0 to 1."""
    trajectory = story.trajectory
    columns = []
    for name in trajectory.names:
        low, high = story.window[name]
        columns.append(np.clip((trajectory.column(name)[steps] - low) / (high - low), -0.1, 1.1))
    loss = np.log(np.clip(trajectory.loss[steps], 1e-30, 1e30))
    low, high = loss.min(), loss.max()
    columns.append((loss - low) / ((high - low) or 1.0))
    return np.stack(columns, axis=-1)
