"""Which column is which, by headings that people wrote, merged, or put under a title."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from gis_grids.sheets.lines import Cell

_NOISE = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Headings:
    """Where the columns are: by key their place from 0, and the heading as it stands.

    ``height`` rows of the sheet's top belong to the headings and what is above; ``row`` is the last one's
    number. ``texts`` are all headings by their places. ``twice`` is one whose column is there before.
    """

    places: Mapping[str, int]
    shown: Mapping[str, str]
    texts: tuple[str, ...]
    unknown: tuple[str, ...]
    twice: str
    height: int
    row: int


def find_headings(
    top: Sequence[tuple[int, Sequence[Cell]]], columns: Mapping[str, Collection[str]]
) -> Headings | None:
    """Return the headings among the first rows: those by which most columns are known; None if none is."""
    keys = {plain(name): key for key, names in columns.items() for name in names}
    best: Headings | None = None
    for height in range(1, len(top) + 1):
        number, cells = top[height - 1]
        lower = _texts(cells)
        upper = _texts(top[height - 2][1]) if height > 1 else []
        for names in ([[text] for text in lower], list(_joined(upper, lower))):
            found = _headings(names, keys, height, number)
            if found.places and (best is None or len(found.places) > len(best.places)):
                best = found
    return best


def plain_headings(top: Sequence[tuple[int, Sequence[Cell]]]) -> Headings | None:
    """Return the first row with more than one text as headings of which none is known; None if none has."""
    for height, (number, cells) in enumerate(top, start=1):
        texts = _texts(cells)
        if sum(map(bool, texts)) > 1:
            return _headings([[text] for text in texts], {}, height, number)
    return None


def missing_columns(
    found: Headings | None, columns: Mapping[str, Collection[str]], required: Collection[str]
) -> list[str]:
    """Return the first name of each required column that is not there."""
    there = found.places if found else {}
    return [next(iter(columns[key])) for key in required if key not in there]


def _texts(cells: Sequence[Cell]) -> list[str]:
    return ["" if cell.value is None else str(cell.value).strip() for cell in cells]


def _joined(upper: Sequence[str], lower: Sequence[str]) -> Iterator[list[str]]:
    """Yield what each column of two rows may be called; an upper cell counts to the right until the next."""
    over = ""
    for place in range(max(len(upper), len(lower))):
        above = upper[place] if place < len(upper) else ""
        own = lower[place] if place < len(lower) else ""
        over = above or over
        yield [f"{over} {own}", own] if own else [above]


def _headings(names: Sequence[Sequence[str]], keys: Mapping[str, str], height: int, row: int) -> Headings:
    places: dict[str, int] = {}
    shown: dict[str, str] = {}
    unknown, twice = [], ""
    for place, tried in enumerate(names):
        known = next((name for name in tried if plain(name) in keys), None)
        if known is None:
            unknown += [tried[-1]] if any(tried) else []
            continue
        key = keys[plain(known)]
        if key in places:
            twice = known
        else:
            places[key], shown[key] = place, known
    return Headings(
        places=places,
        shown=shown,
        texts=tuple(tried[0] for tried in names),
        unknown=tuple(unknown),
        twice=twice,
        height=height,
        row=row,
    )


def plain(text: str) -> str:
    """Return a heading without what doesn't matter: case, width, blanks and punctuation."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).casefold())
