"""What people write, before it is stored."""

from __future__ import annotations

import unicodedata

from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput

MAX_TEXT = 2000
MAX_ITEM = 100


def clean_text(text: str, *, limit: int = MAX_TEXT) -> str:
    """Return the text stripped and composed (NFC).

    Raises `BadInput`: "text.too_long" beyond ``limit`` characters, "text.unreadable" for what no
    database column can hold: U+0000 and halves of surrogate pairs.
    """
    if len(text) > limit:
        raise BadInput(
            "text.too_long",
            _("The text has %(length)s characters; at most %(limit)s are possible. Shorten it."),
            {"length": len(text), "limit": limit},
        )
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise BadInput(
            "text.unreadable", _("The text contains characters that can't be stored. Write it anew.")
        )
    return unicodedata.normalize("NFC", text).strip()
