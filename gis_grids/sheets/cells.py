"""What may stand in a cell: text that stays text, whatever it begins with, and the way back."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from typing import Final, TypeAlias

#: What a cell can hold. Times with a zone are written as the clock of that zone shows them.
Value: TypeAlias = str | int | float | bool | dt.date | dt.datetime | None

#: The longest text of a cell in Excel.
MAX_TEXT: Final = 32_767
#: From here on a spreadsheet would round a number: it's written as text.
_EXACT: Final = 10**15

# What the XML of a workbook can't hold: control characters, halves of surrogate pairs, two non-characters.
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What makes a spreadsheet take a text for a formula (OWASP, "CSV injection"), the full-width signs of a
# Chinese keyboard too; blanks before it are skipped by some programs.
_FORMULA: Final = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")


def looks_like_formula(text: str) -> bool:
    """Return whether a spreadsheet could take the text for a formula."""
    return _FORMULA.match(text) is not None


def written(value: Value) -> Value:
    """Return the value as a cell can hold it: no zone, nothing unwritable, no number that gets rounded."""
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").replace("\r", "\n")
        return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)[:MAX_TEXT]
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, int) and abs(value) >= _EXACT:
        return str(value)
    return value


def guarded(text: str) -> str:
    """Return the text for a CSV file: behind an apostrophe if it could be taken for a formula.

    A text that has such an apostrophe already gets another: so `unguarded` gives back what was there.
    """
    return f"'{text}" if looks_like_formula(text.lstrip("'")) else text


def unguarded(text: str) -> str:
    """Return the text without the apostrophe that `guarded` put before it."""
    return text[1:] if text.startswith("'") and looks_like_formula(text.lstrip("'")) else text


def width(value: Value) -> int:
    """Return how wide the value's longest line is, in Latin letters; a Chinese character counts two."""
    if isinstance(value, dt.datetime):
        return len("2026-01-01 00:00")
    lines = str("" if value is None else value).split("\n")
    return max(sum(1 + (unicodedata.east_asian_width(each) in "WF") for each in line) for line in lines)
