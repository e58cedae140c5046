"""The boards of a unit on a still map, each by its state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import shapely

from households.selectors.boards import spots_of
from mapui.pages.boards import STATES
from mapui.pages.ground import around
from mapui.pages.pictures import WIDTH, Frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import _StrPromise

    from gis_grids.models import UnitVersion
    from households.selectors.boards import BoardRow, BoardState

_MARGIN: Final = 0.04
#: More boards than these are a cloud of dots, and no map to choose from.
MOST: Final = 800


@dataclass(frozen=True, slots=True)
class Dot:
    """A board on the map: where, in pixels, and its state."""

    board_id: int
    x: float
    y: float
    state: BoardState
    title: str


@dataclass(frozen=True, slots=True)
class BoardMap:
    """What the template draws."""

    width: int
    height: int
    ground: Sequence[tuple[str, str]]
    outline: str
    dots: Sequence[Dot]
    keys: Sequence[tuple[BoardState, _StrPromise]]


def board_map(version: UnitVersion, rows: Sequence[BoardRow]) -> BoardMap | None:
    """Return the map of a unit with its boards; None where there are too many."""
    if len(rows) > MOST:
        return None
    shape = shapely.from_wkb(bytes(version.boundary.wkb))
    frame = Frame(around(shape.bounds, _MARGIN))
    places = spots_of([row.board for row in rows])
    placed = [row for row in rows if row.board.pk in places]
    spots = frame.spots([places[row.board.pk] for row in placed])
    dots = [
        Dot(row.board.pk, x, y, row.state, f"{row.place}: {STATES[row.state]}")
        for row, (x, y) in zip(placed, spots, strict=True)
    ]
    there = {dot.state for dot in dots}
    keys = [(state, label) for state, label in STATES.items() if state in there]
    return BoardMap(WIDTH, frame.height, frame.ground(), frame.paths([shape]), dots, keys)
