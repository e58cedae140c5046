"""A real server on a free port, a real Chromium, and nothing beyond the loopback address."""

from __future__ import annotations

import multiprocessing
import os
import socket
import time
import urllib.error
import urllib.request
from multiprocessing import forkserver
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.serving import LOADED, serve
from tests.browser.waiting import PATIENCE_MS
from tests.chromium import FLAGS, chromium

if TYPE_CHECKING:
    from pathlib import Path

FORKS = multiprocessing.get_context("forkserver")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
START_S = 30


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """The site as uvicorn serves it, on the tests' database; it can be killed and started again."""

    def __init__(self, log: Path) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log
        self.process: multiprocessing.Process | None = None

    def start(self) -> None:
        self.process = FORKS.Process(target=serve, args=(self.port, self.log), daemon=True)
        self.process.start()
        self._wait()

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process:
            self.process.kill()
            self.process.join()

    def _wait(self) -> None:
        ends = time.monotonic() + START_S
        while time.monotonic() < ends:
            if not self.process.is_alive():
                break
            try:
                with urllib.request.urlopen(f"{self.url}/accounts/login/", timeout=5):
                    return
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.05)
        self.kill()
        pytest.fail(f"the server did not start:\n{self.log.read_text()}")


@pytest.fixture(scope="session")
def _site_loaded(tmp_path_factory, django_db_setup):
    """The process that all servers are forked from: it works on the tests' database."""
    if not (settings.FRONTEND / "dist" / "wall.js").exists():
        pytest.fail("the front end is not built: npm run build in mapui/frontend (bin/test does it)")
    base, _slash, _name = os.environ["DATABASE_URL"].rpartition("/")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", f"{base}/{connection.settings_dict['NAME']}")
        patch.setenv("LINGE_MODE", "test")
        patch.setenv("LINGE_MEDIA_ROOT", str(tmp_path_factory.mktemp("media")))
        FORKS.set_forkserver_preload(LOADED)
        forkserver.ensure_running()


@pytest.fixture
def server(transactional_db, _site_loaded, tmp_path):
    """A server of its own for each test, on the test's committed data."""
    here = Server(tmp_path / "server.log")
    here.start()
    yield here
    here.kill()


@pytest.fixture(scope="module")
def browser():
    """One Chromium for the tests of a module; gone before any test with an event loop of its own."""
    if chromium() is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    patch = pytest.MonkeyPatch()
    # Playwright's loop runs in this thread, so Django takes every query here for one from async code.
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
    patch.undo()


class Watch:
    """What no page may do: ask another host for anything, break its own policy, or fail unseen."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def over(self, context: BrowserContext) -> None:
        context.on("request", lambda request: self._host(request.url))
        context.on("weberror", lambda error: self.faults.append(f"error: {error.error}"))
        context.on("console", lambda message: self._said(message.text))

    def _host(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in LOOPBACK:
            self.faults.append(f"asked another host: {url}")

    def _said(self, text: str) -> None:
        if "Content Security Policy" in text or "Content-Security-Policy" in text:
            self.faults.append(f"policy: {text}")


@pytest.fixture
def watch():
    """Collects what pages must not do; any of it fails the test."""
    here = Watch()
    yield here
    assert here.faults == []


@pytest.fixture
def new_page(browser: Browser, server: Server, watch: Watch):
    """Return a function that opens a page of its own session; keyword arguments are the context's."""
    contexts: list[BrowserContext] = []

    def make(**options) -> Page:
        size = {"width": 1440, "height": 900}
        context = browser.new_context(
            **({"base_url": server.url, "viewport": size, "locale": "en"} | options)
        )
        contexts.append(context)
        watch.over(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page):
    """One page."""
    return new_page()


def login(page: Page, user) -> None:
    """Log the person in by the session's cookie; the log-in page has its own tests."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies(
        [{"name": cookie.key, "value": cookie.value, "domain": "127.0.0.1", "path": "/", "httpOnly": True}]
    )


@pytest.fixture(name="login")
def _login():
    """Return `login`."""
    return login
