"""Attributes as text, as people mean them, and the characters that no name can have."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Final

REPLACEMENT: Final = "\ufffd"
"""Stands for what can't be read or stored; so whoever looks for it finds every such text."""

_EXACT: Final = 2.0**53
"""Up to here a floating-point number holds every whole number; codes of 20 digits lie beyond."""
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def as_text(value: object) -> str:
    """Return an attribute as text, trimmed: whole numbers without decimals (110105.0), nothing as "".

    A number that has lost its last digits stays in the scientific notation that gives it away.
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        value = int(value)
    return str(value).strip()


def storable(text: str) -> str:
    """Return the text with `REPLACEMENT` for what no database stores: NUL and halves of surrogate pairs."""
    return _UNSTORABLE.sub(REPLACEMENT, text)


def unseen_in(text: str) -> str:
    """Return the first character that can't be seen or was lost, as "U+200B"; "" when there is none.

    Such are control and formatting characters, line breaks and `REPLACEMENT`.
    """
    unseen = (c for c in text if c == REPLACEMENT or unicodedata.category(c) in _UNSEEN)
    return next((f"U+{ord(character):04X}" for character in unseen), "")
