"""What a server of the browser tests is: a process forked from one that has loaded the site already.

Loading takes seconds, a fork does not; so each test still has a server of its own, which can be killed like
any other process.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import uvicorn

if TYPE_CHECKING:
    from pathlib import Path

APPLICATION = "mapui.project.asgi:application"
#: What is loaded before the fork; the addresses bring every view with them.
LOADED = ["mapui.project.asgi", "mapui.project.urls", __name__]


def serve(port: int, log: Path) -> None:
    """Serve the site until the process ends; all that it says goes to the log."""
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    uvicorn.run(APPLICATION, port=port, lifespan="on", log_level="warning", ws_ping_interval=20)
