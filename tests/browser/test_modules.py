"""The page's pure modules, asked directly: rows, the address, sliders, waiting for a lost server."""

import itertools
import json
import math
import random
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.lab import Lab, rest
from tests.servers import Server

FRAME = """(firstStep, values, stride = 1) => ({
    kind: "steps", rows: values.length, firstStep, stride, columns: [Float64Array.from(values)],
})"""


@pytest.fixture
def lab(page: Page) -> Lab:
    return Lab(page).open()


def ask(lab: Lab, module: str, body: str, argument: object = None) -> Any:
    """What `body`, a function of (module's exports, argument), gives in the page."""
    folder = lab.page.locator("script[src*='/js/main.js']").get_attribute("src") or ""
    return lab.page.evaluate(
        f"async ([url, argument]) => ({body})(await import(url), argument)",
        [folder.replace("main.js", module), argument],
    )


def test_rows_hold_what_is_true(lab: Lab) -> None:
    script = f"""({{ createRows }}) => {{
        const frame = {FRAME};
        const rows = createRows(["loss"]);
        const seen = [];
        const note = () => seen.push([rows.length, rows.version, rows.step[rows.length - 1]]);
        rows.append(frame(0, [9])); note();
        rows.append(frame(1, [8, 7, 6, 5])); note();
        rows.append(frame(2, [7])); note();            // a position that is held: nothing changes
        rows.append(frame(3, [6, 5, 4])); note();      // overlaps and goes on
        rows.append(frame(2, [70])); note();           // another future
        rows.replace(frame(0, [9, 8, 70])); note();    // held already
        rows.replace(frame(0, [9, 1, 1], 10)); note(); // a thinned path
        return [seen, rows.find(10), rows.find(11)];
    }}"""
    assert ask(lab, "rows.js", script) == [
        [[1, 0, 0], [5, 0, 4], [5, 0, 4], [6, 1, 5], [3, 2, 2], [3, 2, 2], [3, 3, 20]],
        1,
        -1,
    ]


def test_rows_grow_to_a_million(lab: Lab) -> None:
    script = f"""({{ createRows }}) => {{
        const rows = createRows(["loss"]);
        const frame = {FRAME};
        for (let step = 0; step < 1e6; step += 5000) {{
            rows.append(frame(step, Array.from({{ length: 5000 }}, (_, i) => step + i)));
        }}
        return [rows.length, rows.version, rows.columns.loss[999999], rows.step[123456]];
    }}"""
    assert ask(lab, "rows.js", script) == [1_000_000, 0, 999_999, 123_456]


def test_waiting_grows_to_a_limit_and_never_beats_in_time(lab: Lab) -> None:
    waits = ask(lab, "connection.js", "({ backoff }) => [0, 1, 2, 3, 9].map(n => [backoff(n, 0), backoff(n, 1)])")
    assert waits == [[125, 250], [250, 500], [500, 1000], [1000, 2000], [2500, 5000]]


def specs(catalog: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """Random specs of all names, with numbers of every size that the catalogue allows."""
    rng = random.Random(5)
    runs = {param["name"]: param for param in catalog["run"]}

    def value(param: dict[str, Any]) -> float:
        if rng.random() < 0.3:
            return float(param["default"])
        low, high = param["low"], param["high"]
        if param["scale"] == "log":
            number = math.exp(rng.uniform(math.log(max(low, 1e-300)), math.log(max(high, 1e-300))))
        else:
            number = rng.uniform(low, high)
        number = min(max(number, low), high)
        return round(number) if param["integer"] else float(number)

    def spec() -> dict[str, Any]:
        data = rng.choice([entry for entry in catalog["datasets"] if entry["parameters"]])
        model, method = rng.choice(catalog["models"]), rng.choice(catalog["optimizers"])
        steps = sorted(rng.sample(range(1, 5000), rng.randrange(4)))
        changed = method["parameters"][0]
        return {
            "dataset": {"name": data["name"], **{p["name"]: value(p) for p in data["parameters"]}},
            "model": model["name"],
            "loss": rng.choice(catalog["losses"])["name"],
            "optimizer": {"name": method["name"], **{p["name"]: value(p) for p in method["parameters"]}},
            "batch": {
                "size": rng.choice(["all", value(runs["batch.size"])]),
                "order": rng.choice(catalog["orders"])["name"],
            },
            "start": {p["name"]: value(p) for p in model["parameters"]},
            "steps": value(runs["steps"]),
            "seed": value(runs["seed"]),
            "changes": [{"step": step, "optimizer": {changed["name"]: value(changed)}} for step in steps],
            "stop": rng.choice([None, {"gradient_norm": value(runs["stop.gradient_norm"])}]),
        }

    return [spec() for _ in range(count)]


def test_200_random_specs_survive_the_address_bit_for_bit(lab: Lab) -> None:
    catalog = json.loads(lab.page.locator("#catalog").text_content() or "")
    script = """({ encode, decode }, [specs, catalog]) => specs.map((spec) => {
        const address = encode(spec, 0, catalog);
        const back = decode(address, catalog);
        return [address, back.spec, back.notices];
    })"""
    given = specs(catalog, 200)
    for spec, (address, back, notices) in zip(given, ask(lab, "state.js", script, [given, catalog]), strict=True):
        assert notices == [], address
        assert back == spec, address
        assert set(address) <= set("abcdefghijklmnopqrstuvwxyzE0123456789=&:;,.-_"), address


def test_the_page_knows_what_is_usual_as_the_engine_does(lab: Lab, live_server: Server) -> None:
    catalog = json.loads(lab.page.locator("#catalog").text_content() or "")
    usual = ask(lab, "state.js", "({ decode }, catalog) => decode('', catalog).spec", catalog)
    assert rest(live_server.url, {})["spec"] == usual


def test_sliders_offer_round_numbers_and_never_stick(lab: Lab) -> None:
    script = """({ createScale }, [param]) => {
        const scale = createScale(param);
        const count = Math.round((scale.max - scale.min) / scale.step);
        return Array.from({ length: count + 1 }, (_, i) => scale.value(scale.min + i * scale.step));
    }"""
    values = ask(lab, "scale.js", script, [{"scale": "log", "slider": [1e-4, 10], "integer": False}])
    assert values[0] == 1e-4
    assert values[-1] == 10
    assert all(low < high for low, high in itertools.pairwise(values))
    assert all(len(f"{value:e}".split("e")[0].rstrip("0").replace(".", "")) <= 3 for value in values)


@pytest.mark.parametrize(
    ("sentence", "counted"),
    [
        ("All 1000000 steps done: loss 0.00355546.", "All 1 000 000 steps done: loss 0.00355546."),
        ("Diverged at step 1234: 12345.67 > 0.5", "Diverged at step 1 234: 12345.67 > 0.5"),
        ("每一轮都使误差变为 1.61e+04 倍；第10000步", "每一轮都使误差变为 1.61e+04 倍；第10 000步"),
        ("w = −20000, 1e10000, x20000, 999", "w = −20000, 1e10000, x20000, 999"),
    ],
)
def test_long_counts_of_a_sentence_are_grouped_and_other_numbers_left(lab: Lab, sentence: str, counted: str) -> None:
    written = ask(lab, "numbers.js", "({ counted }, sentence) => counted(sentence)", sentence)
    assert written == counted.replace(" 000", "\u202f000").replace("1 234", "1\u202f234")
