"""Two hundred runs of every kind: what the page shows, REST answers and the copied script prints, digit for digit."""

import contextlib
import io
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.request import Request, urlopen

import numpy as np
import pytest

from tests.browser.conftest import NewPage
from tests.browser.lab import Lab, rest
from tests.servers import Server
from tests.specs import random_spec

RUNS = 200
PERFECT = 1e-10
PARTS = 4  # so that they are shared out among processors, and a failure is found again sooner

ENCODE = """async ([url, spec, at]) => {
    const { encode } = await import(url);
    const query = encode(spec, at, JSON.parse(document.querySelector("#catalog").textContent));
    history.replaceState(null, "", `/?${query}`);
    dispatchEvent(new HashChangeEvent("hashchange"));
}"""
ARRIVED = """([seed, step]) => beanBowl.spec.seed === seed && beanBowl.rows.step[beanBowl.cursor] === step
    && document.querySelector("#step-now").textContent.replace(/\\D/g, "") === String(step)
    && document.querySelector("[data-name=loss] dd").title !== "" """

DRAWN = "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"


@pytest.mark.parametrize("part", range(PARTS))
def test_page_rest_and_script_agree(new_page: NewPage, live_server: Server, part: int) -> None:
    # The view that is soonest drawn.
    lab = Lab(new_page(view="search", viewport={"width": 800, "height": 500})).open("/?steps=0")
    encode = encoder(lab)
    for number in range(part, RUNS, PARTS):
        spec = spec_for_an_address(number)
        run = rest(live_server.url, spec)
        at = int(np.random.default_rng(number).integers(0, run["spec"]["steps"] + 1))
        encode(run["spec"], at)
        step = min(at, run["outcome"]["step"])
        lab.page.wait_for_function(ARRIVED, arg=[run["spec"]["seed"], step])
        lab.page.evaluate(DRAWN)
        row = {name: column[step] for name, column in run["trajectory"].items()}
        expected = texts(row)
        assert {name: text.replace("\u2212", "-") for name, text in lab.shown.items()} == expected, spec
        script = printed(live_server.url, {**lab.spec, "steps": step})
        assert script.pop("step") == str(step)
        # What a perfect fit leaves over is the square of a rounding error, of which fewer digits are certain.
        if row["loss"] < PERFECT:
            script, expected = (texts(numbers, 6) for numbers in (as_numbers(script), as_numbers(expected)))
        assert script == expected, spec


def texts(row: dict[str, float], digits: int = 8) -> dict[str, str]:
    """The numbers of a row as the page writes them."""
    return {name: f"{value:#.{digits}g}".rstrip(".") for name, value in row.items() if name != "step"}


def as_numbers(texts: dict[str, str]) -> dict[str, float]:
    return {name: float(text) for name, text in texts.items()}


def spec_for_an_address(number: int) -> dict[str, Any]:
    """A random spec; own data rounded, so that they fit into an address."""
    spec = random_spec(number)
    if "x" in spec["dataset"]:
        rounded = {axis: [float(f"{value:.2g}") for value in spec["dataset"][axis]] for axis in ("x", "y")}
        spec["dataset"] = {"name": "points", **rounded}
    return spec


def encoder(lab: Lab) -> Callable[[dict[str, Any], int], None]:
    """What makes the page go to a spec at a step, by the address that the page itself would write."""
    url = (lab.page.locator("script[src*='/js/main.js']").get_attribute("src") or "").replace("main.js", "state.js")
    return lambda spec, at: lab.page.evaluate(ENCODE, [url, spec, at])


def printed(url: str, spec: dict[str, Any]) -> dict[str, str]:
    """What the script of a run prints in the end."""
    body = json.dumps(spec).encode()
    with urlopen(Request(f"{url}/api/exports/py", data=body, headers={"content-type": "application/json"})) as answer:
        script = answer.read().decode()
    said = io.StringIO()
    with contextlib.redirect_stdout(said), np.errstate(all="ignore"):
        exec(compile(script, "run.py", "exec"), {"__name__": "__main__"})  # noqa: S102 - our own script
    return dict(re.findall(r"^(\w+) = (\S+?)\.?$", said.getvalue(), re.MULTILINE))
