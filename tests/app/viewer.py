"""A viewer of the live stream, as a page is one: holds the rows that it was sent, and acknowledges frames."""

import json
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from app.live.frames import Kind, decode

PATIENCE = 30.0
NAMES = ("w", "b")


class Viewer:
    """One connection. rows: by step, what the viewer holds; seen: the steps of the frames of steps, as they came."""

    def __init__(self, url: str, *, as_json: bool = False, acks: bool = True, names: tuple[str, ...] = NAMES) -> None:
        self._as_json = as_json
        self._acks = acks and not as_json
        self._names = names
        self._stack = ExitStack()
        address = url + ("?format=json" if as_json else "")
        self._socket = self._stack.enter_context(connect(address, compression=None, max_size=None))
        self.rows: dict[int, tuple[float, ...]] = {}
        self.seen: list[int] = []
        self._top = -1
        self.strides: list[int] = []
        self.ready: dict[str, Any] = {}
        self.state: dict[str, Any] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    def send(self, name: str, **members: Any) -> None:
        """Send a command."""
        self._socket.send(json.dumps({"type": name, **members}))

    def send_raw(self, message: str | bytes) -> None:
        """Send anything."""
        self._socket.send(message)

    def receive(self, timeout: float = PATIENCE) -> dict[str, Any]:
        """The next message; a frame as {"type": "frame", …} after its rows have been taken up."""
        message = self._socket.recv(timeout)
        if isinstance(message, bytes):
            return self._take_frame(message)
        said: dict[str, Any] = json.loads(message)
        match said["type"]:
            case "ready":
                self.ready, self.rows, self.seen, self._top = said, {}, [], -1
            case "state":
                self.state = said
            case "step":
                values = tuple(said[name] for name in (*self._names, "loss"))
                self._take(said["step"], values)
        return said

    def until(self, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first message that fulfils a condition."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if condition(message := self.receive()):
                return message
        raise AssertionError("the message did not come")

    def settled(self) -> dict[str, Any]:
        """The next state or error."""
        return self.until(lambda said: said["type"] in {"state", "error"})

    def ask(self, name: str, **members: Any) -> dict[str, Any]:
        """Send a command; the state or error that follows."""
        self.send(name, **members)
        return self.settled()

    def start(self, spec: dict[str, Any], at: int = 0) -> dict[str, Any]:
        """Start a run; the first state."""
        return self.ask("start", spec=spec, at=at)

    def play_until(self, step: int) -> None:
        """Play up to some step or a little further, and pause."""
        self.send("play")
        self.until(lambda _: bool(self.seen) and self.seen[-1] >= step)
        self.send("pause")
        self.until(lambda said: said["type"] == "state" and said["status"] != "playing")

    def play_to_end(self) -> dict[str, Any]:
        """Play until the run has ended; the last state."""
        self.send("play")
        ends = {"finished", "converged", "diverged"}
        return self.until(lambda said: said["type"] == "state" and said["status"] in ends)

    def table(self) -> npt.NDArray[np.float64]:
        """The rows held, in order of their steps: step, parameters, loss."""
        return np.array([(step, *self.rows[step]) for step in sorted(self.rows)])

    def close_code(self) -> int | None:
        """Read to the end of the connection; the code with which it was closed."""
        with suppress(ConnectionClosed):
            while True:
                self.receive()
        return self._socket.close_code

    def _take_frame(self, message: bytes) -> dict[str, Any]:
        frame = decode(message, self._names)
        if frame.kind is Kind.PATH:
            if frame.rows.step[0] == 0:
                self.rows.clear()
            self._top = frame.last
        for step, theta, loss in zip(frame.rows.step, frame.rows.theta, frame.rows.loss, strict=True):
            if frame.kind is Kind.PATH:
                self.rows[int(step)] = (*map(float, theta), float(loss))
            else:
                self._take(int(step), (*map(float, theta), float(loss)), drop=step == frame.rows.step[0])
        if frame.kind is Kind.STEPS:
            self.strides.append(frame.stride)
        if self._acks:
            self.send("ack", step=frame.last)
        return {"type": "frame", "kind": frame.kind, "first": int(frame.rows.step[0]), "last": frame.last}

    def _take(self, step: int, values: tuple[float, ...], *, drop: bool = True) -> None:
        if drop and step <= self._top:
            self.rows = {held: row for held, row in self.rows.items() if held < step}
        self.rows[step] = values
        self._top = step
        self.seen.append(step)
