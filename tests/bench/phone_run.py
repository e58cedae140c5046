"""One run of `tests.bench.phone`: ``python -m tests.bench.phone_run steady|shaken REPORTS`` prints JSON.

It works on the database of DATABASE_URL.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psycopg
from playwright.sync_api import sync_playwright

from tests.bench.phone_network import Network, network
from tests.bench.scene import Scene, prepare
from tests.bench.stage import Server, connection_arguments, servers
from tests.chromium import FLAGS, chromium

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

FILES_EACH: Final = 3
_SEED: Final = 5
_PATIENCE_S: Final = 3600
#: How long a page, and a server, live before they are killed; seconds.
_PAGE_LIVES: Final = (10, 40)
_SERVER_LIVES: Final = (30, 90)
_LOOK_MS: Final = 1000
_SCRIPT: Final = Path(__file__).with_name("phone_queue.js")


class Run:
    """The phone with its queue, and the line to the server, whose both ends are killed now and then."""

    def __init__(self, stack: ExitStack, *, is_shaken: bool) -> None:
        self._stack, self._chance = stack, random.Random(_SEED)
        self.scene: Scene = prepare(1)
        self._server = self._started()
        self.line: Network = stack.enter_context(network(_port(self._server), _SEED))
        address = f"http://{self.line.address}"
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=chromium(), args=FLAGS
        )
        stack.callback(browser.close)
        self._context: BrowserContext = browser.new_context(base_url=address)
        name, _is, value = self.scene.phones[0].partition("=")
        self._context.add_cookies([{"name": name, "value": value, "url": address}])
        self._context.add_init_script(path=_SCRIPT)
        self._is_shaken = is_shaken
        self.pages = self.servers = 1

    def _started(self) -> Server:
        [server] = self._stack.enter_context(servers(os.environ["DATABASE_URL"], 1))
        return server

    def fill(self, count: int) -> list[dict[str, Any]]:
        """Open the page and put reports in its queue while the phone has no network."""
        page = self._context.new_page()
        page.goto("/phone/")
        page.locator("#outgoing[data-state=sent]").wait_for(timeout=60_000)
        self._context.set_offline(True)
        wish = {"count": count, "files": FILES_EACH, "spots": self.scene.spots, "seed": _SEED}
        told = page.evaluate("(wish) => queueOfTheBench.fill(wish)", wish)
        page.close()
        self._context.set_offline(False)
        return told

    def send(self) -> dict[str, Any]:
        """Let the phone send until nothing is left; it opens again whenever its page was killed."""
        began, up = time.monotonic(), self.line.all_up
        if self._is_shaken:
            self.line.shake()
        page, page_ends, server_ends = self._opened(), self._ends(_PAGE_LIVES), self._ends(_SERVER_LIVES)
        left = [""]
        while left and time.monotonic() < began + _PATIENCE_S:
            page.wait_for_timeout(_LOOK_MS)
            left = page.evaluate("queueOfTheBench.left()")
            if self._is_shaken and time.monotonic() > page_ends:
                page.close()
                page, page_ends = self._opened(), self._ends(_PAGE_LIVES)
                self.pages += 1
            if self._is_shaken and time.monotonic() > server_ends:
                self._kill_server()
                server_ends = self._ends(_SERVER_LIVES)
        print(*left[:20], sep="\n", end="", file=sys.stderr)
        return {
            "left": len(left), "seconds": time.monotonic() - began, "up": self.line.all_up - up,
            "broken": self.line.broken, "pages": self.pages, "servers": self.servers,
        }  # fmt: skip

    def _opened(self) -> Page:
        page = self._context.new_page()
        page.goto("/phone/")
        return page

    def _ends(self, lives: tuple[float, float]) -> float:
        return time.monotonic() + self._chance.uniform(*lives)

    def _kill_server(self) -> None:
        """End it as a power cut would; another one comes in its place."""
        os.kill(self._server.pid, signal.SIGKILL)
        self._server = self._started()
        self.line.target = _port(self._server)
        self.servers += 1


def run(count: int, *, is_shaken: bool) -> dict[str, Any]:
    """Fill the queue, let the phone send it, and tell what came of it."""
    with ExitStack() as stack:
        one = Run(stack, is_shaken=is_shaken)
        queue = one.fill(count)
        story = one.send()
    needed = sum(each["bytes"] + sum(size for _, size, _ in each["files"]) for each in queue)
    return story | _compared(queue) | {"reports": count, "needed": needed}


def _compared(queue: list[dict[str, Any]]) -> dict[str, int]:
    """Compare what the phone had with what the database has, and the bytes of each file with its hash."""
    reports = {each["id"] for each in queue}
    files = {file: bytes.fromhex(sha256) for each in queue for file, _, sha256 in each["files"]}
    with psycopg.connect(**connection_arguments(os.environ["DATABASE_URL"])) as database:
        stored = [str(row[0]) for row in database.execute("SELECT report_id FROM incidents_incident")]
        complete = database.execute(
            "SELECT id, sha256 FROM incidents_attachment WHERE completed_at IS NOT NULL"
        ).fetchall()
    kept = {str(file): bytes(sha256) for file, sha256 in complete}
    mine = [report for report in stored if report in reports]
    return {
        "reports_lost": len(reports - set(mine)),
        "reports_doubled": len(stored) - len(set(mine)),
        "files_lost": len(files.keys() - kept.keys()),
        "files_doubled": len(kept.keys() - files.keys()),
        "files_altered": sum(kept[file] != files[file] for file in kept.keys() & files.keys()),
    }


def _port(server: Server) -> int:
    return int(server.address.rpartition(":")[2])


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[2]), is_shaken=sys.argv[1] == "shaken")))
