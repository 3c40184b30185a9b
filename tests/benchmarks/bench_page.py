"""The page's script time for one frame of playing, all three figures, with a path of 10 000 points."""

import json
from bisect import bisect_left
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.benchmarks.measure import percentile, print_ratios
from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.browser.figures.site import PreciseHandler, serve, view

STEPS = 10_000
SPEC = {"steps": STEPS, "optimizer": {"learning_rate": 0.3}}  # row by row it wanders all over the valley
KINDS = {"beans": "beans", "bowl": "bowl", "loss": "loss"}
WAYS = {  # who draws, how many frames, and the steps that each brings
    "Plotly.react": ("measureReact", 20, 1),
    "direct, 1 step": ("measureUpdates", 200, 1),
    "direct, 20 steps": ("measureUpdates", 200, 20),
}
GOAL = 2.0  # ms, 95th percentile
CATEGORIES = ["devtools.timeline", "v8.execute", "blink.user_timing"]
SCRIPTS = {"EventDispatch", "FireAnimationFrame", "FunctionCall", "RunMicrotasks", "TimerFire"}
# Without a graphics card each pixel costs the processor something; the scripts do not depend on how many there are.
SMALL = "main { grid-template: 280px 280px / 400px 300px !important } #bowl { height: 200px }"


def main() -> None:
    """Measure each way in a page of its own, one browser for all."""
    executable = find_chromium()
    assert executable is not None, "there is no Chromium: 'make chromium' installs one"
    rows = []
    with serve(PreciseHandler) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        for name, (function, frames, steps) in WAYS.items():
            updates, scripts = measure(browser, address, f"{function}({frames}, {steps})")
            rows.append((name, percentile(scripts, 0.95)))
            print(
                f"  {name}: all scripts p50 {percentile(scripts, 0.5):.2f}, p95 {percentile(scripts, 0.95):.2f} ms of "
                f"processor time; update calls alone p50 {percentile(updates, 0.5):.2f}, "
                f"p95 {percentile(updates, 0.95):.2f}, worst {max(updates):.2f} ms of the clock"
            )
        browser.close()
    print_ratios("ms of scripts a frame (p95)", rows, baseline="Plotly.react", digits=2)
    print(f"  goal: p95 of at most {GOAL:.0f} ms")


def measure(browser: Browser, address: str, call: str) -> tuple[list[float], list[float]]:
    """For each frame, in ms: its update calls by the clock, and the processor time of all its scripts by the trace."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(address)
    page.wait_for_selector("html[data-ready]", state="attached")
    page.add_style_tag(content=SMALL)
    page.evaluate("([view, kinds]) => figures.open(view, kinds)", [view(SPEC), KINDS])
    page.wait_for_timeout(500)
    browser.start_tracing(page=page, categories=CATEGORIES)
    updates: list[float] = page.evaluate(call)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    page.close()
    # The first frame comes to its rows from others.
    return updates[1:], script_times(events)[1:]


def script_times(events: list[dict[str, Any]]) -> list[float]:
    """Milliseconds of processor time that the main thread spent in scripts, from each frame's mark to the next."""
    marks = sorted((event["ts"], event["tid"]) for event in events if event["name"] == "frame")
    starts = [time for time, _ in marks]
    thread = marks[0][1]
    spent = [0.0] * (len(starts) + 1)
    end = 0
    for event in sorted(
        (event for event in events if event["name"] in SCRIPTS and event["tid"] == thread and "dur" in event),
        key=lambda event: (event["ts"], -event["dur"]),
    ):
        if event["ts"] < end:
            continue  # within another one
        end = event["ts"] + event["dur"]
        spent[bisect_left(starts, end)] += event["tdur"] / 1e3
    return spent[1:-1]
