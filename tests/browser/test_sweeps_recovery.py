"""The page of sweeps when it is loaded again, when a sweep is cancelled or gone, and when its server dies."""

import re
from collections.abc import Callable

import httpx2
from playwright.sync_api import Page, Route, expect

from tests.app.sweeping import ENDLESS, submit, wait
from tests.browser.conftest import NewPage
from tests.browser.guard import Guard
from tests.browser.test_sweeps import DONE, begin, drawn
from tests.servers import Server


def test_a_sweep_survives_a_reload(page: Page) -> None:
    begin(page)
    drawn(page)
    best = page.locator("#best").inner_text()
    page.reload()
    expect(page.locator("#state-words")).to_have_text("All 24 runs are done.")
    expect(page.locator("#best")).to_have_text(re.compile(re.escape(best.splitlines()[0])))
    expect(page.get_by_label("values", exact=True)).to_have_value("12")
    expect(page.get_by_label("Steps", exact=True)).to_have_value("300")
    expect(page.get_by_label("Values", exact=False).last).to_have_value("1, all")


def test_a_draft_survives_a_reload(page: Page) -> None:
    page.goto("/sweeps")
    page.get_by_label("and", exact=True).select_option("optimizer.name")
    page.get_by_label("RMSprop").uncheck()
    page.get_by_label("Fixed step").uncheck()
    expect(page.locator("#cost")).to_contain_text(re.compile(r"\d runs"))
    page.reload()
    expect(page.get_by_label("RMSprop")).not_to_be_checked()
    expect(page.get_by_label("Adam")).to_be_checked()


def test_a_sweep_is_cancelled(new_page: NewPage, start_server: Callable[..., Server]) -> None:
    server = start_server(sweep_workers=1)
    with httpx2.Client(base_url=server.url) as rest:
        key = submit(rest, ENDLESS)
        page = new_page(base_url=server.url)
        page.goto(f"/sweeps?sweep={key}")
        expect(page.locator("#state-words")).to_have_text("0 of 100 runs are done.")
        page.get_by_role("button", name="Cancel").click()
        expect(page.locator("#state-words")).to_contain_text("Cancelled")
        expect(page.get_by_role("button", name="Cancel")).to_be_hidden()
        assert wait(rest, key)["state"] == "cancelled"
    page.close()


def test_a_killed_server_is_waited_for(
    new_page: NewPage, start_server: Callable[..., Server], guard: Callable[[Page], Guard]
) -> None:
    server = start_server(sweep_workers=1)
    page = new_page(base_url=server.url)
    guard(page).expect("ERR_|failed request")
    page.goto(
        "/sweeps?steps=8000&n=1000&batch=1000&vary=optimizer.name:momentum,adam,rmsprop,adagrad;batch.order:sequential,shuffled,random&loss=absolute-error"
    )
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator("#status")).to_have_attribute("data-state", re.compile("waiting|running"))
    server.kill()
    expect(page.locator("#state-words")).to_contain_text("Connection lost")
    server.start()
    expect(page.locator("#state-words")).to_have_text("All 12 runs are done.", timeout=DONE)
    expect(page.locator("#best li")).to_have_count(5)
    page.close()


def test_a_server_that_goes_before_it_says_what_was_asked_for_is_asked_again(
    page: Page, guard: Callable[[Page], Guard]
) -> None:
    guard(page).expect("ERR_|failed request")
    refused = []

    def refuse_once(route: Route) -> None:
        refused.append(route.request.url)
        route.abort() if len(refused) == 1 else route.continue_()

    page.route("**/api/sweeps/*/request", refuse_once)
    begin(page)
    drawn(page)
    expect(page.locator("#best li")).to_have_count(5)
    assert len(refused) == 2


def test_a_sweep_that_is_gone_is_said_to_be(new_page: NewPage, guard: Callable[[Page], Guard]) -> None:
    page = new_page()
    guard(page).expect("404")
    page.goto("/sweeps?sweep=nix")
    expect(page.locator("#state-words")).to_contain_text("no longer there")
    expect(page.locator("#start")).to_be_enabled()
