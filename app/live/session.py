"""One viewer's session with a run: where it stands, whether it goes on, and which rows are due.

It knows no socket and no clock: commands and the time come in, frames go out. All rows are computed in `advance`, which
is told how many it may compute; what takes more is gone on with in the next call.
"""

from enum import Enum
from math import ceil, inf

from app import updates
from app.live.flow import Credit, Flight
from app.live.frames import Frame, Kind
from app.live.messages import Ack, Ahead, Change, Command, Pause, Play, Progress, Seek, Speed, State, Step, Told
from app.texts import fail
from engine import Run, Theory, analyse
from engine.spec import MOST_CHANGES

SPEED = 60.0  # steps a second, unless something else is asked for
EVERY_STEP_UP_TO = 30_000  # steps a second; beyond it, rows are left out
MOST_ROWS = 8192  # in one frame
MOST_THEORIES = 64  # remembered, for going back and forth between changes


class Mode(Enum):
    """What a session is doing."""

    IDLE = "there is no run yet"
    PAUSED = "standing still"
    PLAYING = "going on at its speed"
    WALKING = "on the way to the target, step by step"
    SEEKING = "on the way to the target, out of sight"


class Session:
    """A state machine over `Mode`. gated: whether frames must be acknowledged."""

    def __init__(self, frames_per_second: float, ack_timeout: float, *, gated: bool = True) -> None:
        self.mode = Mode.IDLE
        self.step = 0
        self.computed = 0  # rows that the last `advance` computed, as far as its time tells their cost
        self.owes_state = False  # something has changed that the viewer has not been told
        self.looks_ahead = False  # where nothing else is due, rows are computed for a jump that may follow
        self._tick = 1 / frames_per_second
        self._next_frame = inf
        self._credit = Credit(SPEED, self._tick)
        self._flight = Flight(ack_timeout, gated=gated)
        self._run: Run
        self._known = -1
        self._target = 0
        self._with_path = False
        self._then = Mode.PAUSED
        self._left_out = False  # the viewer has seen only some of the rows so far
        self._theories: dict[tuple[float, ...], Theory | None] = {}

    @property
    def steps_per_second(self) -> float:
        """The speed at which it plays."""
        return self._credit.speed

    @property
    def ended(self) -> bool:
        """Whether it stands at the run's last row."""
        return self._run.end is not None and self.step >= self._run.end

    @property
    def held(self) -> bool:
        """Whether it waits for an acknowledgement."""
        return self._flight.full

    @property
    def on_the_way(self) -> bool:
        """Whether it has not reached its target yet."""
        return self.mode is Mode.WALKING or self.mode is Mode.SEEKING

    @property
    def progress(self) -> Progress | None:
        """How far it is on a way that shows nothing until its end; None if it is on no such way."""
        return Progress(max(self._known, 0), self._target) if self.mode is Mode.SEEKING else None

    def begin(self, run: Run, at: int) -> None:
        """Stand still at step `at` of a run."""
        self._run, self.step, self._known = run, 0, -1
        self._left_out = False
        self.looks_ahead = False
        self._theories.clear()
        self._go(at, with_path=at > 0, then=Mode.PAUSED)
        self.owes_state = True

    def accepts(self, command: Command) -> bool:
        """Whether a command can be received now: a change must wait until the step it is meant for is reached."""
        return not (self.on_the_way and isinstance(command, Change))

    def receive(self, command: Command, now: float) -> None:
        """Do what a viewer commands; SpecError if that cannot be, and nothing has changed."""
        if isinstance(command, Ack):
            self._flight.acked(command.step)
            return
        if self.mode is Mode.IDLE:
            raise fail("type", "not-started")
        if isinstance(command, Ahead):
            self.looks_ahead = True
            return
        match command:
            case Play():
                self._play(now)
            case Pause():
                self._pause()
            case Step(count):
                self._step(count)
            case Seek(step):
                self._go(step, with_path=True, then=self._after)
            case Speed(steps_per_second):
                self._credit.due(now)
                self._credit.speed = steps_per_second
            case Change(optimizer):
                self._change(optimizer, now)
            case _:
                raise TypeError(f"expected a command for a run, got {command!r}")
        self.owes_state = True

    def inspect(self, step: int) -> Told:
        """The update at a step, as far as the run has been looked at; SpecError if there is no run."""
        if self.mode is Mode.IDLE:
            raise fail("type", "not-started")
        return Told(step, updates.tell(self._run, max(min(step, self._known), 0)))

    @property
    def wake(self) -> float:
        """When `advance` is due: -inf for at once, inf for not before the next command."""
        return -inf if self.looks_ahead else self._due

    @property
    def _due(self) -> float:
        """When the viewer is due something."""
        mode = self.mode
        if mode is Mode.SEEKING:
            return -inf
        if mode is not Mode.PLAYING and mode is not Mode.WALKING:
            return inf
        if self._flight.full:
            return self._flight.deadline
        return max(self._next_frame, self._credit.next) if mode is Mode.PLAYING else -inf

    @property
    def could_look_ahead(self) -> bool:
        """Whether it stands still at a run of which not all rows are known."""
        return self.mode is Mode.PAUSED and self._run.end is None and self._known < self._run.spec.steps

    def out_of_sight(self, now: float) -> bool:
        """Whether `advance` is about to compute rows of which it makes no frames: they cost less."""
        return self.mode is Mode.SEEKING or (self.looks_ahead and self._due > now)

    def stalled(self, now: float) -> bool:
        """Whether the viewer has acknowledged nothing for too long."""
        return now >= self._flight.deadline and (self.mode is Mode.PLAYING or self.mode is Mode.WALKING)

    def planned(self, now: float, most: int) -> int | None:
        """How many rows `advance` is about to compute; None if that cannot be told."""
        return min(self._credit.due(now), most) if self.mode is Mode.PLAYING and self._due <= now else None

    def advance(self, now: float, most: int) -> list[Frame]:
        """The frames that are due, computing about `most` rows at the most."""
        self.computed = 0
        if self.looks_ahead and self._due > now:
            self._look_ahead(most)
            return []
        if self.mode is Mode.SEEKING:
            return self._seek(now, most)
        if self._flight.full:
            return []
        if self.mode is Mode.WALKING:
            return self._walk(now, most)
        return self._go_on(now, most) if self.mode is Mode.PLAYING else []

    @property
    def state_is_quick(self) -> bool:
        """Whether `state` has little to compute."""
        return not self.ended and self._in_force() in self._theories

    def state(self) -> State:
        """How it stands, for the viewer."""
        self.owes_state = False
        spec, outcome = self._run.spec, self._run.outcome_at(self.step)
        playing = self.mode is Mode.WALKING or self._after is Mode.PLAYING
        status = "playing" if playing else str(outcome.status) if self.ended else "paused"
        return State(status, self.step, self.steps_per_second, spec.changes, self._theory(), outcome)

    @property
    def _after(self) -> Mode:
        """What it is doing, or will be doing at its target: playing or standing still."""
        return self._then if self.on_the_way else self.mode

    def _play(self, now: float) -> None:
        if self.on_the_way:
            self._then = Mode.PLAYING
        elif self.mode is Mode.PAUSED:
            self._settle(Mode.PLAYING, now)

    def _pause(self) -> None:
        self._then = Mode.PAUSED
        if self._left_out and self.mode is Mode.PLAYING:
            # Who saw only some of the rows is shown the way so far, as after a jump.
            self._go(self.step, with_path=True, then=Mode.PAUSED)
        elif self.mode is not Mode.SEEKING:
            self.mode = Mode.PAUSED

    def _step(self, count: int) -> None:
        target = (self._target if self.on_the_way else self.step) + count
        if self.mode is not Mode.SEEKING and target > self.step:
            self._target, self._then, self.mode = min(target, self._run.spec.steps), Mode.PAUSED, Mode.WALKING
            self._flight.clear()
        else:
            self._go(target, with_path=self.mode is Mode.SEEKING and self._with_path, then=Mode.PAUSED)

    def _go(self, target: int, *, with_path: bool, then: Mode) -> None:
        self._target = min(max(target, 0), self._run.spec.steps)
        self._with_path, self._then, self.mode = with_path, then, Mode.SEEKING
        self._flight.clear()

    def _change(self, optimizer: dict[str, float], now: float) -> None:
        if len(self._run.spec.changes) >= MOST_CHANGES:
            raise fail("optimizer", "too-many-changes", limit=MOST_CHANGES)
        self._run = self._run.changed(self.step, optimizer)
        self.looks_ahead = False
        self._known = min(self._known, self.step)
        self._next_frame = now

    def _settle(self, mode: Mode, now: float) -> None:
        """Stand still or play from here on."""
        self.mode = Mode.PAUSED if self.ended else mode
        self._credit.restart(now)
        self._next_frame = now + self._tick
        self.owes_state = True

    def _seek(self, now: float, most: int) -> list[Frame]:
        reach = min(self._target, max(self._known, 0) + most)
        rows = self._run.rows(reach, reach)
        at = int(rows.step[-1])
        if at == reach < self._target and self._run.end != at:
            self.computed = at - self._known
            self._known = at
            return []
        self.step, self._known = at, max(self._known, at)
        frames = self._path() if self._with_path else []
        self._flight.sent(at, at, now)
        self._settle(self._then, now)
        return [*frames, Frame(Kind.STEPS, rows)]

    def _look_ahead(self, most: int) -> None:
        reach = min(self._known + most, self._run.spec.steps)
        at = int(self._run.rows(reach, reach).step[-1])
        self.computed = max(at - self._known, 0)
        self._known = max(self._known, at)
        self.looks_ahead = at == reach < self._run.spec.steps and self._run.end != at

    def _path(self) -> list[Frame]:
        self._left_out = False
        return [Frame(Kind.PATH, rows, 1 << place) for place, rows in enumerate(self._run.path(self.step))]

    def _walk(self, now: float, most: int) -> list[Frame]:
        frames = self._rows(min(self._target - self.step, most, MOST_ROWS), 1, now)
        if self.step >= self._target or self.ended:
            self._settle(self._then, now)
        return frames

    def _go_on(self, now: float, most: int) -> list[Frame]:
        self._next_frame = max(self._next_frame + self._tick, now + self._tick / 2)
        count = min(self._credit.due(now), most, self._run.spec.steps - self.step)
        if count < 1:
            return []
        stride = min(ceil(self.steps_per_second / EVERY_STEP_UP_TO), count)
        before = self.step
        frames = self._rows(count - count % stride, stride, now)
        self._credit.spend(self.step - before)
        self._left_out |= stride > 1
        if self.ended:
            self._settle(Mode.PAUSED, now)
            return [*self._path(), *frames] if self._left_out else frames
        return frames

    def _rows(self, count: int, stride: int, now: float) -> list[Frame]:
        """Go `count` steps on, a multiple of `stride`; every stride-th row, and the run's last one in any case."""
        rows = self._run.rows(self.step + 1, self.step + count)
        self.computed = count
        if rows.step[-1] <= self.step:  # the run turns out to have ended right here
            return []
        self.step = int(rows.step[-1])
        self._known = max(self._known, self.step)
        shown = rows[stride - 1 :: stride]
        frames = [Frame(Kind.STEPS, shown, stride)] if len(shown) else []
        if not frames or frames[0].last < self.step:
            frames.append(Frame(Kind.STEPS, rows[-1:]))
        for frame in frames:
            self._flight.sent(int(frame.rows.step[0]), frame.last, now)
        return frames

    def _in_force(self) -> tuple[float, ...]:
        return tuple(self._run.spec.at(self.step).optimizer.params.values())

    def _theory(self) -> Theory | None:
        """Of the parameters in force now."""
        key = self._in_force()
        if key not in self._theories:
            if len(self._theories) >= MOST_THEORIES:
                self._theories.clear()
            self._theories[key] = analyse(self._run.spec.at(self.step))
        return self._theories[key]
