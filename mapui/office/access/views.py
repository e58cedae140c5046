"""The records of access: searched, gone through page by page, taken along as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from gis_grids.people import name_of
from gis_grids.sheets import Sheet
from households.selectors.access_records import PAGE, access_records
from mapui.faces import ACCESS, face_required
from mapui.office.access.forms import AccessForm, usual_query
from mapui.office.marking import FILE_TYPES, marked_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.http import HttpRequest, HttpResponse

    from gis_grids.sheets import Value
    from households.models import AccessRecord

MOST_ROWS: Final = 50_000
_UNPROCESSABLE: Final = 422


@never_cache
@face_required(ACCESS)
@require_http_methods(["GET", "HEAD", "POST"])
def records(request: HttpRequest) -> HttpResponse:
    """Show who has read what and why, the latest first; what is searched for comes by POST."""
    form = AccessForm(request.POST) if request.method == "POST" else AccessForm()
    if form.is_bound and not form.is_valid():
        return render(request, "office/access/records.html", {"form": form}, status=_UNPROCESSABLE)
    found = access_records(request.reach, form.query() if form.is_bound else usual_query())  # type: ignore[attr-defined]
    before = request.POST.get("before", "")
    rows = list(found.filter(pk__lt=int(before)) if before.isdecimal() else found)[: PAGE + 1]
    context = {"form": form, "rows": rows[:PAGE], "next": rows[PAGE - 1].pk if len(rows) > PAGE else None}
    return render(request, "office/access/records.html", context)


@never_cache
@face_required(ACCESS)
@require_POST
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """Send what was searched for as a workbook or a CSV file; of more than `MOST_ROWS` the latest ones."""
    if kind not in FILE_TYPES:
        raise Http404
    form = AccessForm(request.POST)
    if not form.is_valid():
        return render(request, "office/access/records.html", {"form": form}, status=_UNPROCESSABLE)
    found = access_records(request.reach, form.query())[:MOST_ROWS]  # type: ignore[attr-defined]
    headings = [
        _("At"),
        _("Read by"),
        _("Log-in name"),
        _("What was read"),
        _("Number"),
        _("Named"),
        _("Reason"),
    ]
    sheet = Sheet(title=_("Access records"), headings=headings, rows=_rows(found))
    return marked_file(request, "access", kind, sheet)


def _rows(found: Iterable[AccessRecord]) -> Iterator[list[Value]]:
    for record in found:
        yield [
            timezone.localtime(record.at),
            name_of(record.reader),
            record.reader.get_username(),
            record.get_what_display(),
            record.about or record.detail,
            record.households,
            record.reason,
        ]
