"""Nothing on the pages keeps people out, as far as axe's rules can tell: in every theme, language and state."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.lab import Lab

axe = Axe()


def assert_accessible(page: Page) -> None:
    found = axe.run(page).response["violations"]
    assert not found, [(each["id"], [node["target"] for node in each["nodes"]]) for each in found]


def test_the_lab_in_one_state_after_another(page: Page) -> None:
    lab = Lab(page).open("/?batch=10&at=50&colour=blue")
    expect(page.get_by_role("alert")).to_contain_text("colour")
    assert_accessible(page)
    for key in ("i", "r", "e"):
        page.keyboard.press(key)
        assert_accessible(page)
    page.keyboard.press("e")
    for name in ("Share", "Export"):
        lab.button(name).click()
        assert_accessible(page)
        page.keyboard.press("Escape")
    lab.button("Play").click()
    lab.wait_for_step(80)
    assert_accessible(page)


def test_beans_of_ones_own(page: Page) -> None:
    lab = Lab(page).open()
    lab.button("Paste or upload").click()
    assert_accessible(page)


def test_the_bowl_of_a_run_that_diverged_in_the_dark(new_page: NewPage) -> None:
    page = new_page(view="bowl", begin=["localStorage.theme = 'dark'"])
    Lab(page).open("/?rate=0.9&batch=all&steps=300&at=300")
    assert_accessible(page)


def test_slices_on_a_projector(new_page: NewPage) -> None:
    page = new_page(view="slices", begin=["localStorage.theme = 'projector'"])
    Lab(page).open("/?at=50")
    assert_accessible(page)


def test_the_search_on_a_phone_in_chinese(new_page: NewPage) -> None:
    page = new_page(view="search", locale="zh-CN", viewport={"width": 390, "height": 844})
    Lab(page).open("/?at=50")
    assert_accessible(page)


def test_the_page_of_sweeps(page: Page) -> None:
    page.goto("/sweeps")
    expect(page.get_by_role("heading").first).to_be_visible()
    assert_accessible(page)
