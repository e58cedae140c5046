"""What people write, before it is stored."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput
from gis_grids.sealing import normal

MAX_TEXT = 2000
MAX_ITEM = 100

_PHONE: Final = re.compile(r"\+?[0-9]{5,15}")


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


def read_phone(text: str) -> str:
    """Return a telephone number as it is stored: digits, perhaps with + before them; empty for none.

    Raises `BadInput` (``contact.phone``).
    """
    number = normal(text)
    if number and not _PHONE.fullmatch(number):
        raise BadInput(
            "contact.phone", _("This is no telephone number. Write its digits, or leave the field empty.")
        )
    return number
