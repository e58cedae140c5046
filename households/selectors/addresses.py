"""Addresses found in the register: the dwelling, the entrance or the building that each one means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from django.db import connection
from django.utils import timezone

from households.addresses import Address, readings
from households.addresses.book import Book, most_like
from households.models import Dwelling

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from households.addresses.book import Candidate

    Rooms = Mapping[tuple[int, str], list["_Home"]]
    """By building and room as it is written."""
    Option = tuple[Address, list[int]]
    """A reading of an address, with the buildings that it can mean."""

#: So many addresses are looked up with one query.
_BATCH: Final = 5_000
#: So many rooms near one that there isn't are told.
_MOST_ROOMS: Final = 8
_MOST_CANDIDATES: Final = 5

_NAMES: Final = """
SELECT b.id, b.name, b.address, compound.name
FROM {source}
LEFT JOIN LATERAL (
    SELECT f.name FROM gis_grids_facility f
    WHERE f.kind = 'compound' AND f.closed_on IS NULL AND f.geometry && b.footprint
      AND ST_Intersects(f.geometry, ST_PointOnSurface(b.footprint))
    LIMIT 1
) compound ON true
"""
_EVERYWHERE: Final = "households_building b"
_UNDER: Final = """(
    SELECT DISTINCT b.id FROM gis_grids_unitversion v JOIN households_building b ON b.footprint && v.boundary
    WHERE v.unit_id = ANY(%(roots)s) AND v.valid @> %(at)s
      AND ST_Intersects(v.boundary, ST_PointOnSurface(b.footprint))
) under JOIN households_building b USING (id)"""

_ROOMS: Final = """
SELECT asked.building, asked.room, e.number, e.id, d.id
FROM unnest(%(buildings)s::bigint[], %(rooms)s::text[]) AS asked (building, room)
JOIN households_dwelling d ON d.building_id = asked.building AND upper(d.room) = asked.room
LEFT JOIN households_entrance e ON e.id = d.entrance_id
"""
_ENTRANCES: Final = """
SELECT e.building_id, e.number, e.id
FROM unnest(%(buildings)s::bigint[], %(numbers)s::int[]) AS asked (building, number)
JOIN households_entrance e ON e.building_id = asked.building AND e.number = asked.number
"""


class Match(StrEnum):
    """How far an address was found."""

    DWELLING = "dwelling"
    ENTRANCE = "entrance"
    BUILDING = "building"
    SEVERAL = "several"
    """It fits several buildings or dwellings: somebody must choose."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an address means. ``address`` is the reading that counts, ``candidates`` are to choose from."""

    text: str
    match: Match
    address: Address
    building_id: int | None = None
    entrance_id: int | None = None
    dwelling_id: int | None = None
    candidates: tuple[Candidate, ...] = ()


class _Home(NamedTuple):
    number: int | None
    entrance_id: int | None
    dwelling_id: int


def address_book(roots: Collection[int] | None = None) -> Book:
    """Return the book of the buildings in these units (ids, as they are now), or of all. One query.

    A building goes by its name, by its address, and by its number in the compound that it stands in.
    """
    source = _EVERYWHERE if roots is None else _UNDER
    with connection.cursor() as cursor:
        cursor.execute(_NAMES.format(source=source), {"roots": list(roots or ()), "at": timezone.now()})
        rows = cursor.fetchall()
    return Book(pair for row in rows for pair in _names(*row))


def find_address(text: str, book: Book) -> Found:
    """Return what one address means."""
    return find_addresses([text], book)[0]


def find_addresses(texts: Sequence[str], book: Book) -> list[Found]:
    """Return what each address means, in their order; two queries for each five thousand of them.

    Nothing is guessed: an address that fits several buildings, or none, has candidates instead.
    """
    found: list[Found] = []
    for start in range(0, len(texts), _BATCH):
        found += _find_batch(texts[start : start + _BATCH], book)
    return found


def find_in_building(text: str, building_id: int) -> Found:
    """Return what an address means in a building that somebody has chosen, whatever place it names."""
    ways: list[Option] = [(each, [building_id]) for each in readings(text)] or [(Address(), [building_id])]
    return _looked_up([text], [ways], Book([(building_id, text)]))[0]


