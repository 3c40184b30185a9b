"""What a look inside the steps and a race of eight cost a frame of playing: the whole page with and without them."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from tests.benchmarks.bench_page import CATEGORIES, GOAL, script_times
from tests.benchmarks.measure import percentile, print_ratios
from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.servers import Server

RUNS = {"one bean": "/?at=20", "ten beans, Adam": "/?batch=10&order=shuffled&method=adam", "all beans": "/?batch=all"}
# With the run on the screen, eight: every method, and two rates more.
RACE = "&race=momentum;nesterov;adagrad:rate=0.1;rmsprop;adam:rate=0.02;fixed-step;gradient-descent:rate=0.05"
SECONDS = 5
# Marks every frame, before the page's own callbacks: what is between two marks belongs to the second.
MARKS = """() => {
    const mark = () => { performance.mark("frame"); requestAnimationFrame(mark); };
    requestAnimationFrame(mark);
}"""


def main() -> None:
    """Measure each run with the inspector closed and open, one browser for all."""
    executable = find_chromium()
    assert executable is not None, "there is no Chromium: 'make chromium' installs one"
    rows = []
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder) / "server.log").start()
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        for name, address in RUNS.items():
            for how, more, view, inside in (
                ("closed", "", "contour", False),
                ("open", "", "contour", True),
                ("open, eight race", RACE, "contour", True),
                ("in the bowl, eight race", RACE, "bowl", True),
            ):
                times = measure(browser, server.url + address + more, view=view, inside=inside)
                label = f"{name}, {how}"
                rows.append((label, percentile(times, 0.95)))
                shares = ", ".join(f"p{100 * share:.0f} {percentile(times, share):.2f}" for share in (0.5, 0.8, 0.95))
                print(f"  {label}: {len(times)} frames, {shares} ms of processor time in scripts")
        browser.close()
        server.stop()
    print_ratios("ms of scripts a frame (p95)", rows, baseline=rows[0][0], digits=2)
    print(f"  goal: p95 of at most {GOAL:.0f} ms")


def measure(browser: Browser, url: str, *, view: str, inside: bool) -> list[float]:
    """For each frame of a playing page, in ms: the processor time of all its scripts."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(url)
    page.wait_for_function("() => window.beanBowl?.cursor >= 0")
    page.locator(f"#view-{view}").click()
    page.wait_for_selector(f"[data-kind={view}] .ball")
    if "race=" in url:
        page.wait_for_function("() => document.querySelectorAll('#plot-loss .companion').length === 7")
    if inside:
        page.keyboard.press("i")
        page.wait_for_selector(".line math")
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_timeout(1000)
    page.evaluate(MARKS)
    browser.start_tracing(page=page, categories=CATEGORIES)
    page.wait_for_timeout(1000 * SECONDS)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    page.close()
    return script_times(events)
