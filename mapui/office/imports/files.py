"""Workbooks of imports: an empty one to be filled in, and the rows that stayed out with remarks."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Final, cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gis_grids.errors import RateLimited
from gis_grids.sheets import Sheet, write_xlsx
from households.models import ImportRun
from households.selectors.imports import access_import
from households.services.imports.kinds import KINDS
from households.services.imports.mending import rows_to_mend
from mapui.office.doors import register_page
from mapui.office.imports.shown import said_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest

    from gis_grids.sheets import Value
    from households.models import ImportRow

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@register_page
@require_safe
def import_template(_request: HttpRequest, kind: str) -> HttpResponse:
    """Send the headings of a kind of table, to be filled in."""
    if kind not in KINDS or KINDS[kind].is_map:
        raise Http404
    is_english = (get_language() or "").startswith("en")
    headings = [column.headings[is_english] for column in KINDS[kind].columns]
    title = str(dict(ImportRun.Kind.choices)[kind])
    return _answer(f"{kind}.xlsx", Sheet(title=title, headings=headings, rows=[]))


@register_page
@require_POST
def import_rows(request: HttpRequest, run_id: int) -> HttpResponse:
    """Send the rows that stay out, as they came, each with what is wrong with it: mend them, import them."""
    person = cast("User", request.user)
    run = access_import(person, run_id)
    try:
        rows = rows_to_mend(actor=person, run_id=run_id)
    except RateLimited as error:
        messages.error(request, str(error))
        return redirect("office_import", run_id=run_id)
    headings = run.layout.get("headings", [])
    told = (_told(row, cells, len(headings)) for row, cells in rows)
    sheet = Sheet(title=_("Rows"), headings=[*headings, _("Row in the file"), _("Remarks")], rows=told)
    return _answer(f"import-{run.pk}-rows.xlsx", sheet)


def _told(row: ImportRow, cells: list[str], width: int) -> list[Value]:
    findings = said_of(row.findings)
    remarks = [f"{each.column}: {each.sentence}" if each.column else each.sentence for each in findings]
    return [*cells[:width], *[""] * (width - len(cells)), row.number, "\n".join(remarks)]


def _answer(name: str, sheet: Sheet) -> HttpResponse:
    response = HttpResponse(
        content_type=_XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
    write_xlsx(cast("IO[bytes]", response), [sheet])
    return response
