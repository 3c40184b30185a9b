"""Jumps all over runs of a million steps: from the input event to the numbers on screen, and the memory needed."""

import itertools
import os
import random
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks.measure import percentile, print_ratios
from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.servers import Server

STEPS = 1_000_000
RUNS = {
    "all beans": f"/?steps={STEPS}&batch=all&rate=0.001",
    "one bean, drawn": f"/?steps={STEPS}&batch=1&order=random&rate=0.01",
    "ten beans, Adam": f"/?steps={STEPS}&batch=10&order=shuffled&method=adam",
}
# Without a graphics card, the bowl is drawn by the processor too.
VIEWS = ("contour", "bowl")
JUMPS = 200
GOAL = 150.0  # ms
SEED = 20
# What a person does before the first jump, and the milliseconds that it takes.
LOOKING = 1500  # at the page
AIMING = 300  # from the pointer's arrival over the timeline to the press

# Type a step or drag the timeline there: milliseconds until the frame that shows the step has been painted. The numbers
# of a commit are written in one go, so the step's own tells for all.
JUMP = """([step, way]) => new Promise((resolve) => {
    const control = document.getElementById(way);
    const shown = document.getElementById("step-now");
    const painted = new MessageChannel();
    let start;
    const look = new MutationObserver(() => {
        if (Number(shown.textContent.replace(/\\D/g, "")) !== step) return;
        look.disconnect();
        painted.port1.onmessage = () => resolve(performance.now() - start);
        painted.port2.postMessage(0);
    });
    look.observe(shown, { childList: true, characterData: true, subtree: true });
    if (way === "go-to") control.focus();
    control.value = String(step);
    start = performance.now();
    if (way === "go-to") {
        control.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    } else {
        control.dispatchEvent(new Event("input", { bubbles: true }));
        control.dispatchEvent(new Event("change", { bubbles: true }));
    }
})"""
STOOD = "() => beanBowl.status !== 'playing'"


def main() -> None:
    """Measure each run in a page of its own, one browser and one server for all."""
    executable = find_chromium()
    assert executable is not None, "there is no Chromium: 'make chromium' installs one"
    rows = [("goal", GOAL)]
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder) / "server.log").start()
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        print(f"  load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        for view, (name, address) in itertools.product(VIEWS, RUNS.items()):
            url = server.url + address
            aimed = first_jump(browser, url, view, aiming=AIMING)
            looked = first_jump(browser, url, view, looking=LOOKING)
            first, times = measure(browser, url, server.pid, view)
            rows.append((f"{name}, {view}", percentile(times, 0.95)))
            middle, most, late = percentile(times, 0.5), percentile(times, 0.95), sum(each > GOAL for each in times)
            print(
                f"  {name}, {view}: {len(times)} jumps, p50 {middle:.0f}, p95 {most:.0f}, worst {max(times):.0f} ms; "
                f"{late / len(times):.1%} over {GOAL:.0f} ms\n"
                f"    the first one, to the end, that needs every step: {first:.0f} ms out of nothing, "
                f"{aimed:.0f} ms if the pointer was over the timeline for {AIMING} ms, "
                f"{looked:.0f} ms if the page was open for {LOOKING} ms"
            )
        browser.close()
        server.stop()
    print_ratios("ms until the numbers are on screen (p95)", rows, baseline="goal", digits=0)


def measure(browser: Browser, url: str, pid: int, view: str) -> tuple[float, list[float]]:
    """Milliseconds of the first jump, to the end, and of many more; prints the memory before and after these."""
    page = opened(browser, url, view)
    client = page.context.new_cdp_session(page)
    first: float = page.evaluate(JUMP, [STEPS, "go-to"])
    steps = random.Random(SEED).sample(range(STEPS), JUMPS)
    before = heap(client), resident(pid)
    times = []
    for i, step in enumerate(steps):
        page.wait_for_function(STOOD)
        times.append(page.evaluate(JUMP, [step, ("go-to", "timeline")[i % 2]]))
    after = heap(client), resident(pid)
    page.close()
    for what, low, high in zip(("heap of the page", "memory of the server"), before, after, strict=True):
        print(f"  {what}: {low:.1f} MB before {JUMPS} jumps, {high:.1f} MB after")
    return first, times


def first_jump(browser: Browser, url: str, view: str, *, looking: int = 0, aiming: int = 0) -> float:
    """Milliseconds of the first jump, to the end, of somebody who looks first, or aims as a hand does."""
    page = opened(browser, url, view)
    page.wait_for_timeout(looking)
    if aiming:
        page.hover("#timeline")
        page.wait_for_timeout(aiming)
    first: float = page.evaluate(JUMP, [STEPS, "timeline"])
    page.close()
    return first


def opened(browser: Browser, url: str, view: str) -> Page:
    """The lab with one of its views open, when all is drawn."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.add_init_script(f"localStorage.view = {view!r}")
    page.goto(url)
    page.wait_for_function("() => window.beanBowl?.cursor >= 0")
    page.wait_for_selector("#plot-bowl:not([aria-busy])", state="attached")
    return page


def heap(client: Any) -> float:
    """Megabytes that the page's scripts hold, after collecting what they have let go."""
    client.send("HeapProfiler.collectGarbage")
    return float(client.send("Runtime.getHeapUsage")["usedSize"]) / 1e6


def resident(pid: int) -> float:
    """Megabytes of memory that a process holds."""
    text = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], stdout=subprocess.PIPE, text=True, check=True).stdout
    return int(text) * 1024 / 1e6
