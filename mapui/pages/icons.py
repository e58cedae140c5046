"""The pictures of matters, as the front end draws them."""

from __future__ import annotations

import json
from functools import cache

from django.conf import settings
from django.utils.translation import pgettext_lazy

#: What is seen on each picture, for who hears the page read or rests the pointer on it.
ICON_LABELS = {
    "trash": pgettext_lazy("picture", "Bin"),
    "road": pgettext_lazy("picture", "Road"),
    "stall": pgettext_lazy("picture", "Market stall"),
    "fire": pgettext_lazy("picture", "Flame"),
    "charge": pgettext_lazy("picture", "Lightning"),
    "dispute": pgettext_lazy("picture", "Two speech bubbles"),
    "noise": pgettext_lazy("picture", "Loudspeaker"),
    "drain": pgettext_lazy("picture", "Drop of water"),
    "lamp": pgettext_lazy("picture", "Street lamp"),
    "care": pgettext_lazy("picture", "Heart"),
    "errand": pgettext_lazy("picture", "Bag"),
    "build": pgettext_lazy("picture", "House"),
    "falling": pgettext_lazy("picture", "Falling thing"),
    "other": pgettext_lazy("picture", "Three dots"),
}


@cache
def icon_paths() -> dict[str, str]:
    """Return the path of each picture by its name, in a box of 24 by 24."""
    paths: dict[str, str] = json.loads((settings.FRONTEND / "src" / "ui" / "icons.json").read_text())
    return paths
