"""Notice boards of an area: what hangs at each, and whether it still says what is so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.contrib.gis.db.models.functions import PointOnSurface, Transform
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import NotFound
from gis_grids.models import UnitVersion
from gis_grids.selectors import current_versions, descendant_ids
from households.models import BoardHanging, BoardPrint, Building, NoticeBoard
from households.selectors.board_contents import Content, contents

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

#: Boundaries that differ by less ground than this are the same: a neighbour's new vertex moves millimetres.
_SAME_M2 = 1.0


class BoardState(StrEnum):
    """Whether what hangs at a board is so."""

    MISSING = "missing"
    OUTDATED = "outdated"
    CURRENT = "current"
    NO_UNIT = "no_unit"


class Change(StrEnum):
    """Why a board is to be hung anew."""

    PERSON = "person"
    CONTACT = "contact"
    BOUNDARY = "boundary"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A board with what it is to say, what hangs there, and how the two differ.

    ``content`` is None where the board has no unit any more; ``hanging`` where nothing hangs.
    """

    board: NoticeBoard
    content: Content | None
    hanging: BoardHanging | None
    changes: tuple[Change, ...]

    @property
    def place(self) -> str:
        """What the board's place is called."""
        return self.content.place if self.content else str(self.board.building or self.board.unit)

    @property
    def state(self) -> BoardState:
        """Whether what hangs there is so."""
        if self.content is None:
            return BoardState.NO_UNIT
        if self.hanging is None:
            return BoardState.MISSING
        return BoardState.OUTDATED if self.changes else BoardState.CURRENT


def boards_below(roots: Collection[int], when: datetime | None = None) -> QuerySet[NoticeBoard]:
    """Return the boards wanted in the subtrees: those of units, and at buildings that stand there."""
    at = when or timezone.now()
    ground = UnitVersion.objects.filter(
        unit__in=roots, valid__contains=at, boundary_3857__covers=OuterRef("building__spot_3857")
    )
    mine = NoticeBoard.objects.filter(Q(unit__in=descendant_ids(roots, at)) | Exists(ground), struck_on=None)
    return mine.select_related("unit", "building").defer(
        "building__footprint", "building__footprint_3857", "building__spot_3857"
    )


def access_board(roots: Collection[int], board_id: int) -> NoticeBoard:
    """Return a board of the subtrees. Raises `NotFound` ("board.unknown")."""
    found = boards_below(roots).filter(pk=board_id).first()
    if found is None:
        raise NotFound("board.unknown", _("There is no such notice board."))
    return found


def access_print(roots: Collection[int], print_id: int) -> BoardPrint:
    """Return a print that was asked for of a unit in the subtrees. Raises `NotFound` ("board.no_print")."""
    found = BoardPrint.objects.filter(pk=print_id, unit__in=descendant_ids(roots)).first()
    if found is None:
        raise NotFound("board.no_print", _("There is no such print."))
    return found


def hanging_photo(roots: Collection[int], hanging_id: int) -> bytes:
    """Return by which SHA-256 the photo of a hanging is kept. Raises `NotFound` ("board.no_photo")."""
    boards = boards_below(roots)
    found = BoardHanging.objects.filter(pk=hanging_id, sheet__board__in=boards, photo__isnull=False).first()
    if found is None or found.photo is None:
        raise NotFound("board.no_photo", _("There is no such photo."))
    return bytes(found.photo)


def board_rows(boards: Sequence[NoticeBoard], when: datetime | None = None) -> list[BoardRow]:
    """Return the boards with their states, by unit and place; some ten queries for all of them."""
    said, hanging = contents(boards, when), _hangings(boards)
    pairs = {
        board_id: (hanging[board_id].sheet.content["version_id"], content.version_id)
        for board_id, content in said.items()
        if board_id in hanging
    }
    moved = _differing(pairs.values())
    rows = []
    for board in boards:
        content, hung = said.get(board.pk), hanging.get(board.pk)
        changes: tuple[Change, ...] = ()
        if content and hung:
            was = Content.of(hung.sheet.content)
            changes = tuple(_changes(was, content, is_moved=pairs[board.pk] in moved))
        rows.append(BoardRow(board, content, hung, changes))
    return sorted(rows, key=_by_unit_and_place)


def spots_of(boards: Iterable[NoticeBoard]) -> dict[int, tuple[float, float]]:
    """Return where each board is (lon, lat): in its building, or in its unit."""
    buildings: dict[int, int] = {}
    units: dict[int, int] = {}
    for board in boards:
        if board.building_id:
            buildings[board.building_id] = board.pk
        elif board.unit_id:
            units[board.unit_id] = board.pk
    placed = Building.objects.filter(pk__in=buildings).annotate(spot=Transform("spot_3857", 4326))
    found = {buildings[pk]: (spot.x, spot.y) for pk, spot in placed.values_list("pk", "spot")}
    drawn = current_versions().filter(unit__in=units).annotate(spot=PointOnSurface("boundary"))
    return found | {units[pk]: (spot.x, spot.y) for pk, spot in drawn.values_list("unit", "spot")}


def _hangings(boards: Sequence[NoticeBoard]) -> dict[int, BoardHanging]:
    """Return what hangs at each board: the last that was recorded, unless it was taken down."""
    latest = BoardHanging.objects.filter(sheet__board__in=[board.pk for board in boards])
    latest = latest.order_by("sheet__board", "-recorded_at", "-pk").distinct("sheet__board")
    return {each.sheet.board_id: each for each in latest.select_related("sheet") if not each.taken_down_on}


def _changes(was: Content, now: Content, *, is_moved: bool) -> Iterable[Change]:
    people, before = ([(p.code, p.kind, p.is_deputy, p.name) for p in said.people] for said in (now, was))
    if people != before:
        yield Change.PERSON
    elif [one.contact for one in now.people] != [one.contact for one in was.people]:
        yield Change.CONTACT
    if is_moved:
        yield Change.BOUNDARY
    if _names(was) != _names(now) or _is_renamed(was, now):
        yield Change.NAME


def _names(said: Content) -> tuple[str, str, str, tuple[str, ...]]:
    return said.place, said.code, said.unit, said.above


def _is_renamed(was: Content, now: Content) -> bool:
    before = {one.code: one.unit for one in was.people}
    return any(before.get(one.code, one.unit) != one.unit for one in now.people)


def _differing(pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return those pairs of versions of boundaries that have other ground; one that is gone has."""
    asked = sorted({pair for pair in pairs if pair[0] != pair[1]})
    if not asked:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_SAME_GROUND, [[a for a, _b in asked], [b for _a, b in asked], _SAME_M2])
        return set(asked) - set(cursor.fetchall())


_SAME_GROUND = """
SELECT pair.a, pair.b
FROM unnest(%s::bigint[], %s::bigint[]) AS pair (a, b)
JOIN gis_grids_unitversion old ON old.id = pair.a
JOIN gis_grids_unitversion new ON new.id = pair.b
WHERE old.boundary = new.boundary
OR ST_Area(ST_SymDifference(old.boundary, new.boundary)::geography) <= %s
"""


def _by_unit_and_place(row: BoardRow) -> tuple[str, bool, str, int]:
    code = row.content.code if row.content else ""
    return code, row.board.building_id is not None, row.place, row.board.pk
