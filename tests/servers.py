"""Real servers for tests: `beanbowl serve` in a process of its own, as a user starts it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

BEANBOWL = Path(sys.executable).with_name("beanbowl")
PATIENCE = 30.0  # seconds for a start or a stop; a healthy one takes about one
# What Python itself says in a worker that was being started when its server was killed.
ORPHAN = re.compile(
    r"^Traceback[^\n]*\n(?: [^\n]*\n)* [^\n]*spawn_main\n(?: [^\n]*\n)*EOFError: Ran out of input$", re.MULTILINE
)


def free_port() -> int:
    """Give a port of 127.0.0.1 on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


running: list["Server"] = []  # those whose logs are shown with a test that fails


class Server:
    """One `beanbowl serve`: started, killed and started again on one port, with its log in a file."""

    def __init__(
        self,
        log: Path,
        *,
        port: int | None = None,
        command: Path = BEANBOWL,
        environment: dict[str, str] | None = None,
        **settings: object,
    ) -> None:
        self.log = log
        self.port = port or free_port()
        self.command = command
        # Sweeps are kept beside the log, not where the person who runs the tests has theirs.
        given = {"data": log.parent / "data", **settings}
        variables = {f"BEANBOWL_{name.upper()}": str(value) for name, value in given.items()}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("BEANBOWL_")}
        self.environment = inherited | variables | (environment or {})
        self.process: subprocess.Popen[bytes] | None = None
        self.killed = False

    @property
    def url(self) -> str:
        """Where the lab is, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def live_url(self) -> str:
        """Where the websocket is."""
        return f"ws://127.0.0.1:{self.port}/api/live"

    @property
    def pid(self) -> int:
        """The process id while the server runs."""
        assert self.process is not None, "the server is not running"
        return self.process.pid

    def start(self) -> "Server":
        """Start the server and wait until it answers."""
        assert self.process is None, "the server runs already"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [self.command, "serve", "--no-open", "--host", "127.0.0.1", "--port", str(self.port)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environment,
                cwd=self.log.parent,
            )
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                code = self.process.poll()
                self.kill()
                raise AssertionError(f"the server did not start (exit code {code}):\n{self.log_text()}")
            time.sleep(0.05)
        return self

    def kill(self) -> None:
        """End the server at once, as a crash does (kill -9)."""
        if self.process is not None:
            self.killed = True
            self.process.kill()
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """Ask the server to end, as Ctrl-C does; fail if it does not, or if it ever showed a traceback."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError(f"the server did not stop:\n{self.log_text()}") from None
            self.process = None
        log = ORPHAN.sub("", self.log_text()) if self.killed else self.log_text()
        assert not re.search(r"^\s*Traceback \(most recent call last\)", log, re.MULTILINE), (
            f"the server's log shows an unhandled error:\n{self.log_text()}"
        )

    def restart(self) -> None:
        """Kill the server and start it again on the same port."""
        self.kill()
        self.start()

    def log_text(self) -> str:
        """What the server has written so far, over all its starts."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/healthz", timeout=1) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False


@contextmanager
def run(folder: Path) -> Iterator[Server]:
    """A server for more than one test, with its log in `folder`."""
    server = Server(folder / "server.log")
    running.append(server)
    try:
        yield server.start()
        server.stop()
    finally:
        running.remove(server)
        server.kill()
