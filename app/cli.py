"""The command line: `beanbowl`, `beanbowl serve`."""

import argparse
import errno
import gc
import logging
import os
import platform
import signal
import socket
import sys
import webbrowser
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Thread
from types import FrameType
from typing import Any, NoReturn

import uvicorn

from app import __version__, settings
from app.commands import export, failures, run, sweep
from app.commands import flags as command_flags
from app.main import create_app
from app.settings import SETTINGS, SettingError, Settings

BAD_INPUT = 2
FAILED = 1
# After this many seconds without an answer, the system drops a connection; a client that never reads holds no memory.
SILENCE = 30
GRACE = 3  # seconds for answers under way when the server is told to stop
BACKLOG = 2048


class Parser(argparse.ArgumentParser):
    """A parser that says in one line what is wrong, and takes no flag for a longer one that begins like it."""

    def __init__(self, **more: Any) -> None:
        super().__init__(allow_abbrev=False, **more)

    def error(self, message: str) -> NoReturn:
        """Leave with exit code 2."""
        print(f"{self.prog}: {message}", file=sys.stderr)
        raise SystemExit(BAD_INPUT)


def parser() -> Parser:
    """The command line, with a flag for each setting."""
    flags = Parser(add_help=False)
    command_flags.add(flags)
    whole = Parser(
        prog="beanbowl",
        description="Watch gradient descent happen: serve the lab and open it in the browser.",
        parents=[flags],
    )
    whole.add_argument("--version", action="version", version=f"beanbowl {__version__}")
    commands = whole.add_subparsers(title="commands", metavar="COMMAND", parser_class=Parser)
    commands.add_parser("serve", help="serve the lab (what is done without a command)", parents=[flags])
    for command in (run, sweep, export):
        name = command.__name__.rpartition(".")[2]
        added = commands.add_parser(name, help=command.HELP, description=command.HELP)
        command.add(added)
        added.set_defaults(command=command)
    return whole


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code."""
    options = parser().parse_args(arguments)
    command = getattr(options, "command", None)
    known = {setting.name for setting in SETTINGS}
    chosen = {name: value for name, value in vars(options).items() if name in known}
    try:
        given = settings.from_environment(os.environ)
    except SettingError as error:
        print(f"beanbowl: {error}", file=sys.stderr)
        return BAD_INPUT
    for name in settings.unknown_variables(os.environ):
        print(f"beanbowl: there is no setting {name}; it is ignored", file=sys.stderr)
    using = Settings(**(given | chosen))
    return serve(using) if command is None else failures.guarded(command, options, using)


def serve(using: Settings) -> int:
    """Serve the lab until it is told to stop."""
    logging.basicConfig(level=using.log_level.upper(), format="%(levelname)s %(name)s: %(message)s")
    try:
        listening = _listen(using.host, using.port)
    except OSError as error:
        print(f"beanbowl: {_trouble(error, using)}", file=sys.stderr)
        return FAILED
    app = create_app(using)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=using.log_level in {"info", "debug"},
        ws="websockets-sansio",
        ws_max_size=using.max_message_bytes,
        ws_per_message_deflate=False,  # columns of numbers hardly get shorter, and every frame would cost
        timeout_graceful_shutdown=GRACE,
        server_header=False,
    )
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    server = Server(config, f"http://{_shown(listening)}/", app.state.services.stop, opens=using.open)
    # Ctrl-C is how one stops it.
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listening])
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return 0 if server.started else FAILED


class Server(uvicorn.Server):
    """A server that says where it is once it is there, and opens the browser."""

    def __init__(self, config: uvicorn.Config, address: str, stop: Callable[[], None], *, opens: bool) -> None:
        super().__init__(config)
        self._address = address
        self._stop = stop
        self._opens = opens

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        if self.started:
            # What is there now stays: to look through it for garbage again and again would hold everybody up.
            gc.collect()
            gc.freeze()
            print(f"Bean Bowl is at {self._address} (Ctrl-C stops it)", flush=True)
            if self._opens and _has_screen():
                Thread(target=webbrowser.open, args=[self._address], daemon=True).start()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop; who says so again is in a hurry, and nothing is waited for."""
        if self.should_exit:
            signal.signal(sig, signal.SIG_DFL)
            signal.raise_signal(sig)
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, and let nobody wait for what is not done yet."""
        self._stop()
        await super().shutdown(sockets)


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; OSError if that cannot be."""
    [(family, kind, protocol, _, address), *_] = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    listening = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENCE * 1000)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening


def _is_news(record: logging.LogRecord) -> bool:
    """Uvicorn counts a refused handshake as one that was never answered, and complains each time."""
    return "without completing handshake" not in record.getMessage()


def _trouble(error: OSError, using: Settings) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {using.port} of {using.host} is taken already; choose another with --port"
    return f"cannot listen on port {using.port} of {using.host}: {error.strerror or error}"


def _shown(listening: socket.socket) -> str:
    """The address as it goes into a browser."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"{host}:{port}"


def _has_screen() -> bool:
    """Whether there is a browser to open, other than one in this very terminal."""
    if platform.system() == "Linux":
        return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
    return True
