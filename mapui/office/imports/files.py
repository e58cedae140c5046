"""Workbooks of imports: an empty one to be filled in, and the rows that stayed out with remarks."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Final, cast

from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_grids.sheets import Sheet, write_xlsx
from households.models import ImportRun
from households.selectors.imports import access_import
from households.services.imports.kinds import KINDS
from mapui.office.imports.shown import said_of
from mapui.office.imports.views import office_of_register

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.contrib.auth.models import User
    from django.http import HttpRequest

    from gis_grids.sheets import Value

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@never_cache
@office_of_register
@require_safe
def import_template(_request: HttpRequest, kind: str) -> HttpResponse:
    """Send the headings of a kind of table, to be filled in."""
    if kind not in KINDS or KINDS[kind].is_map:
        raise Http404
    is_english = (get_language() or "").startswith("en")
    headings = [column.headings[is_english] for column in KINDS[kind].columns]
    title = str(dict(ImportRun.Kind.choices)[kind])
    return _answer(f"{kind}.xlsx", Sheet(title=title, headings=headings, rows=[]))


@never_cache
@office_of_register
@require_safe
def import_rows(request: HttpRequest, run_id: int) -> HttpResponse:
    """Send the rows that stay out, as they came, each with what is wrong with it: mend them, import them."""
    run = access_import(cast("User", request.user), run_id)
    if not run.layout:
        raise Http404
    headings = [*run.layout["headings"], _("Row in the file"), _("Remarks")]
    return _answer(f"import-{run.pk}-rows.xlsx", Sheet(title=_("Rows"), headings=headings, rows=_rows(run)))


def _rows(run: ImportRun) -> Iterator[Sequence[Value]]:
    width = len(run.layout["headings"])
    for row in run.rows.exclude(cells="").order_by("number").iterator(chunk_size=1000):
        cells = (json.loads(row.cells) + [""] * width)[:width]
        remarks = [
            f"{said.column}: {said.sentence}" if said.column else said.sentence
            for said in said_of(row.findings)
        ]
        yield [*cells, row.number, "\n".join(remarks)]


def _answer(name: str, sheet: Sheet) -> HttpResponse:
    response = HttpResponse(
        content_type=_XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
    write_xlsx(cast("IO[bytes]", response), [sheet])
    return response
