"""A guard that notes what a page must not do: write to the console, fail, or call another host."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Error,
    Frame,
    Page,
    Request,
    Response,
    WebError,
    WebSocket,
)

INSIDE = ("data", "blob", "about")
ABORTED = "net::ERR_ABORTED"
# The browser says so of itself where a processor puts a page with WebGL together.
READS_BACK = r"^console\.warning: .*GL Driver Message .*GPU stall due to ReadPixels"


class Departures:
    """Which requests a page had under way when it was left: leaving it aborts them, which is no fault of the page."""

    def __init__(self) -> None:
        self._begun: dict[Page, set[Request]] = {}
        self._left: set[Request] = set()
        # What was asked for to take the place of a page, and whether the answer is there: until then it is the old page
        # that asks for more, and that only renames itself when it says that it went somewhere.
        self._leaving: dict[Page, Request] = {}
        self._answered: set[Request] = set()

    def begin(self, request: Request) -> None:
        page = page_of(request)
        if page is None:
            return
        if request.is_navigation_request():
            self._left |= self._begun.pop(page, set())
            self._leaving[page] = request
        elif page in self._leaving:
            self._left.add(request)
        self._begun.setdefault(page, set()).add(request)

    def answer(self, request: Request) -> None:
        self._answered.add(request)

    def arrive(self, frame: Frame) -> None:
        if frame.parent_frame is None and self._leaving.get(frame.page) in self._answered:
            del self._leaving[frame.page]

    def come_to_nothing(self, request: Request) -> None:
        """A page stays when what was to take its place turns out to be a download, or does not come."""
        page = page_of(request)
        if page is not None and self._leaving.get(page) is request:
            del self._leaving[page]
            stayed = {one for one in self._left if page_of(one) is page}
            self._left -= stayed
            self._begun[page] |= stayed

    def ended(self, request: Request) -> bool:
        """Whether it was its page's end that ended a request."""
        return request in self._left and request.failure == ABORTED


def page_of(request: Request) -> Page | None:
    """The page whose own document asks; None for one that opens, and for a frame inside a page."""
    try:
        frame = request.frame
    except Error:
        return None
    return frame.page if frame.parent_frame is None else None


class Guard:
    """Watches all pages of a context; `problems` are what it saw, `expect` allows what a test provokes."""

    def __init__(self, context: BrowserContext, base_url: str) -> None:
        self.host = urlsplit(base_url).netloc
        self.seen: list[str] = []
        self.allowed = [READS_BACK]
        self._departures = Departures()
        self._watching: list[tuple[BrowserContext | Page, str, Callable[[Any], None]]] = []
        self._watch(context, "console", self._console)
        self._watch(context, "weberror", self._error)
        self._watch(context, "request", self._request)
        self._watch(context, "requestfailed", self._failed)
        self._watch(context, "response", self._response)
        self._watch(context, "page", self._page)
        for page in context.pages:
            self._page(page)

    def expect(self, pattern: str) -> None:
        """Allow what matches this regular expression, for a test that kills the server, say."""
        self.allowed.append(pattern)

    @property
    def problems(self) -> list[str]:
        """What was seen and not expected."""
        return [line for line in self.seen if not any(re.search(pattern, line) for pattern in self.allowed)]

    def release(self) -> None:
        """Look away: what happens from now on is somebody else's."""
        for watched, event, note in self._watching:
            watched.remove_listener(event, note)

    def _watch(self, watched: BrowserContext | Page, event: str, note: Callable[[Any], None]) -> None:
        self._watching.append((watched, event, note))
        watched.on(event, note)  # type: ignore[call-overload]  # one overload for each event

    def _console(self, message: ConsoleMessage) -> None:
        where = message.location
        self.seen.append(f"console.{message.type}: {message.text} ({where['url']}:{where['lineNumber']})")

    def _error(self, error: WebError) -> None:
        self.seen.append(f"page error: {error.error}")

    def _request(self, request: Request) -> None:
        self._departures.begin(request)
        self._visit(request.url)

    def _failed(self, request: Request) -> None:
        if not self._departures.ended(request):
            self.seen.append(f"failed request: {request.method} {request.url} {request.failure}")
        self._departures.come_to_nothing(request)

    def _response(self, response: Response) -> None:
        self._departures.answer(response.request)
        if response.status >= 400:
            self.seen.append(f"answer {response.status}: {response.request.method} {response.url}")

    def _page(self, page: Page) -> None:
        self._watch(page, "websocket", self._websocket)
        self._watch(page, "framenavigated", self._departures.arrive)

    def _websocket(self, socket: WebSocket) -> None:
        self._visit(socket.url)

    def _visit(self, url: str) -> None:
        address = urlsplit(url)
        if address.scheme not in INSIDE and address.netloc != self.host:
            self.seen.append(f"request to another host: {url}")
