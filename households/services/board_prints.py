"""Sheets of many boards as one PDF, set by a job: it says how far it is, can be stopped, and done again."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Final

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, LingeError
from gis_grids.permissions import SCREENS, scope_of
from gis_grids.services.queue import enqueue, job
from households import hooks
from households.models import BoardPrint, NoticeBoard
from households.selectors.boards import boards_below
from households.services.boards import issue_sheets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import QuerySet

#: The name of the task that sets a print (`households.jobs`).
PRINT: Final = "households.print_boards"
#: So many sheets are set at once; between them the progress is told, and looked whether it is to stop.
AT_ONCE: Final = 20
#: So many sheets are one print at most: more would be no file to send to a printer.
MOST: Final = 3000
#: So long the file of a print is kept: what was printed is kept as sheets.
KEPT: Final = timedelta(days=7)

_State = BoardPrint.State


class _Stopped(Exception):  # noqa: N818 - not an error
    """Nobody wants the print any more."""


@transaction.atomic
def begin_print(
    *, actor: AbstractBaseUser, unit_id: int, boards: Sequence[int], site: str, language: str
) -> BoardPrint:
    """Have the sheets of boards in a unit set as one file, by a job.

    ``site`` is the address that their codes lead to. Boards that aren't in the actor's area are left out.
    Raises `BadInput` ("board.none", "board.too_many").
    """
    roots = scope_of(actor).roots(SCREENS)
    mine = set(boards_below(roots).filter(pk__in=boards).values_list("pk", flat=True))
    wanted = [pk for pk in boards if pk in mine]
    if not wanted:
        raise BadInput("board.none", _("There is no board to print. Say first where boards are to hang."))
    if len(wanted) > MOST:
        raise BadInput(
            "board.too_many",
            _("At most %(limit)s sheets are one print. Choose a smaller unit."),
            {"limit": MOST},
        )
    asked = BoardPrint.objects.create(
        unit_id=unit_id, boards=wanted, site=site, language=language, by_id=actor.pk, total=len(wanted)
    )
    enqueue([job(PRINT, timezone.now(), print_id=asked.pk)])
    return asked


def stop_print(*, print_id: int) -> None:
    """Set no further sheets of a print; one that is done stays."""
    _running(print_id).update(state=_State.STOPPED)


def make_print(*, print_id: int) -> None:
    """Set the sheets of a print and keep the file. Done again after it broke off, it is one file."""
    asked = BoardPrint.objects.select_related("by").get(pk=print_id)
    if asked.state != _State.RUNNING:
        return
    try:
        file = _set(asked)
    except _Stopped:
        return
    except Exception as error:
        message = str(error) if isinstance(error, LingeError) else str(_("The sheets couldn't be set."))
        _running(print_id).update(state=_State.FAILED, error=message[:300])
        if not isinstance(error, LingeError):
            raise
        return
    name = storages["media"].save(f"boards/{print_id}.pdf", ContentFile(file))
    _running(print_id).update(state=_State.DONE, done=asked.total, file=name)


def _set(asked: BoardPrint) -> bytes:
    """Return the file: set piece by piece, so that hundreds of sheets need no more memory than a few."""
    import pypdfium2  # noqa: PLC0415 - seldom needed, and slow to load

    [set_sheets] = hooks.sheet_setters
    whole = pypdfium2.PdfDocument.new()
    for first in range(0, len(asked.boards), AT_ONCE):
        if not _running(asked.pk).update(done=first):
            raise _Stopped
        found = NoticeBoard.objects.select_related("building", "unit").in_bulk(
            asked.boards[first : first + AT_ONCE]
        )
        boards = [found[pk] for pk in asked.boards[first : first + AT_ONCE] if pk in found]
        sheets = issue_sheets(actor=asked.by, boards=boards)
        if sheets:
            piece = pypdfium2.PdfDocument(set_sheets(sheets, asked.site, asked.language))
            whole.import_pages(piece)
            piece.close()
    if not len(whole):
        raise BadInput("board.none", _("None of these boards has a unit any more. Plan them anew."))
    written = BytesIO()
    whole.save(written)
    whole.close()
    return written.getvalue()


def remove_old_prints() -> int:
    """Remove the files of prints that were kept long enough; return how many."""
    old = BoardPrint.objects.filter(at__lt=timezone.now() - KEPT).exclude(file="")
    for each in old:
        storages["media"].delete(each.file)
        BoardPrint.objects.filter(pk=each.pk).update(file="")
    return len(old)


def _running(print_id: int) -> QuerySet[BoardPrint]:
    return BoardPrint.objects.filter(pk=print_id, state=_State.RUNNING)
