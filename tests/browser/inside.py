"""The lab's inspector as a person uses it, and what a plain loop makes of the update that it shows."""

import re
from itertools import islice
from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser.lab import Lab, rest
from tests.engine import oracles

LINES = """lines => lines.map(line => ({
    target: line.dataset.target,
    code: line.querySelector("code").textContent,
    equations: [...line.querySelectorAll("math")].map(math => math.textContent),
    titles: [...line.querySelectorAll(".equation")].map(equation => equation.title),
}))"""
ROWS = """rows => rows.filter(row => !row.hidden).map(row => [...row.cells].map(cell => cell.textContent))"""


def brief(value: float) -> str:
    """A number of an equation as the page writes it."""
    return f"{value:.4g}".replace("-", "−")


def padded(value: float) -> str:
    """A number of the table as the page writes it."""
    return f"{value:#.4g}".rstrip(".").replace("-", "−")


class Inside(Lab):
    """The lab with its inspector."""

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("tabpanel", name=re.compile("Inside this step|这一步的内部"))

    def look(self) -> "Inside":
        """Open the inspector by its key, and wait until it tells of the step shown."""
        self.page.keyboard.press("i")
        return self.settle()

    def settle(self) -> "Inside":
        grouped = f"{self.step:,}".replace(",", "\u202f")
        expect(self.page.locator("#inspect-title")).to_contain_text(grouped)
        expect(self.page.locator(".line").first).to_be_visible()
        return self

    @property
    def lines(self) -> list[dict[str, Any]]:
        lines: list[dict[str, Any]] = self.page.locator(".line").evaluate_all(LINES)
        return lines

    def equations(self, target: str) -> list[str]:
        """All equations for what a line of code makes."""
        return [text for line in self.lines if line["target"] == target for text in line["equations"]]

    @property
    def table(self) -> list[list[str]]:
        rows: list[list[str]] = self.page.locator(".rows tbody tr:not(.space)").evaluate_all(ROWS)
        return rows


class Told:
    """What a plain loop makes of the update at the step shown."""

    def __init__(self, spec: dict[str, Any], rows: dict[str, list[float]], step: int) -> None:
        data = spec["dataset"]
        self.names = [name for name in "wb" if name in rows]
        self.theta = [rows[name][step] for name in self.names]
        self.after = [rows[name][step + 1] for name in self.names]
        x, y = oracles.beans(data["name"], data["count"], data["seed"])
        drawn = oracles.batches(len(x), spec["batch"]["size"], spec["batch"]["order"], spec["seed"])
        batches = list(islice(drawn, step + 1))
        self.batch = batches[-1]
        self.x, self.y = [x[i] for i in self.batch], [y[i] for i in self.batch]
        self.residuals = oracles.residuals(self.theta, self.x, self.y)
        self.loss = oracles.loss(spec["loss"], self.theta, self.x, self.y)
        self.own = [oracles.gradient(spec["loss"], self.theta, x, y, [i]) for i in self.batch]
        self.gradient = oracles.gradient(spec["loss"], self.theta, x, y, self.batch)
        self.everybody = oracles.gradient(spec["loss"], self.theta, x, y, range(len(x)))
        # The method's memory comes from all the steps before, each with its own batch.
        hyper = {name: value for name, value in spec["optimizer"].items() if name != "name"}
        changes = {change["step"]: change["optimizer"] for change in spec["changes"]}
        self.methods = [oracles.Method(spec["optimizer"]["name"], **hyper) for _ in self.names]
        for k, batch in enumerate(batches):
            before = [rows[name][k] for name in self.names]
            slopes = oracles.gradient(spec["loss"], before, x, y, batch)
            for method, p, g in zip(self.methods, before, slopes, strict=True):
                method.hyper.update(changes.get(k, {}))
                method.step(p, g)


def told(lab: Inside, url: str) -> Told:
    return Told(lab.spec, rest(url, lab.spec)["trajectory"], lab.step)
