"""The pictures of matters, as the front end draws them."""

from __future__ import annotations

import json
from functools import cache

from django.conf import settings


@cache
def icon_paths() -> dict[str, str]:
    """Return the path of each picture by its name, in a box of 24 by 24."""
    paths: dict[str, str] = json.loads((settings.FRONTEND / "src" / "ui" / "icons.json").read_text())
    return paths