def rooms_near(found: Found) -> list[str]:
    """Return the rooms of the building that are most like the one that isn't there; for a person's eyes."""
    if found.building_id is None or found.dwelling_id is not None or not found.address.room:
        return []
    dwellings = Dwelling.objects.filter(building=found.building_id)
    if found.entrance_id is not None:
        dwellings = dwellings.filter(entrance=found.entrance_id)
    rooms = sorted(set(dwellings.values_list("room", flat=True)))
    return most_like(found.address.room, rooms, most=_MOST_ROOMS)


def _names(building_id: int, name: str, address: str, compound: str | None) -> Iterator[tuple[int, str]]:
    if name:
        yield building_id, name
    if address:
        yield building_id, address
    if compound and name and compound not in name:
        yield building_id, f"{compound}{name}"


def _find_batch(texts: Sequence[str], book: Book) -> list[Found]:
    ways = [[(each, book.buildings(each)) for each in readings(text)] for text in texts]
    return _looked_up(texts, ways, book)


def _looked_up(texts: Sequence[str], ways: Sequence[Sequence[Option]], book: Book) -> list[Found]:
    asked = [(building, each) for options in ways for each, buildings in options for building in buildings]
    rooms = _rooms((building, room) for building, each in asked for room in each.rooms)
    entrances = _entrances((building, each.entrance) for building, each in asked if each.entrance is not None)
    return [
        _decided(text, options, rooms, entrances, book) for text, options in zip(texts, ways, strict=True)
    ]


def _decided(
    text: str, options: Sequence[Option], rooms: Rooms, entrances: Mapping[tuple[int, int], int], book: Book
) -> Found:
    """Return what an address means: a dwelling if any reading has one, else a building."""
    for address, buildings in options:
        homes = [(one, home) for one in buildings for home in _homes(one, address, rooms)]
        if len(homes) == 1:
            [(building, home)] = homes
            return Found(
                text=text,
                match=Match.DWELLING,
                address=address,
                building_id=building,
                entrance_id=home.entrance_id,
                dwelling_id=home.dwelling_id,
            )
        if homes:
            several = (
                book.candidate(one, dwelling_id=home.dwelling_id) for one, home in homes[:_MOST_CANDIDATES]
            )
            return Found(text=text, match=Match.SEVERAL, address=address, candidates=tuple(several))
    for address, buildings in options:
        if len(buildings) == 1:
            entrance = entrances.get((buildings[0], address.entrance or 0))
            match = Match.BUILDING if entrance is None else Match.ENTRANCE
            return Found(
                text=text, match=match, address=address, building_id=buildings[0], entrance_id=entrance
            )
        if buildings:
            several = (book.candidate(one) for one in buildings[:_MOST_CANDIDATES])
            return Found(text=text, match=Match.SEVERAL, address=address, candidates=tuple(several))
    address = options[0][0] if options else Address()
    return Found(text=text, match=Match.UNKNOWN, address=address, candidates=tuple(book.nearest(address)))


def _homes(building: int, address: Address, rooms: Rooms) -> list[_Home]:
    """Return the dwellings of a building that an address can mean, by the first spelling of its room."""
    for room in address.rooms:
        homes = rooms.get((building, room), [])
        if address.entrance is not None:
            homes = [home for home in homes if home.number in {address.entrance, None}]
        if homes:
            return homes
    return []


def _rooms(asked: Iterable[tuple[int, str]]) -> Rooms:
    pairs = sorted(set(asked))
    found: dict[tuple[int, str], list[_Home]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            _ROOMS, {"buildings": [pair[0] for pair in pairs], "rooms": [pair[1] for pair in pairs]}
        )
        for building, room, *home in cursor.fetchall():
            found.setdefault((building, room), []).append(_Home(*home))
    return found


def _entrances(asked: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    pairs = sorted(set(asked))
    with connection.cursor() as cursor:
        cursor.execute(
            _ENTRANCES, {"buildings": [pair[0] for pair in pairs], "numbers": [pair[1] for pair in pairs]}
        )
        return {(building, number): entrance for building, number, entrance in cursor.fetchall()}
