"""Notice boards: where they are to hang, the sheets that are printed for them, and what hangs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, NotFound
from gis_grids.permissions import OFFICE, scope_of
from gis_grids.selectors import ancestors, current_versions, descendant_ids
from gis_grids.services.texts import clean_text
from households.models import BoardHanging, BoardSheet, NoticeBoard
from households.permissions import HANGERS
from households.selectors.board_contents import contents
from households.selectors.boards import access_board
from households.selectors.cares import houses_in

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from django.contrib.auth.models import AbstractBaseUser

    from gis_grids.levels import Level

_LONGEST_NOTE: Final = 200
_BATCH: Final = 1000


@transaction.atomic
def plan_boards(*, actor: AbstractBaseUser, unit_id: int, level: Level | None) -> int:
    """Want a board for each unit of a level in a unit's subtree, or at each inhabited building (None).

    Those that are there stay as they are; return how many are new. Raises `NotFound` ("board.no_unit").
    """
    over = ancestors([unit_id]).get(unit_id, ())
    if scope_of(actor).roots(OFFICE).isdisjoint(over):
        raise NotFound("board.no_unit", _("There is no such unit in your area."))
    today = timezone.localdate()
    if level is None:
        houses = houses_in(unit_id).values_list("pk", flat=True)
        wanted = [NoticeBoard(building_id=pk, since=today) for pk in houses]
        again = NoticeBoard.objects.filter(building__in=[board.building_id for board in wanted])
    else:
        units = current_versions().filter(unit__in=descendant_ids([unit_id]), depth=level.depth)
        wanted = [NoticeBoard(unit_id=pk, since=today) for pk in units.values_list("unit", flat=True)]
        again = NoticeBoard.objects.filter(unit__in=[board.unit_id for board in wanted])
    there = again.count()
    revived = again.exclude(struck_on=None).update(struck_on=None, since=today)
    NoticeBoard.objects.bulk_create(wanted, batch_size=_BATCH, ignore_conflicts=True)
    return len(wanted) - there + revived


@transaction.atomic
def strike_board(*, actor: AbstractBaseUser, board_id: int) -> None:
    """Want a board no longer; what hung there stays as history. Raises `NotFound` ("board.unknown")."""
    access_board(scope_of(actor).roots(OFFICE), board_id)
    NoticeBoard.objects.filter(pk=board_id).update(struck_on=timezone.localdate())


@transaction.atomic
def issue_sheets(*, actor: AbstractBaseUser, boards: Sequence[NoticeBoard]) -> list[BoardSheet]:
    """Return a sheet of today's content for each board, in their order: the last one, if it says the same.

    What a sheet says is for everybody to know: who may see a board may print it. Boards are the caller's to
    find within the reader's area (`boards_below`); one without a unit gets no sheet.
    """
    said = contents(boards)
    latest = BoardSheet.objects.filter(board__in=said).order_by("board", "-at", "-pk").distinct("board")
    last = {sheet.board_id: sheet for sheet in latest}
    sheets = []
    for board in boards:
        if board.pk not in said:
            continue
        content = said[board.pk].as_json()
        sheet = last.get(board.pk)
        if sheet is None or _as_stored(content) != sheet.content:
            sheet = BoardSheet.objects.create(board=board, by_id=actor.pk, content=content)
        sheet.board = board
        sheets.append(sheet)
    return sheets


def _as_stored(content: object) -> object:
    """Return it as JSON gives it back: with lists for tuples."""
    if isinstance(content, dict):
        return {name: _as_stored(value) for name, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [_as_stored(value) for value in content]
    return content


@transaction.atomic
def record_hanging(  # noqa: PLR0913 - what a hanging consists of
    *,
    actor: AbstractBaseUser,
    board_id: int,
    sheet_id: int,
    hung_on: dt.date,
    photo: bytes | None = None,
    note: str = "",
) -> BoardHanging:
    """Record that a sheet hangs at its board since a day; ``photo`` is the SHA-256 under which it is kept.

    Raises `NotFound` ("board.unknown", "board.no_sheet"), `BadInput` ("board.not_yet", "text.*").
    """
    access_board(scope_of(actor).roots(HANGERS), board_id)
    sheet = BoardSheet.objects.filter(pk=sheet_id, board=board_id).first()
    if sheet is None:
        raise NotFound("board.no_sheet", _("There is no such sheet of this board. Print one first."))
    if hung_on > timezone.localdate() or hung_on < timezone.localdate(sheet.at):
        raise BadInput(
            "board.not_yet", _("A sheet hangs from the day of its print on, until today at the latest.")
        )
    return BoardHanging.objects.create(
        sheet=sheet, hung_on=hung_on, by_id=actor.pk, photo=photo, note=clean_text(note, limit=_LONGEST_NOTE)
    )


@transaction.atomic
def take_down(*, actor: AbstractBaseUser, board_id: int, on: dt.date) -> BoardHanging:
    """Record that nothing hangs at a board any more since a day.

    Raises `NotFound` ("board.unknown"), `Conflict` ("board.nothing_hangs"), `BadInput` ("board.not_yet").
    """
    access_board(scope_of(actor).roots(HANGERS), board_id)
    hangings = BoardHanging.objects.select_for_update(of=("self",)).filter(sheet__board=board_id)
    hanging = hangings.first()
    if hanging is None or hanging.taken_down_on:
        raise Conflict("board.nothing_hangs", _("Nothing hangs at this board."))
    if not hanging.hung_on <= on <= timezone.localdate():
        raise BadInput("board.not_yet", _("Give a day since it was hung, until today."))
    hanging.taken_down_on = on
    hanging.save(update_fields=["taken_down_on"])
    return hanging
