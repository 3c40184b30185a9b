"""Pages to test with, used again by later tests: a browser that knows the lab already opens it three times as fast."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

from playwright.sync_api import Browser, Page

USUAL: dict[str, Any] = {
    "viewport": {"width": 1280, "height": 720},
    "locale": "en-US",
    "color_scheme": "light",
}
MEDIA = ("color_scheme", "reduced_motion")
MOST_IDLE = 8
PATIENCE = 15_000  # milliseconds
FORGET = "() => { if (location.protocol === 'http:') { localStorage.clear(); sessionStorage.clear(); } }"
VIEW = "if (location.protocol === 'http:') localStorage.view ??= {view!r};"


class Pages:
    """Pages by the options of their contexts: handed out as good as new, and taken back.

    The size and the wishes of a reader (MEDIA) can be set, and scripts to begin with be withdrawn; so that one context
    serves nearly all, and only the first page of a kind has to fetch the lab and to compile Plotly.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._idle: OrderedDict[Page, str] = OrderedDict()
        self._lent: dict[Page, tuple[str, Callable[[], None]]] = {}

    def take(self, view: str, begin: Sequence[str], options: dict[str, Any], *, anew: bool = False) -> Page:
        """A page in a context with these options, in which nothing is open; the lab opens on the tab `view`.

        In every document, the scripts `begin` run before its own.
        """
        options = USUAL | options
        media = {name: options.pop(name, None) for name in MEDIA}
        size = options["viewport"]
        key = str(sorted((options | {"viewport": size is not None}).items()))
        page = None if anew else next((idle for idle, kind in self._idle.items() if kind == key), None)
        if page is None:
            context = self._browser.new_context(**options)
            context.set_default_timeout(PATIENCE)
            page = context.new_page()
        else:
            del self._idle[page]
            if size is not None:
                page.set_viewport_size(size)
        page.emulate_media(**{name: value or "null" for name, value in media.items()})
        self._lent[page] = (key, run_first(page, [VIEW.format(view=view), *begin]))
        return page

    def give_back(self, page: Page) -> None:
        """Make a page as good as new, and keep it for the next who asks for such a one."""
        key, withdraw = self._lent[page]
        context = page.context
        page.unroute_all(behavior="ignoreErrors")
        for other in context.pages:
            if other is not page:
                other.close()
        context.clear_permissions()
        page.evaluate(FORGET)
        context.clear_cookies()
        page.goto("about:blank")
        withdraw()
        page.mouse.move(0, 0)
        page.set_default_timeout(PATIENCE)
        del self._lent[page]
        self._idle[page] = key
        if len(self._idle) > MOST_IDLE:
            self._idle.popitem(last=False)[0].context.close()

    def throw_away(self, page: Page) -> None:
        """Close a page with which a test has done what cannot be undone."""
        del self._lent[page]
        page.context.close()


def run_first(page: Page, scripts: Sequence[str]) -> Callable[[], None]:
    """Run scripts in every document of a page, before its own; give what withdraws them."""
    session = page.context.new_cdp_session(page)
    session.send("Page.enable")
    for script in scripts:
        session.send("Page.addScriptToEvaluateOnNewDocument", {"source": script})
    return session.detach
