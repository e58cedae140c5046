"""Addresses of a street and a house number, in either order, as most of the world writes them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from households.addresses.model import Address

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The kinds of street, each with its short forms; the first is what all become.
_KINDS: Final = (
    "улица ул",
    "проспект пр-т пр-кт просп пр",
    "переулок пер",
    "бульвар б-р бул бульв",
    "шоссе ш",
    "площадь пл",
    "набережная наб",
    "проезд пр-д",
    "тупик туп",
    "аллея ал",
    "микрорайон мкр мкрн м-н",
    "квартал кв-л",
    "street st",
    "road rd",
    "avenue ave av",
    "boulevard blvd bd boul",
    "drive dr",
    "lane ln",
    "court ct",
    "square sq",
    "place pl",
    "terrace ter",
    "highway hwy",
    "strasse str",
    "platz",
    "weg",
    "allee",
    "gasse",
    "rue",
    "impasse imp",
    "chemin ch",
    "quai",
    "via",
    "viale",
    "piazza",
    "corso",
    "calle c/",
    "avenida avda",
    "plaza",
    "paseo",
)
_KIND_OF: Final = {form: kind.split()[0] for kind in _KINDS for form in kind.split()}
_IS_KIND: Final = re.compile(
    rf"(?<!\w)(?:{'|'.join(sorted(map(re.escape, _KIND_OF), key=len, reverse=True))})(?!\w)"
    r"|\w(?:strasse|str|weg|platz|allee|gasse)\b"
)
#: Words that only say what kind of word follows: of no use for telling two streets apart.
_EMPTY: Final = frozenset({"г", "город", "the", "de", "la", "le", "del", "des", "du", "di", "им", "имени"})

_CORPUS: Final = r"(?:(?:корпус|корп|к|k)\.?\s?\d+)"
_STRUCTURE: Final = r"(?:(?:строение|стр|с)\.?\s?\d+)"
_PLOT: Final = r"(?:(?:участок|уч|площадка)\.?\s?)"
_HOUSE: Final = (
    rf"{_PLOT}?"
    r"\d{1,4}(?:\s?[^\W\d_](?!\w))?(?:\s?(?:bis|ter|quater)\b)?(?:\s?[/-]\s?\d{1,4}[^\W\d_]?(?!\w))?"
    rf"(?:\s?{_CORPUS})?(?:\s?{_STRUCTURE})?"
)
_MARKED: Final = re.compile(
    rf"\b(?:дом|д|house|no|nr|num|numero|n|№)\b\.?\s*(?:№\s*)?({_HOUSE})(?!\w)|№\s*({_HOUSE})"
)
_FLAT: Final = re.compile(
    r"(?:\b(?:квартира|кв|комната|ком|помещение|пом|офис|оф|apartment|apt|flat|unit|suite|ste|room|rm|"
    r"wohnung|whg|wg|appartement|appt|app|interno|int|piso|puerta)\b\.?\s*(?:№|no\.?|nr\.?|#)?|#)\s*"
    r"(\d{1,5}\s?[^\W\d_]?(?!\w)|[a-z]\d{0,4}\b)"
)
_ENTRANCE: Final = re.compile(
    r"\b(?:подъезд|под|п-д|entrance|entr|staircase|stair|eingang|aufgang|stiege|escalier|esc|scala|escalera)"
    r"\b\.?\s*(?:№|no\.?|#)?\s*(\d{1,2}|[a-z])\b|\b(\d{1,2})(?:-?(?:й|и|ый))?\s+подъезд\b"
)
_FLOOR: Final = re.compile(
    r"\b(?:этаж|эт|floor|fl|etage|stock|og)\b\.?\s*(\d{1,3})\b|\b(\d{1,3})(?:st|nd|rd|th|\.|-?(?:й|и|ый))?\s*"
    r"(?:этаж|эт|floor|fl|etage|stock|og)\b"
)
_JOINED: Final = re.compile(rf"[,;]\s*(?=(?:{_CORPUS}|{_STRUCTURE}|корпус\b|корп\b|строение\b|литер))")
_BEHIND: Final = re.compile(
    rf"(?P<street>.*[^\W\d_].*?)\s+(?P<house>{_HOUSE})(?:\s+(?P<flat>\d{{1,4}}[^\W\d_]?))?"
)
_BEFORE: Final = re.compile(rf"(?P<house>\d?{_HOUSE})\s+(?P<street>.*[^\W\d_].*)")
_ALONE: Final = re.compile(_HOUSE)
#: Where houses are numbered in blocks, the block has a number of its own.
_BLOCK: Final = re.compile(r"\b(?:микрорайон|мкр|мкрн|м-н|квартал|кв-л)\b")
_SPLIT: Final = re.compile(r"(\d+[^\W\d_]?)-(\d+)")
_BREVE: Final = "\u0306"
_FALSE_FRIENDS: Final = str.maketrans("авекмнорстух", "abekmhopctyx")
#: NFKC has made "no" of №.
_NUMERO: Final = re.compile(r"\b(?:no|nr)\.?\s*(?=\d)")
#: улица № 11 is a street that has a number for a name.
_NUMBERED: Final = re.compile(r"\b(улица|ул|проезд|пр-д|линия|квартал|кв-л|микрорайон|мкр)\b\.?\s*№\s*(?=\d)")
_SPELT: Final = (
    (re.compile(r"участок\.?(?=\d)"), "уч"),
    (re.compile(r"(?:корпус|корп|к)\.?(?=\d)"), "k"),
    (re.compile(r"(?:строение|стр|с)\.?(?=\d)"), "c"),
)


def readings(text: str) -> Iterator[Address]:
    """Yield the readings of a text that `households.addresses.text.plain` has given."""
    text = _NUMBERED.sub(r"\1 n", _JOINED.sub(" ", _folded(text)))
    text, flat = _taken(_FLAT, text)
    text, entrance = _taken(_ENTRANCE, text)
    text, floor = _taken(_FLOOR, text)
    street, house, second = _street_and_house(text)
    found = Address(
        place=place_key(street),
        building=house_key(house),
        entrance=int(entrance) if entrance.isdecimal() else None,
        floor=int(floor) if floor else None,
        room=_compact(flat or second).upper(),
    )
    yield found
    if not found.room and (halves := _SPLIT.fullmatch(house)):  # 12-5: house 12-5, or flat 5 of house 12
        yield replace(found, building=house_key(halves[1]), room=halves[2])
    yield Address(place=place_key(text))


def place_key(place: str) -> str:
    """Return the words of a street in one order and with their kind in full: "ленина улица"."""
    words = re.findall(r"[\w'-]+", place)
    full = (_KIND_OF.get(word, re.sub(r"(?<=\w{3})str$", "strasse", word)) for word in words)
    return " ".join(sorted({word.replace("'", "").strip("-") for word in full} - _EMPTY - {""}))


def house_key(house: str) -> str:
    """Return a house number in the form in which two are compared: "7a" is 7A, "1 корп. 2" is 1K2."""
    house = _compact(house)
    for pattern, short in _SPELT:
        house = pattern.sub(short, house)
    return house.translate(_FALSE_FRIENDS).upper()


def _folded(text: str) -> str:
    """Return the text in small letters without accents: ё is е, é is e, ß is ss; й stays й."""
    text = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in text if not unicodedata.combining(sign) or sign == _BREVE)
    return _NUMERO.sub("№", re.sub(r"[«»\"“”]", "", unicodedata.normalize("NFC", bare)))


def _taken(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    """Return the text without what the pattern finds, and what that says."""
    found = pattern.search(text)
    if found is None:
        return text, ""
    said = next(each for each in found.groups() if each)
    return f"{text[: found.start()]},{text[found.end() :]}", said


def _street_and_house(text: str) -> tuple[str, str, str]:
    """Return street, house number and what a bare number behind it says, "" each where it isn't there."""
    if marked := _MARKED.search(text):
        before = [part for part in _parts(text[: marked.start()]) if not part.isdecimal()]
        street = before[-1] if before else next(iter(_parts(text[marked.end() :])), "")
        return street, marked[1] or marked[2], ""
    parts = _parts(text)
    for wanted in (_IS_KIND.search, bool):
        for n, part in enumerate(parts):
            if wanted(part) and (found := _in_part(part, parts[n + 1 : n + 3])):
                return found
            if n and _IS_KIND.search(part) and _ALONE.fullmatch(parts[n - 1]):  # 12, rue de la Paix
                return part, parts[n - 1], ""
    return "", "", ""


def _in_part(part: str, following: list[str]) -> tuple[str, str, str] | None:
    alone = [each if _ALONE.fullmatch(each) else "" for each in [*following, "", ""][:2]]
    if before := _BEFORE.fullmatch(part):
        is_russian = bool(re.search(r"[а-я]", part))
        if not (is_russian and (alone[0] or _BEHIND.fullmatch(part))):  # 40 лет Октября, 12
            return before["street"], before["house"], alone[0]
    if not re.search(r"[^\W\d_]{2}|\d\W", part):
        return None
    behind = _BEHIND.fullmatch(part)
    if alone[0] and (behind is None or _BLOCK.search(part) or behind["street"].strip(".") in _KIND_OF):
        return part, alone[0], alone[1]
    if behind:
        return behind["street"], behind["house"], behind["flat"] or alone[0]
    return None


def _parts(text: str) -> list[str]:
    return [part.strip(" .") for part in re.split(r"[,;]", text) if part.strip(" .")]


def _compact(text: str) -> str:
    return re.sub(r"\s+", "", text)
