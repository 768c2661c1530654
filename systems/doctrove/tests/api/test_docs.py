"""The page on which to try the API works in a browser, without anything from elsewhere."""

from __future__ import annotations

import shutil

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.browser]


def test_a_route_is_tried_on_the_page(served: str):
    from playwright.sync_api import expect, sync_playwright

    chromium = shutil.which("chromium") or pytest.skip("no Chromium is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        complaints: list[str] = []
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{served}/api/docs")
        route = page.locator("details", has_text="GET /api/search").first
        route.locator("summary").click()
        route.locator("input[name=q]").fill("os.path.join")
        route.get_by_role("button", name="Try").click()
        expect(route.locator(".status")).to_contain_text("200")
        expect(route.locator("pre")).to_contain_text("os.path.join")
        browser.close()
    assert [each for each in complaints if "favicon" not in each and "404" not in each] == []
