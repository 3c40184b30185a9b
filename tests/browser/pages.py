"""Pages to test with, used again by later tests: a browser that knows the lab already opens it three times as fast."""

from collections import OrderedDict
from typing import Any

from playwright.sync_api import Browser, Page

USUAL: dict[str, Any] = {
    "viewport": {"width": 1280, "height": 720},
    "locale": "en-US",
    "color_scheme": "light",
}
MOST_IDLE = 4
PATIENCE = 15_000  # milliseconds
FORGET = "() => { if (location.protocol === 'http:') { localStorage.clear(); sessionStorage.clear(); } }"


class Pages:
    """Pages by the options of their contexts: handed out as good as new, and taken back."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._idle: OrderedDict[Page, str] = OrderedDict()
        self._lent: dict[Page, tuple[str, dict[str, Any]]] = {}

    def take(self, view: str, options: dict[str, Any], *, anew: bool = False) -> Page:
        """A page in a context with these options, in which nothing is open; the lab opens on the tab `view`."""
        options = USUAL | options
        key = f"{view} {sorted(options.items())}"
        page = None if anew else next((idle for idle, kind in self._idle.items() if kind == key), None)
        if page is None:
            context = self._browser.new_context(**options)
            context.add_init_script(f"if (location.protocol === 'http:') localStorage.view ??= {view!r};")
            context.set_default_timeout(PATIENCE)
            page = context.new_page()
        else:
            del self._idle[page]
        self._lent[page] = (key, options)
        return page

    def give_back(self, page: Page) -> None:
        """Make a page as good as new, and keep it for the next who asks for such a one."""
        key, options = self._lent[page]
        context = page.context
        page.unroute_all(behavior="ignoreErrors")
        for other in context.pages:
            if other is not page:
                other.close()
        context.clear_permissions()
        page.evaluate(FORGET)
        context.clear_cookies()
        page.goto("about:blank")
        page.mouse.move(0, 0)
        page.set_default_timeout(PATIENCE)
        if options["viewport"] is not None:
            page.set_viewport_size(options["viewport"])
        del self._lent[page]
        self._idle[page] = key
        if len(self._idle) > MOST_IDLE:
            self._idle.popitem(last=False)[0].context.close()

    def throw_away(self, page: Page) -> None:
        """Close a page with which a test has done what cannot be undone."""
        del self._lent[page]
        page.context.close()
