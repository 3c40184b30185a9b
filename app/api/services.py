"""What the handlers of an application share."""

from asyncio import Event
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.requests import HTTPConnection, Request

from app import bodies, limits
from app.errors import Refused
from app.exports.running import Exports
from app.jobs.service import Sweeps
from app.remembered import Remembered
from app.settings import Settings
from app.work import Workers

T = TypeVar("T")

# A body of this size is read within a few milliseconds, whatever it says.
QUICK_BYTES = 20_000


@dataclass(frozen=True, slots=True)
class Services:
    """Settings, threads, sweeps and exports of one application.

    workers: threads that compute; disk: threads that wait for sweeps; closing: set when the server is told to stop;
    runs: the answers to the runs asked for last.
    """

    settings: Settings
    workers: Workers
    sweeps: Sweeps
    disk: Workers
    closing: Event
    exports: Exports
    runs: Remembered

    def stop(self) -> None:
        """Tell all that is under way that the server stops, before it waits for them."""
        self.closing.set()
        self.workers.abandon()
        self.exports.close()


def services(connection: HTTPConnection) -> Services:
    """The services of the application that a request came to."""
    found: Services = connection.app.state.services
    return found


async def read_body(request: Request, make: Callable[[dict[str, Any]], T]) -> T:
    """What `make` makes of the body, an object of JSON that asks for no more than this server computes."""
    using = services(request)
    return await read(using, await bodies.read(request, using.settings.max_body_bytes), make)


async def read(using: Services, text: bytes, make: Callable[[dict[str, Any]], T]) -> T:
    """The same of a body that has come."""

    def read_now() -> T:
        value = bodies.parse_object(text)
        too_much = limits.excess(value, using.settings)
        if too_much:
            raise Refused(413, *too_much)
        return make(value)

    return read_now() if len(text) <= QUICK_BYTES else await using.workers.run(read_now)
