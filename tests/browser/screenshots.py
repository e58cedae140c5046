"""The pictures of the README: python -m tests.browser.screenshots [BASE_URL], with the demo's log-ins."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
PASSWORD = "linge-demo"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE_MS = 30_000
#: name → person (nobody: logged out), address, width, height, pixels per CSS pixel
PICTURES = {
    "login": (None, "/accounts/login/", 1280, 800, 1),
    "wall": ("centre", "/wall/", 1920, 1080, 1),
    "phone": ("worker", "/phone/", 390, 844, 2),
    "office": ("office", "/office/", 1440, 900, 1),
}


def main() -> None:
    """Take all pictures of the site that runs at BASE_URL."""
    base_url = (sys.argv[1:] or [os.environ.get("BASE_URL", "http://127.0.0.1:8000")])[0]
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        executable = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        for name in PICTURES:
            take(browser, base_url, name)
            print(f"docs/images/{name}.png")
        browser.close()


def take(browser: Browser, base_url: str, name: str) -> None:
    """Take one picture, in Chinese."""
    person, address, width, height, density = PICTURES[name]
    context = browser.new_context(
        base_url=base_url,
        viewport={"width": width, "height": height},
        device_scale_factor=density,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    if person:
        log_in(page, person)
    page.goto(address)
    if name == "wall":
        ready_wall(page)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{name}.png")
    context.close()


def log_in(page: Page, person: str) -> None:
    """Log in as somebody does it."""
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(person)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("button.primary").click()
    page.wait_for_url(lambda url: "/login" not in url)


def ready_wall(page: Page) -> None:
    """Wait for the live picture of the whole district."""
    expect(page.locator("#link")).to_have_attribute("data-status", "live", timeout=PATIENCE_MS)
    expect(page.locator("#list li").first).to_be_visible(timeout=PATIENCE_MS)


if __name__ == "__main__":
    main()
