"""The race as a person uses it, and what REST and a plain loop make of its lanes."""

import re
from typing import Any

import numpy as np
from playwright.sync_api import Locator, expect

from tests.browser.lab import Lab, rest

CELLS = """rows => rows.map(row => [row.querySelector(".lane-name").textContent,
    ...[...row.querySelectorAll("td")].map(cell => cell.textContent.replace(/\\u202f/g, ""))])"""
COLUMNS = ("name", "at", "loss", "excess", "goal", "outcome")


def padded(value: float) -> str:
    """A loss as the page writes it."""
    return f"{value:#.4g}".rstrip(".").replace("-", "−")


def brief(value: float) -> str:
    """An excess as the page writes it."""
    return f"{value:.{3 if value < 1000 else 4}g}".replace("-", "−")


class Racing(Lab):
    """The lab with its race."""

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("tabpanel", name=re.compile("Race|竞赛"))

    def race(self) -> "Racing":
        """Open the panel by its key; an address with a race has opened it."""
        if not self.panel.is_visible():
            self.page.keyboard.press("r")
        expect(self.panel).to_be_visible()
        return self

    def add(self, method: str) -> "Racing":
        """Add a lane with a method."""
        self.choice("Add a method").select_option(label=method)
        return self

    def settle(self, lanes: int) -> "Racing":
        """Wait until so many lanes are there, with the run on the screen, and all of them are known."""
        expect(self.page.locator(".race-table tbody tr")).to_have_count(lanes)
        expect(self.page.locator("tr[data-status=computing]")).to_have_count(0)
        expect(self.page.locator(".race-table tbody td", has_text=re.compile(r"^…$"))).to_have_count(0)
        return self

    @property
    def table(self) -> list[dict[str, str]]:
        """The rows of the table by column."""
        rows = self.page.locator(".race-table tbody tr").evaluate_all(CELLS)
        return [dict(zip(COLUMNS, row, strict=True)) for row in rows]

    def lane(self, name: str) -> dict[str, str]:
        return next(row for row in self.table if row["name"] == name)


def raced(
    url: str, spec: dict[str, Any], step: int, goal: float = 1e-3, clock: int | None = None
) -> tuple[dict[str, str], dict[str, Any]]:
    """What the table should say of a lane by steps, with the clock at its step or beyond, and REST's answer for it."""
    answer = rest(url, spec)
    losses = np.array(answer["trajectory"]["loss"])
    excess = losses - answer["theory"]["optimum_loss"]
    row = min(step, len(losses) - 1)
    reached = np.flatnonzero(excess[: max(step, clock or 0) + 1] <= goal)
    ended = max(step, clock or 0) >= answer["outcome"]["step"]
    return {
        "at": str(row),
        "loss": padded(losses[row]),
        "excess": brief(max(excess[row], 0.0)),
        "goal": str(reached[0]) if len(reached) else "–",
        "outcome": answer["outcome"]["status"] if ended else "under way",
    }, answer
