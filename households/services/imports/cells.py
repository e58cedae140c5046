"""How the cells of an import are read: what people type, made into values, or a reason why not."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from django.utils import timezone
from django.utils.translation import override

from gis_grids.errors import BadInput
from gis_grids.identity import read_identity
from gis_grids.sealing import normal
from gis_grids.vectorfiles.texts import REPLACEMENT, unseen_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gis_grids.identity import Identity
    from gis_grids.sheets import Value

    Reader: TypeAlias = Callable[[Value], Any]

_EARLIEST: Final = dt.date(1880, 1, 1)
_DATE: Final = re.compile(
    r"(\d{4})(?:[-./年](\d{1,2})[-./月](\d{1,2})日?|(\d{2})(\d{2}))(?: 0?0:00(?::00)?)?"
)
_DAY_ZERO: Final = re.compile(r"1900[-/.]0?1[-/.]0?0|0")
_PHONE: Final = re.compile(r"\+?\d{5,20}")
_PHONE_PARTS: Final = re.compile(r"[/、,;，；\n]")
_MOBILE_DIGITS, _NEARLY = 11, {10, 12}
_SHORTENED: Final = re.compile(r"\d(\.\d+)?E\+?\d+")
_IN_NAMES: Final = frozenset(" ·•．.-'’‘()（）、")
_MOST_EXACT: Final = 10**15
_YES, _NO = {"是", "yes", "y", "true", "1", "√", "有"}, {"否", "no", "n", "false", "0", "×", "x", "无"}
_LANGUAGES: Final = ("zh-hans", "en")


class Unreadable(Exception):  # noqa: N818 (what happened, not that it is an error)
    """A cell that doesn't hold what its column wants; ``code`` is one of `words`."""

    def __init__(self, code: str, **details: object) -> None:
        self.code = code
        self.details = details
        super().__init__(code)


def text(most: int) -> Reader:
    """Return the reader of a text of at most so many characters, in one line."""

    def read(cell: Value) -> str:
        words = _words(cell)
        if len(words) > most:
            raise Unreadable("cell.too_long", most=most)
        return words

    return read


def person_name(cell: Value) -> str:
    """Return somebody's name: letters, blanks, and the points of 买买提·吐尔逊."""
    words = _words(cell)
    for character in words:
        if unicodedata.category(character)[0] not in "LM" and character not in _IN_NAMES:
            raise Unreadable("name.odd", character=character)
    if len(words) > 50:  # noqa: PLR2004 - as long as the register keeps
        raise Unreadable("cell.too_long", most=50)
    return words


def phone(cell: Value) -> str:
    """Return one telephone number as digits."""
    words = _words(cell)
    if _SHORTENED.fullmatch(words.upper()):
        raise Unreadable("phone.rounded")
    if len([part for part in _PHONE_PARTS.split(words) if part.strip()]) > 1:
        raise Unreadable("phone.several")
    digits = normal(words)
    if not _PHONE.fullmatch(digits):
        raise Unreadable("phone.form")
    if digits.startswith("1") and len(digits) in _NEARLY:
        raise Unreadable("phone.length")
    return digits


def identity(cell: Value) -> Identity:
    """Return an identity number (`gis_grids.identity`)."""
    if isinstance(cell, int | float) and abs(cell) >= _MOST_EXACT:
        raise Unreadable("identity.number")
    try:
        return read_identity(_words(cell), today=timezone.localdate())
    except BadInput as error:
        raise Unreadable(error.code) from None


def whole(least: int, most: int) -> Reader:
    """Return the reader of a whole number in a span; "3人" is 3."""

    def read(cell: Value) -> int:
        words = unicodedata.normalize("NFKC", _words(cell)).removesuffix("人").removesuffix("口").strip()
        if not re.fullmatch(r"-?\d{1,9}", words) or not least <= int(words) <= most:
            raise Unreadable("cell.number", least=least, most=most)
        return int(words)

    return read


def coordinate(cell: Value) -> float:
    """Return a coordinate, in whatever system."""
    words = unicodedata.normalize("NFKC", _words(cell)).rstrip("°").strip()
    if not re.fullmatch(r"-?\d{1,9}(\.\d{1,20})?", words):
        raise Unreadable("cell.coordinate")
    return float(words)


def date(cell: Value) -> dt.date:
    """Return a day: a date of the spreadsheet, or a text with year, month and day in this order."""
    if isinstance(cell, dt.datetime):
        day = cell.date()
    elif isinstance(cell, dt.date):
        day = cell
    else:
        day = _typed_date(unicodedata.normalize("NFKC", _words(cell)))
    if not _EARLIEST <= day <= timezone.localdate():
        raise Unreadable("cell.date_range", earliest=_EARLIEST.isoformat())
    return day


def yes_no(cell: Value) -> bool:
    """Return yes or no, in Chinese or English."""
    word = unicodedata.normalize("NFKC", _words(cell)).casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise Unreadable("cell.yes_no")


def choice(labels: Mapping[Any, object], **others: str) -> Reader:
    """Return the reader of a choice: its label in any of our languages, its code, or another word for it.

    ``others`` gives for codes further words, separated by blanks.
    """
    known: dict[str, Any] = {str(code).casefold(): code for code in labels}
    for language in _LANGUAGES:
        with override(language):
            known |= {str(label).casefold(): code for code, label in labels.items()}
    known |= {word.casefold(): code for code, words in others.items() for word in words.split()}

    def read(cell: Value) -> Any:  # noqa: ANN401 - the code
        words = _words(cell)
        try:
            return known[unicodedata.normalize("NFKC", words).casefold()]
        except KeyError:
            listed = "、".join(map(str, labels.values()))
            raise Unreadable("cell.choice", known=listed) from None

    return read


def _words(cell: Value) -> str:
    """Return a cell as a text in one line; whole numbers without decimals."""
    if isinstance(cell, str):
        words = " ".join(cell.split())
        is_plain = words.isprintable() and REPLACEMENT not in words  # which most are, and quick to tell
        if not is_plain and (unseen := unseen_in(words)):
            raise Unreadable("cell.unseen", character=unseen)
        return unicodedata.normalize("NFC", words)
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, dt.datetime | dt.date):
        return cell.isoformat()[:10]
    return str(cell)


def _typed_date(words: str) -> dt.date:
    if _DAY_ZERO.fullmatch(words):
        raise Unreadable("sheet.day_zero")
    found = _DATE.fullmatch(words)
    if found is None:
        raise Unreadable("cell.date")
    year, *parts = found.groups()
    month, day = (part for part in parts if part)
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        raise Unreadable("cell.date") from None
