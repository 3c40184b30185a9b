"""The address holds the run and its step, in words, and says what it cannot read."""

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.lab import Lab


@pytest.fixture
def lab(page: Page) -> Lab:
    return Lab(page)


def expect_address(lab: Lab, expected: str) -> None:
    """The address becomes `expected` once the run rests, and stays so."""
    now = "location.pathname + location.search + location.hash"
    try:
        lab.page.wait_for_function(f"expected => {now} === expected", arg=expected, timeout=20_000)
    except Error:
        assert lab.page.evaluate(now) == expected
    lab.page.wait_for_timeout(500)
    assert lab.page.evaluate(now) == expected


def test_the_usual_run_has_a_bare_address(lab: Lab) -> None:
    lab.open()
    expect_address(lab, "/")


def test_what_is_set_stands_in_the_address(lab: Lab) -> None:
    lab.open()
    lab.choice("Data").select_option("proportional-beans")
    lab.enter("Beans", 50)
    lab.enter("Data seed", 7)
    lab.choice("Method").select_option("momentum")
    lab.choice("Batch size").select_option("10")
    lab.choice("Order").select_option("shuffled")
    lab.enter("Start weight", -0.5)
    lab.enter("Learning rate, exact value", 0.05)
    lab.enter("Stop at gradient", "1e-6")
    expected = (
        "/?data=proportional-beans&n=50&data-seed=7&method=momentum&rate=0.05&batch=10&order=shuffled"
        "&w=-0.5&stop=0.000001"
    )
    expect_address(lab, expected)
    lab.play_to(12)
    lab.enter("Momentum, exact value", 0.5)
    at = lab.step
    expect_address(lab, f"{expected}&changes={at}:momentum=0.5&at={at}")


@pytest.mark.parametrize(
    "query",
    [
        "rate=0.3&batch=all&changes=5:rate=0.2;20:rate=0.1&at=31",
        "data=proportional-beans&model=proportional&method=fixed-step&step=0.02&w=1.5&at=7",
        "method=adam&rate=0.01&beta2=0.99&batch=20&order=random&steps=500&seed=4&stop=1e-12&at=100",
        "data=points&x=0,1,2&y=1,3,5&rate=0.2&at=9",
        "data=points&x=0,1,2&y=1,3,5&at=9&x-name=area&y-name=price%20%26%20tax,%20%E2%82%AC",
        "loss=absolute-error&rate=1e-7&w=1e-21",
    ],
)
def test_an_address_opens_the_same_run_at_the_same_step(lab: Lab, new_page: NewPage, query: str) -> None:
    lab.open(f"/?{query}")
    expect_address(lab, f"/?{query}")
    other = Lab(new_page()).open(f"/?{query}")
    assert other.spec == lab.spec
    assert other.step == lab.step
    assert other.shown == lab.shown


def test_a_fragment_works_as_well(lab: Lab) -> None:
    lab.open("/#rate=0.3&at=4")
    assert lab.step == 4
    expect_address(lab, "/?rate=0.3&at=4")
    lab.page.evaluate("location.hash = 'rate=0.25&at=2'")
    lab.wait_at_step(2)
    expect_address(lab, "/?rate=0.25&at=2")
    expect(lab.page.get_by_role("alert")).to_be_hidden()


def test_the_address_stands_still_while_the_run_plays(lab: Lab) -> None:
    lab.open()
    lab.page.evaluate(
        "() => { const own = history.replaceState.bind(history); window.written = 0;"
        "history.replaceState = (...all) => { window.written += 1; own(...all); }; }"
    )
    lab.play_to(60)
    lab.page.wait_for_timeout(700)
    assert lab.page.evaluate("written") <= 2


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("speling=3", "speling"),
        ("rate=fast", "rate = “fast”, which is not possible: 0.1 is used"),
        ("rate=-1", "rate = “-1”, which is not possible: 0.1 is used"),
        ("n=2.5", "n = “2.5”, which is not possible: 100 is used"),
        ("data=peas", "data = “peas”, which is not possible: offset-beans is used"),
        ("batch=500", "batch = “500”, which is not possible: 1 is used"),
        ("changes=5:pace=3", "changes"),
        ("stop=soon", "stop = “soon”, which is not possible: ignored"),
        ("method=adam&momentum=0.9", "momentum"),
        ("rate=0.1&rate=0.2&rate=0.3", "says rate more than once: the last one counts, “0.3”"),
        ("race=adam&race=momentum", "says race more than once: the last one counts, “momentum”"),
        ("data=points", "which is not possible"),
        ("data=points&x=1,2&y=1", "which is not possible"),
    ],
)
def test_what_an_address_cannot_mean_is_named(lab: Lab, query: str, said: str) -> None:
    lab.open(f"/?{query}&w=0.25")
    notices = lab.page.get_by_role("alert")
    expect(notices).to_contain_text(said)
    assert lab.spec["start"]["w"] == 0.25
    lab.button("Dismiss").click()
    expect(notices).to_be_hidden()


def test_a_step_beyond_the_end_is_named(lab: Lab) -> None:
    lab.open("/?steps=300&at=999")
    expect(lab.page.get_by_role("alert")).to_contain_text("at = “999”")
    assert lab.step == 300


def test_a_reload_while_it_plays_goes_on_with_its_changes(lab: Lab) -> None:
    lab.open("/?batch=all&steps=100000")
    lab.button("Play").click()
    lab.wait_for_step(10)
    lab.enter("Learning rate, exact value", 0.3)
    lab.page.wait_for_function("() => location.search.includes('changes=')")
    changed = lab.spec["changes"]
    lab.page.reload()
    lab.page.wait_for_function("() => window.beanBowl?.cursor >= 0")
    assert lab.spec["changes"] == changed
    assert lab.step > 0
