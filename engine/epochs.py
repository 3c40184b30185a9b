"""Sweeps by leaps: for linear methods on a paraboloid with batches that repeat, runs are looked at block by block.

Only the states between blocks are walked, and those only of runs that have something in store: to come to the goal, or
to leave all bounds. Where bounds leave open whether that happens within a block, its rows are made and looked at, so
the steps found are exact. All others leap to the end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np

from engine.arrays import Array, Rows
from engine.blocks import LEAP, Blocks, blocks_of
from engine.gradients import AffineGradients
from engine.lanes import Ends, Flags, Lanes, Walk, chosen, first_of, step_on
from engine.maps import apply, flat, shaped
from engine.objective import DIVERGED
from engine.optimizers import Numbers
from engine.outcome import Status
from engine.quadratic import Quadratic
from engine.stepping import Point, Stretch

_BLOCK = 64
# Fewer runs, or fewer blocks, are not worth the preparation.
_FEWEST = 8
_FEWEST_BLOCKS = 4
# So many numbers are worked on at a time: in the tables of all runs, and in one step of the walk.
_TABLES = 2**23
_STATES = 2**15
_PAIRS = 256
_NEVER = np.iinfo(np.int64).max


def step_by_epochs(lanes: Lanes) -> Ends | None:
    """Every run from start to end; None where this way does not apply, or is not worth it."""
    spec, objective = lanes.spec, lanes.spec.objective()
    bowl = objective.quadratic
    if bowl is None or spec.method.linear is None or spec.stop is not None:
        return None
    gradients = AffineGradients(objective, spec.batches())
    if gradients.period is None:
        return None
    length = gradients.period * -(-_BLOCK // gradients.period)
    size = len(flat(lanes.cut(0, 1).point()))
    at_once = _TABLES // (size * (size + 1) * length)
    if min(at_once, lanes.count) < _FEWEST or spec.steps < _FEWEST_BLOCKS * length:
        return None
    ends = Ends(len(lanes.start), lanes.count)
    for first in range(0, lanes.count, at_once):
        part = lanes.cut(first, min(first + at_once, lanes.count))
        ends.take(first, _Leaps(part, gradients, bowl, length).ends())
    return ends


@dataclass(slots=True)
class _Found:
    """What happened to R runs in a stretch, in steps from its first: when they came to the goal, and when they ended.

    hit, end (R,): `_NEVER` where that did not happen; last (R,) and theta (P, R): the last rows of those that ended.
    """

    hit: Rows
    end: Rows
    last: Rows
    theta: Array

    @classmethod
    def nothing(cls, size: int, count: int) -> "_Found":
        """Nothing happened."""
        never = np.full(count, _NEVER)
        return cls(never, never.copy(), never.copy(), np.zeros((size, count)))

    def put(self, who: Rows, other: "_Found", later: int) -> None:
        """Take over what happened to the runs `who`, `later` steps on."""
        for name in ("hit", "end", "last"):
            ours, theirs = getattr(self, name), getattr(other, name)
            ours[who] = np.minimum(ours[who], np.where(theirs < _NEVER, theirs + later, _NEVER))
        self.theta[:, who] = other.theta


class _Leaps:
    """Runs on their way, from block to block."""

    def __init__(self, lanes: Lanes, gradients: AffineGradients, bowl: Quadratic, length: int) -> None:
        self._lanes = lanes
        self._gradients = gradients
        self._bowl = bowl
        self._length = length
        self._walk = Walk(lanes)
        # As sizes of z: where runs have left all bounds, and where they are at the goal; −1 where there is none.
        self._bound = float(np.sqrt(DIVERGED - bowl.least))
        self._goal = -1.0 if lanes.goal is None else float(np.sqrt(lanes.goal))

    def ends(self) -> Ends:
        """How all runs ended."""
        with np.errstate(all="ignore"):
            point = self._walk.begin()
            for first, last, hyper in self._lanes.spec.stretches(self._lanes.hyper):
                if last - first < _FEWEST_BLOCKS * self._length:
                    point = step_on(self._walk, self._gradients, (first, last), hyper, point)
                elif len(self._walk.running):
                    point = self._stretch(first, last, hyper, point)
            return self._walk.close()

    def _stretch(self, first: int, last: int, hyper: Mapping[str, Numbers], point: Point) -> Point:
        """From one change to the next; where the runs stand that go on."""
        walk, start = self._walk, np.array(flat(point))
        own = {name: chosen(value, walk.running) for name, value in hyper.items()}
        stretch = Stretch(walk.objective, self._gradients, self._lanes.spec.method, own, first, point)
        blocks = blocks_of(stretch, self._bowl, self._length, self._goal)
        count, rest = divmod(last - first, self._length)
        found = self._follow(blocks, start, count, rest)
        walk.reach((found.hit < _NEVER) & (found.hit <= found.last), first + found.hit)
        status = np.full(len(walk.running), str(Status.DIVERGED))
        going = walk.end(found.end < _NEVER, first + found.end, found.theta, status)
        state = apply(blocks.maps[:, :, rest], blocks.after(start, count))
        walk.stand(np.array(state[: len(point)])[:, going])
        return shaped(tuple(number[going] for number in state), point)

    def _follow(self, blocks: Blocks, start: Array, count: int, rest: int) -> _Found:
        """Walk from block to block with the runs that have something in store, as long as they have."""
        found = _Found.nothing(len(self._bowl.optimum), start.shape[1])
        unreached = self._walk.unreached() & (self._goal > 0)
        who, state, at = np.arange(start.shape[1]), start, 0
        while True:
            stays = blocks.stays(state)
            awaits = ~(blocks.far + stays <= self._bound) | (unreached & ~(blocks.near - stays > self._goal))
            awaits &= found.end[who] == _NEVER
            if not awaits.all():
                blocks, who, state, unreached = blocks.of(awaits), who[awaits], state[:, awaits], unreached[awaits]
            if not len(who):
                return found
            steps = min(count - at, max(LEAP, _STATES // len(who)))
            states = blocks.walked(state, steps)
            happened = self._between(blocks, states, unreached) if steps else self._within(blocks, states, rest)
            found.put(who, happened, at * blocks.length)
            if not steps:
                return found
            state, at, unreached = states[-1], at + steps, unreached & (happened.hit == _NEVER)

    def _between(self, blocks: Blocks, states: Array, unreached: Flags) -> _Found:
        """What happens in the blocks between `states`, (blocks + 1, S, R)."""
        excess = self._bowl.excess(np.moveaxis(states[:, : len(self._bowl.optimum)], 1, -1))
        # The first state at the goal, and the first beyond bounds: the step is theirs, or lies in a block before.
        hit, bad = first_of(self._at_goal(excess)), first_of(self._is_beyond(excess))
        y, rest = blocks.apart(states[:-1])
        found = _Found.nothing(len(self._bowl.optimum), states.shape[2])
        found.hit[:] = np.where(hit < len(states), hit * blocks.length, _NEVER)
        found.end[:] = np.where(bad < len(states), bad * blocks.length, _NEVER)
        leaving = blocks.may_leave(y, rest, self._bound)
        reaching = blocks.may_reach(y, rest, self._goal) & unreached if unreached.any() else np.zeros_like(leaving)
        self._search_in_turn(blocks, states, leaving, reaching, found)
        return self._completed(found, blocks, states)

    def _search_in_turn(self, blocks: Blocks, states: Array, leaving: Flags, reaching: Flags, found: _Found) -> None:
        """Look at the blocks where something may happen, (blocks, R): at the first of each run, then at the next."""
        begin = np.arange(len(leaving))[:, np.newaxis] * blocks.length
        while True:
            # What has happened cannot happen again later on; and nothing happens after the end.
            doubtful = (leaving | (reaching & (begin < found.hit))) & (begin < found.end)
            where = first_of(doubtful)
            who = np.flatnonzero(where < len(doubtful))
            if not len(who):
                return
            for i in range(0, len(who), _PAIRS):
                part = who[i : i + _PAIRS]
                self._search(blocks, states, where[part], part, blocks.length, found)
            leaving[where[who], who] = reaching[where[who], who] = False

    def _within(self, blocks: Blocks, states: Array, steps: int) -> _Found:
        """What happens in the first steps of the block that starts at `states`, (1, S, R)."""
        found = _Found.nothing(len(self._bowl.optimum), states.shape[2])
        for first in range(0, states.shape[2] if steps else 0, _PAIRS):
            who = np.arange(first, min(first + _PAIRS, states.shape[2]))
            self._search(blocks, states, np.zeros_like(who), who, steps, found)
        return self._completed(found, blocks, states)

    def _search(self, blocks: Blocks, states: Array, where: Rows, who: Rows, steps: int, found: _Found) -> None:
        """Make the first `steps` rows of some blocks of some runs, and note what happens there first."""
        maps = np.take(blocks.maps[: len(self._bowl.optimum)], who, axis=3)[:, :, 1 : steps + 1]
        z = self._bowl.whitened(apply(maps, states[where, :, who].T))
        excess = reduce(np.add, (np.square(each) for each in z))
        for earliest, flags in ((found.hit, self._at_goal(excess)), (found.end, self._is_beyond(excess))):
            at = first_of(flags)
            np.minimum.at(earliest, who, np.where(at < steps, where * blocks.length + at + 1, _NEVER))

    def _completed(self, found: _Found, blocks: Blocks, states: Array) -> _Found:
        """With the last rows of the runs that ended."""
        who = np.flatnonzero(found.end < _NEVER)
        where, at = np.divmod(found.end[who] - 1, blocks.length)
        maps, start = blocks.maps[: len(self._bowl.optimum)], states[where, :, who].T
        theta, before = (np.array(apply(maps[:, :, j, who], start)) for j in (at + 1, at))
        leapt = ~np.isfinite(self._bowl.excess(theta.T)) | ~np.isfinite(theta).all(axis=0)
        found.theta[:, who] = np.where(leapt, before, theta)
        found.last[who] = found.end[who] - leapt
        return found

    def _at_goal(self, excess: Array) -> Flags:
        return excess <= (-1.0 if self._lanes.goal is None else self._lanes.goal)

    def _is_beyond(self, excess: Array) -> Flags:
        return ~(excess + self._bowl.least <= DIVERGED)
