"""Chinese addresses: the numbers at their end, and what each of them counts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Final

from households.addresses.model import Address
from households.addresses.text import with_digits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Role(Enum):
    """What a number counts."""

    PLACE = "place"
    BUILDING = "building"
    ENTRANCE = "entrance"
    FLOOR = "floor"
    ROOM = "room"
    NUMBER = "号"
    """A house number, a building or a room."""
    STOREY = "楼"
    """A building or a floor."""
    BARE = ""
    """Anything."""


_OPEN: Final = frozenset({Role.NUMBER, Role.BARE})

_SEPARATORS: Final = re.compile(r"(?<=[0-9A-Z#])[\s,、;/\\.|之]+(?=[0-9A-Z])|(?<=\d)一(?=\d)")
_REWRITTEN: Final = (
    (re.compile(r"(?<=[0-9A-Z])#楼?"), "号楼"),
    (re.compile(r"[\s,。、;:/\\.|#]+"), ""),
    (re.compile(r"号院?内?附(\d+)号?"), r"附\1号"),
    (re.compile(r"号院内?|号内"), "号院"),
)
_MARKERS: Final = {
    r"号?(?:住宅|家属|宿舍|公寓|居民)?楼?[栋幢座]|号(?:住宅|家属|宿舍|公寓|居民)?楼": Role.BUILDING,
    r"号?单元(?:楼?门)?|号?(?:楼门|门洞|门栋|门|梯)(?!牌|面)": Role.ENTRANCE,
    r"层": Role.FLOOR,
    r"号?(?:室|户|房间|房)(?![一-鿿])": Role.ROOM,
    r"号院?": Role.NUMBER,
    r"楼": Role.STOREY,
}
_PLAIN: Final = r"[甲乙丙丁]?[A-Z]{0,2}\d+(?:附\d+)?[A-Z]?"
_NUMBER: Final = (
    r"(?:(?:负|地下|(?:(?<![A-Z])B)(?=\d层))\d{1,2}(?=[层楼])"
    r"|\d{3,5}-\d{1,2}(?=室|户|房|$)|(?<=[元门梯层])\d{1,2}-\d{1,2}(?=室|户|房|号|$)"
    rf"|(?<!-){_PLAIN}-\d{{1,2}}(?=号|[栋幢座])|{_PLAIN}"
    r"|(?<![A-Z])[A-Z]{1,2}(?=号?[栋幢座楼]|号?单元|-\d)"
    r"|[甲乙丙丁](?=单元|门)|[东西南北中](?=单元)|[东西南北中]{1,2}(?=户))"
)
_TOKEN: Final = re.compile(f"第?(?P<number>{_NUMBER})(?:{'|'.join(f'({each})' for each in _MARKERS)})?")
_BARE: Final = re.compile(r"[A-Z]{0,2}\d*[A-Z]?(?:[-\s/.]+[A-Z]{0,2}\d+[A-Z]?)+")
_ROAD: Final = re.compile(r"(?:路|街|道|巷|弄|胡同|条|里|段|线)$")
_ORDER: Final = "甲乙丙丁"
_LONG_ROOM, _SHORT = 3, 2


@dataclass(frozen=True, slots=True)
class Token:
    """A number in a text with the role that its marker gives it; ``marker`` is as it stands."""

    start: int
    end: int
    number: str
    marker: str
    role: Role


def is_bare(text: str) -> bool:
    """Tell whether a text without any Chinese is one like "47-6-746" or "A-2-501"."""
    return bool(_BARE.fullmatch(text.upper()))


def readings(text: str) -> Iterator[Address]:
    """Yield the readings of a text that `households.addresses.text.plain` has given."""
    text = _SEPARATORS.sub("-", text.upper())
    for pattern, better in _REWRITTEN:
        text = pattern.sub(better, text)
    text = with_digits(text)
    tail = _tail(text)
    for roles in _assigned(text, tail) if tail else ():
        yield _address(text, tail, roles)
    yield Address(place=place_key(text))


def place_key(place: str) -> str:
    """Return the name of a place in the form in which two of them are compared."""
    place = place.replace("号院", "号").strip("-")
    return place.removesuffix("小区") if len(place) > len("小区") + 1 else place


def _tail(text: str) -> list[Token]:
    """Return the numbers at the end that stand together, from the last building that is marked as one on."""
    tokens = [_token(found) for found in _TOKEN.finditer(text)]
    if not tokens or (_is_name(tokens[-1]) and text[tokens[-1].end :].strip("-")):
        return []  # 3号教学楼, 2区
    first = len(tokens) - 1
    while first and text[tokens[first - 1].end : tokens[first].start].strip("-") == "":
        first -= 1
    marked = [n for n, token in enumerate(tokens) if token.role is Role.BUILDING]
    return tokens[marked[-1] if marked else first :]


def _is_name(token: Token) -> bool:
    return token.role in _OPEN or token.role is Role.STOREY


def _token(found: re.Match[str]) -> Token:
    markers = found.groups()[1:]
    which = next((n for n, marker in enumerate(markers) if marker), None)
    role = Role.BARE if which is None else list(_MARKERS.values())[which]
    marker = "" if which is None else markers[which]
    return Token(found.start(), found.end(), found["number"], marker, role)


def _assigned(text: str, tail: Sequence[Token]) -> Iterator[list[Role]]:
    """Yield what the tokens count, the likeliest way first."""
    match [token.role for token in tail]:
        case [Role.NUMBER, Role.BARE, Role.BARE | Role.ENTRANCE, *others] if (
            others or tail[0].marker == "号院" or not tail[1].number.isdecimal()
        ):  # 18号院3-2-501, 22号甲3-502
            yield from ([Role.PLACE, *roles] for roles in _ways("", tail[1:]))
    yield from _ways(text[: tail[0].start], tail)


def _ways(before: str, tail: Sequence[Token]) -> Iterator[list[Role]]:
    roles = [token.role for token in tail]
    match roles:
        case [Role.BARE]:  # 阳光大厦1201, 曙光路18
            is_room = len(tail[0].number) >= _LONG_ROOM and bool(before) and not _ROAD.search(before)
            likely = [Role.ROOM, Role.BUILDING] if is_room else [Role.BUILDING, Role.ROOM]
            yield from ([role] for role in likely)
        case [Role.STOREY, *others]:  # 5楼2单元501, 5楼501
            yield [Role.BUILDING, *_behind(tail[1:], others)]
            if Role.ENTRANCE not in others:
                yield [Role.FLOOR, *_behind(tail[1:], others)]
        case [Role.NUMBER, Role.NUMBER, *others]:  # 12号院3号, 18号501号
            ways = [
                [Role.BUILDING, Role.ROOM, *_behind(tail[2:], others)],
                [Role.PLACE, Role.BUILDING, *_behind(tail[2:], others)],
            ]
            is_yard = tail[0].marker == "号院" or bool(others)
            yield from reversed(ways) if is_yard else ways
        case [Role.NUMBER, Role.STOREY, Role.ENTRANCE, *others]:  # 18号院3楼2单元501
            yield [Role.PLACE, Role.BUILDING, Role.ENTRANCE, *_behind(tail[3:], others)]
        case [Role.BARE, Role.BARE]:  # 3-501; 3-2 may be an entrance
            yield [Role.BUILDING, Role.ROOM]
            yield [Role.BUILDING, Role.ENTRANCE]
            yield [Role.ENTRANCE, Role.ROOM]
        case [Role.NUMBER | Role.BARE | Role.BUILDING, *others]:
            yield [Role.BUILDING, *_behind(tail[1:], others)]
        case _:  # 2单元501, 501室
            yield _behind(tail, roles)


def _behind(tokens: Sequence[Token], roles: Sequence[Role]) -> list[Role]:
    """Return what numbers behind that of a building count; at most one each, else the last one is right."""
    found: list[Role] = [Role.FLOOR if role is Role.STOREY else role for role in roles]
    opens = [n for n, role in enumerate(found) if role in _OPEN]
    if Role.ROOM not in found and opens:
        found[opens.pop()] = Role.ROOM
    free = [role for role in (Role.FLOOR, Role.ENTRANCE) if role not in found]
    for n in reversed(opens):
        is_short = len(tokens[n].number) <= _SHORT
        wanted = Role.ENTRANCE if len(opens) == 1 and Role.ENTRANCE in free else Role.FLOOR
        found[n] = wanted if is_short and wanted in free else Role.PLACE
        if found[n] in free:
            free.remove(found[n])
            opens = [one for one in opens if one != n]
    return found


def _address(text: str, tail: Sequence[Token], roles: Sequence[Role]) -> Address:
    start = next((token.start for token, role in zip(tail, roles, strict=True) if role is not Role.PLACE), 0)
    found = Address(place=place_key(text[:start]))
    for token, role in zip(tail, roles, strict=True):
        match role:
            case Role.BUILDING:
                found = replace(found, building=token.number)
            case Role.ENTRANCE:
                found = replace(found, entrance=_entrance(token.number))
            case Role.FLOOR:
                found = replace(found, floor=_floor(token.number))
            case Role.ROOM:
                named = "" if any(map(str.isdecimal, token.number)) else token.marker  # 东户
                found = replace(found, room=token.number + named)
            case _:
                pass
    if (found.floor or 0) > 0 and found.room.isdecimal() and len(found.room) <= _SHORT:  # 2楼2号
        return replace(found, room=f"{found.floor}-{found.room}")
    return found


def _entrance(number: str) -> int | None:
    """Return the number of an entrance: by itself, by its letter or by 甲乙丙丁; None for 东单元."""
    if number.isdecimal():
        return int(number)
    if number in _ORDER:
        return _ORDER.index(number) + 1
    return ord(number) - ord("A") + 1 if len(number) == 1 and number.isascii() else None


def _floor(number: str) -> int | None:
    digits = re.sub(r"\D", "", number)
    if not digits or not int(digits):
        return None
    return -int(digits) if number.startswith(("负", "地下", "B")) else int(digits)
