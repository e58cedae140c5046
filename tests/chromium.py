"""The system's Chromium, for tests and measurements in a real browser."""

from __future__ import annotations

import shutil
from typing import Final

FLAGS: Final = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def chromium() -> str | None:
    """Return the path of the system's Chromium; None where there is none."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
