"""Waiting for what only a script of the page can tell."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Error, Page

#: How long anything may take to come on a busy machine; Playwright gives it five seconds. A server looks
#: for news twice a second, a page asks at the latest after some seconds.
PATIENCE_MS = 15_000
PAUSE_MS = 50


def wait_until(page: Page, expression: str, arg: Any = None, timeout: float = PATIENCE_MS) -> None:
    """Wait until an expression, or what its promise brings, is true in the page.

    Playwright's own ``wait_for_function`` asks for the second time by ``eval`` within the page, which
    the policy of our pages forbids: it fails whenever the first answer isn't yes.
    """
    ends = time.monotonic() + timeout / 1000
    while not _answer(page, expression, arg):
        assert time.monotonic() < ends, f"never came true: {expression}"
        page.wait_for_timeout(PAUSE_MS)


def _answer(page: Page, expression: str, arg: Any) -> Any:
    try:
        return page.evaluate(expression, arg)
    except Error as error:
        if "context was destroyed" not in error.message:  # the page begins anew meanwhile: ask that one
            raise
        return False
