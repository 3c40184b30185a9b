"""A session of the live stream and the one who watches it, without a socket."""

from typing import Any

from app.live.frames import Frame
from app.live.messages import Ack, Change, Command
from app.live.session import Session
from engine import Run, RunSpec

SPECS: dict[str, dict[str, Any]] = {
    "sgd": {"steps": 400},
    "batch": {"steps": 300, "batch": {"size": "all"}, "model": "proportional"},
    "adam": {"steps": 200, "optimizer": {"name": "adam"}, "batch": {"size": 7, "order": "shuffled"}},
    "diverges": {"steps": 500, "optimizer": {"learning_rate": 1.4}, "batch": {"size": "all"}},
    "converges": {"steps": 2000, "batch": {"size": "all"}, "stop": {"gradient_norm": 0.05}},
    "no steps": {"steps": 0},
}


class Seat:
    """A session and the one who watches it: time, and the rows held."""

    def __init__(self, spec: dict[str, Any], at: int = 0, *, acks: bool = True, most: int = 10_000) -> None:
        self.session = Session(60, 10)
        self.spec = RunSpec.from_dict(spec)
        self.now = 100.0
        self.acks = acks
        self.most = most
        self.rows: dict[int, tuple[float, ...]] = {}
        self.frames: list[Frame] = []
        self.session.begin(Run(self.spec), at)
        self.drive()

    def drive(self) -> None:
        """Let it do all that is due now."""
        for _ in range(10_000):
            if self.session.wake > self.now or self.session.stalled(self.now):
                return
            for frame in self.session.advance(self.now, self.most):
                self.take(frame)
        raise AssertionError("it is never done")

    def take(self, frame: Frame) -> None:
        """Hold the rows of a frame, as the page does."""
        first = int(frame.rows.step[0])
        kept = {step: row for step, row in self.rows.items() if step < first}
        new = ((*map(float, theta), float(loss)) for theta, loss in zip(frame.rows.theta, frame.rows.loss, strict=True))
        self.rows = kept | dict(zip(map(int, frame.rows.step), new, strict=True))
        self.frames.append(frame)
        if self.acks:
            self.session.receive(Ack(frame.last), self.now)

    def command(self, command: Command) -> None:
        """Command, and let it do what is due."""
        if isinstance(command, Change):
            self.spec = self.spec.with_change(self.session.step, command.optimizer)
        self.session.receive(command, self.now)
        self.drive()

    def wait(self, seconds: float) -> None:
        """Let time go by, a frame at a time."""
        until = self.now + seconds
        while self.now < until:
            self.now = min(self.now + 1 / 60, until)
            self.drive()

    def check(self) -> None:
        """What is held are rows of the run, bit for bit, up to where the session stands."""
        held = sorted(self.rows)
        assert held[-1] == self.session.step
        rows = Run(self.spec).rows(0, held[-1])
        expected = [(*map(float, rows.theta[step]), float(rows.loss[step])) for step in held]
        assert [self.rows[step] for step in held] == expected
        assert self.session.state().changes == self.spec.changes

    @property
    def status(self) -> str:
        return self.session.state().status
