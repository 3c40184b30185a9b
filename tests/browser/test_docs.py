"""The documentation of REST in a browser: every call is there, and can be tried."""

from playwright.sync_api import Page, expect


def test_docs_list_the_calls_and_try_one(page: Page) -> None:
    page.goto("/docs")
    expect(page.locator(".opblock-summary-path").filter(has_text="/api/runs")).to_be_visible()
    page.locator("[id$='healthz_get']").get_by_role("button").first.click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".responses-table .response .response-col_status").first).to_contain_text("200")
