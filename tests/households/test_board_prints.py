"""Prints of many boards: one file, made piece by piece, that can be stopped and done again."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest
from django.core.files.storage import storages
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from gis_grids.errors import LingeError, NotFound
from gis_grids.levels import Level, PostKind
from gis_grids.permissions import SCREENS, scope_of
from households import hooks
from households.models import BoardPrint, BoardSheet
from households.selectors.boards import access_print, boards_below
from households.services.board_prints import (
    KEPT,
    PRINT,
    begin_print,
    make_print,
    remove_old_prints,
    stop_print,
)
from households.services.boards import plan_boards
from tests.factories import UserFactory, make_town, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return make_town()


@pytest.fixture
def community(town):
    return town.units[Level.COMMUNITY][0]


@pytest.fixture
def clerk(community):
    user = UserFactory()
    post(user, community, PostKind.OFFICE_CLERK)
    return user


@pytest.fixture
def printed(monkeypatch):
    """Set an empty page for each sheet, and return what was asked for."""
    asked = []

    def pages(sheets, site, language):
        asked.append(([sheet.board_id for sheet in sheets], site, language))
        made, written = pypdfium2.PdfDocument.new(), BytesIO()
        for _sheet in sheets:
            made.new_page(595, 842)
        made.save(written)
        return written.getvalue()

    monkeypatch.setattr(hooks, "sheet_setters", [pages])
    monkeypatch.setattr("households.services.board_prints.AT_ONCE", 3)
    return asked


def begun(clerk, community):
    plan_boards(actor=clerk, unit_id=community.pk, level=Level.RESIDENT_GROUP)
    boards = list(boards_below([community.pk]).order_by("pk").values_list("pk", flat=True))
    return begin_print(
        actor=clerk, unit_id=community.pk, boards=boards, site="https://linge.example", language="en"
    )


def test_a_community_is_printed_as_one_file_piece_by_piece(clerk, community, printed):
    asked = begun(clerk, community)
    assert ProcrastinateJob.objects.get(task_name=PRINT).args == {"print_id": asked.pk}
    make_print(print_id=asked.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.done, asked.total) == ("done", 8, 8)
    assert [len(boards) for boards, *_more in printed] == [3, 3, 2]
    with storages["media"].open(asked.file) as file:
        assert len(pypdfium2.PdfDocument(file.read())) == 8
    assert BoardSheet.objects.count() == 8
    make_print(print_id=asked.pk)
    assert len(printed) == 3


def test_a_print_is_stopped_between_two_pieces(clerk, community, printed, monkeypatch):
    asked = begun(clerk, community)
    [pages] = hooks.sheet_setters

    def and_stop(*told):
        stop_print(print_id=asked.pk)
        return pages(*told)

    monkeypatch.setattr(hooks, "sheet_setters", [and_stop])
    make_print(print_id=asked.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.file, len(printed)) == ("stopped", "", 1)


def test_a_print_that_fails_says_so(clerk, community, monkeypatch):
    asked = begun(clerk, community)

    def away(*told):
        raise LingeError("printing.away", "This server can't make PDF files yet.")

    monkeypatch.setattr(hooks, "sheet_setters", [away])
    make_print(print_id=asked.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.error) == ("failed", "This server can't make PDF files yet.")


def test_files_of_old_prints_go(clerk, community, printed):
    asked = begun(clerk, community)
    make_print(print_id=asked.pk)
    BoardPrint.objects.update(at=timezone.now() - KEPT - timedelta(days=1))
    name = BoardPrint.objects.get().file
    assert remove_old_prints() == 1
    assert not storages["media"].exists(name)
    assert BoardPrint.objects.get().file == ""


def test_a_print_is_for_who_reads_its_unit(clerk, community, town, printed):
    asked = begun(clerk, community)
    assert access_print(scope_of(clerk).roots(SCREENS), asked.pk) == asked
    with pytest.raises(NotFound):
        access_print([town.units[Level.COMMUNITY][1].pk], asked.pk)
