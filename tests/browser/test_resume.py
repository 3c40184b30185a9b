"""The server dies and comes back: the page says so, and the run goes on without a gap."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.guard import Guard
from tests.browser.lab import Lab, assert_same_rows
from tests.servers import Server, run

# The page's worker asks whether the server is back; a browser calls that a failed request, but writes nothing.
ASKING = r"^failed request: GET http://[^/]+/healthz"
EXPECTED = "the connection is lost"

Guards = Callable[[Page], Guard]


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server that all tests here kill and start again, so that the browser keeps what it has of it."""
    with run(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def server(mortal: Server) -> Server:
    """The server, up and running whatever the test before has done to it."""
    return mortal if mortal.process else mortal.start()


@pytest.fixture
def lab(new_page: NewPage, server: Server, guard: Guards) -> Lab:
    page = new_page(base_url=server.url)
    guard(page).expect(ASKING)
    return Lab(page)


def test_a_killed_server_leaves_no_gap(lab: Lab, server: Server) -> None:
    lab.open("/?rate=0.2")
    lab.button("Play").click()
    lab.wait_for_step(20)
    lab.enter("Learning rate, exact value", 0.3)
    lab.wait_for_step(60)
    server.kill()
    lab.wait_for_connection("lost")
    expect(lab.page.get_by_text("Connection lost. Trying again …")).to_be_visible()
    expect(lab.caption).to_contain_text("Nothing is lost")
    expect(lab.button("Step")).to_be_disabled()
    at = lab.step
    server.start()
    lab.wait_for_connection("open")
    lab.wait_for_step(at + 40)
    expect(lab.page.locator("#connection")).to_be_hidden()
    lab.button("Pause").click()
    lab.wait_for_status("paused")
    assert len(lab.spec["changes"]) == 1
    assert_same_rows(lab, server.url)


def test_a_paused_run_is_still_paused_and_at_its_step(lab: Lab, server: Server) -> None:
    lab.open()
    lab.play_to(30)
    lab.set_speed(3)
    at, shown = lab.step, lab.shown
    server.kill()
    lab.wait_for_connection("lost")
    lab.page.keyboard.press("i")
    expect(lab.page.locator("#inspect-title")).to_have_text("There is no connection to look inside with.")
    server.start()
    lab.wait_for_connection("open")
    lab.button("Step").click()
    lab.wait_at_step(at + 1)
    lab.button("Step back").click()
    lab.wait_at_step(at)
    assert lab.status == "paused"
    assert lab.shown == shown
    expect(lab.page.locator("#speed-now")).to_have_text("1 000 steps/s".replace(" ", "\u202f", 1))
    assert_same_rows(lab, server.url)


def test_what_is_set_while_the_server_is_away_counts_when_it_is_back(lab: Lab, server: Server) -> None:
    lab.open()
    lab.play_to(20)
    at = lab.step
    server.kill()
    lab.wait_for_connection("lost")
    lab.enter("Learning rate, exact value", 0.4)
    lab.button("Play").click()
    expect(lab.button("Pause")).to_be_visible()
    server.start()
    lab.wait_for_step(at + 20)
    lab.button("Pause").click()
    lab.wait_for_status("paused")
    assert lab.spec["changes"] == [{"step": at, "optimizer": {"learning_rate": 0.4}}]
    assert_same_rows(lab, server.url)


def test_try_now_does_not_wait(lab: Lab, server: Server) -> None:
    lab.open()
    server.kill()
    expect(lab.button("Try now")).to_be_visible()
    server.start()
    # By the time that the server is there, the page may have found it by itself.
    lab.page.evaluate("document.getElementById('retry').click()")
    lab.wait_for_connection("open")
    expect(lab.page.locator("#connection")).to_be_hidden()


def test_a_language_that_cannot_be_fetched_is_said(lab: Lab, server: Server, guard: Guards) -> None:
    lab.open()
    guard(lab.page).expect("ERR_CONNECTION_REFUSED")
    server.kill()
    lab.wait_for_connection("lost")
    lab.button("中文").click()
    expect(lab.page.get_by_role("alert")).to_contain_text("no connection to the server")
    expect(lab.button("Play")).to_be_visible()
