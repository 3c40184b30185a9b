"""The lab as a person uses it: by the names on its controls; and what the page holds, to compare with REST."""

import json
from typing import Any, Self
from urllib.request import Request, urlopen

from playwright.sync_api import Locator, Page, expect

# A busy machine takes its time; a healthy page never needs it.
PATIENCE = 60_000  # milliseconds
expect.set_options(timeout=PATIENCE)

Columns = dict[str, list[float]]

ROWS = """() => {
    const { length, step, columns } = beanBowl.rows;
    const cut = (column) => Array.from(column.subarray(0, length));
    return Object.fromEntries([["step", cut(step)], ...Object.entries(columns).map(([k, v]) => [k, cut(v)])]);
}"""


DRAWN = """() => {
    const shown = document.querySelector("#step-now").textContent.replace(/\\D/g, "");
    return Number(shown) === beanBowl.rows.step[beanBowl.cursor];
}"""


class Lab:
    """One page of the lab."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, address: str = "/") -> Self:
        """Open the lab and wait until its run is there and its figures are drawn."""
        self.page.set_default_timeout(PATIENCE)
        self.page.goto(address)
        self.page.wait_for_function("() => window.beanBowl?.cursor >= 0")
        expect(self.page.locator("#plot-bowl:not([aria-busy])")).to_be_attached()
        return self

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def slider(self, name: str) -> Locator:
        return self.page.get_by_role("slider", name=name)

    def choice(self, name: str) -> Locator:
        return self.page.get_by_role("combobox", name=name, exact=True)

    def box(self, name: str) -> Locator:
        return self.page.get_by_role("textbox", name=name, exact=True)

    def enter(self, name: str, value: object) -> None:
        """Type a number into a box."""
        self.box(name).fill(str(value))
        self.box(name).press("Enter")

    def set_speed(self, position: float) -> None:
        """Move the speed slider to 10^position steps a second."""
        self.slider("Speed").fill(str(position))

    def play_to(self, step: int) -> None:
        """Play until at least `step` is shown, then pause."""
        self.button("Play").click()
        self.wait_for_step(step)
        self.button("Pause").click()
        self.wait_for_status("paused")
        self.wait_until_drawn()

    def wait_until_drawn(self) -> None:
        """The numbers on the page are those of the row that it holds."""
        self.page.wait_for_function(DRAWN)

    def wait_for_step(self, step: int) -> None:
        self.page.wait_for_function("step => beanBowl.rows.step[beanBowl.cursor] >= step", arg=step)

    def wait_at_step(self, step: int) -> None:
        self.page.wait_for_function("step => beanBowl.rows.step[beanBowl.cursor] === step", arg=step)
        self.wait_until_drawn()

    def wait_for_status(self, status: str) -> None:
        self.page.wait_for_function("status => beanBowl.status === status", arg=status)

    def wait_for_connection(self, state: str) -> None:
        self.page.wait_for_function("state => beanBowl.connection === state", arg=state)

    @property
    def step(self) -> int:
        return int(self.page.evaluate("beanBowl.rows.step[beanBowl.cursor]"))

    @property
    def status(self) -> str:
        return str(self.page.evaluate("beanBowl.status"))

    @property
    def spec(self) -> dict[str, Any]:
        # As text: with a hundred thousand beans, Playwright's own way takes seconds.
        spec: dict[str, Any] = json.loads(self.page.evaluate("JSON.stringify(beanBowl.spec)"))
        return spec

    @property
    def rows(self) -> Columns:
        """All rows that the page holds."""
        rows: Columns = self.page.evaluate(ROWS)
        return rows

    @property
    def shown(self) -> dict[str, str]:
        """The numbers under the timeline, as written."""
        pairs = self.page.locator("#readout > div").evaluate_all(
            "divs => divs.map(div => [div.dataset.name, div.querySelector('dd').textContent])"
        )
        return dict(pairs)

    @property
    def caption(self) -> Locator:
        return self.page.locator("#caption-words")


def rest(url: str, spec: dict[str, Any]) -> dict[str, Any]:
    """The answer of `POST /api/runs`."""
    request = Request(f"{url}/api/runs", json.dumps(spec).encode(), {"content-type": "application/json"})
    with urlopen(request, timeout=30) as answer:
        run: dict[str, Any] = json.load(answer)
    return run


def assert_same_rows(lab: Lab, url: str) -> None:
    """Every row that the page holds is REST's row of the spec that the page holds, bit for bit, and none is missing."""
    rows = lab.rows
    expected = rest(url, lab.spec)["trajectory"]
    count = len(rows["step"])
    assert rows["step"] == list(range(count))
    for name, column in rows.items():
        assert column == expected[name][:count], f"{name} differs"
