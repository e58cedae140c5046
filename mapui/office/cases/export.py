"""The chosen cases as a file: as many as were chosen, with names only for who reads them on the screen."""

from __future__ import annotations

import logging
from typing import IO, TYPE_CHECKING, Final, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_grids.levels import Level
from gis_grids.sheets import Sheet, write_csv, write_xlsx
from incidents.models import CLOCK_LABELS, PRIORITY_LABELS, STATE_LABELS
from incidents.selectors.case_list import count_cases, each_case
from incidents.selectors.clock_states import LIMITED
from mapui.faces import OFFICE, face_required
from mapui.office.cases.query import read_query

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from django.contrib.auth.models import User
    from django.http import HttpRequest

    from gis_grids.sheets import Value
    from incidents.selectors.case_list import CaseRow

MOST_ROWS: Final = 50_000
FILE_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
log = logging.getLogger(__name__)


@require_safe
@never_cache
@face_required(OFFICE)
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """Send the chosen cases as a workbook or a CSV file; more than `MOST_ROWS` are refused, not cut off."""
    if kind not in FILE_TYPES:
        raise Http404
    asked, user = read_query(request.GET), cast("User", request.user)
    if count_cases(user, asked.chosen, most=MOST_ROWS) > MOST_ROWS:
        sentence = _("A file holds no more than %(most)s cases. Narrow the choice, for example by days.")
        messages.error(request, sentence % {"most": f"{MOST_ROWS:,}"})
        return redirect(f"{reverse('office_cases')}?{urlencode(asked.given)}")
    found = each_case(user, asked.chosen, asked.sort, is_descending=asked.is_descending, limit=MOST_ROWS)
    name = f"cases-{timezone.localtime():%Y%m%d-%H%M}.{kind}"
    response = HttpResponse(
        content_type=FILE_TYPES[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
    file = cast("IO[bytes]", response)
    sheet = Sheet(title=_("Cases"), headings=_headings(), rows=map(_row, found))
    if kind == "xlsx":
        write_xlsx(file, [sheet])
    else:
        write_csv(file, sheet)
    log.info("cases exported as %s by user %s: %s bytes", kind, user.pk, len(response.content))
    return response


def _headings() -> list[str]:
    clocks = [str(CLOCK_LABELS[clock]) for clock in LIMITED]
    return [
        _("Number"), _("Received"), _("Matter"), _("Class"), _("Priority"), _("State"), _("Community"),
        _("Grid"), _("Text"), _("Resident"), _("Assignee"), _("Escalated to"),
        *(heading for clock in clocks for heading in (_("%s: due") % clock, _("%s: done") % clock)),
        _("Rating"),
    ]  # fmt: skip


def _row(row: CaseRow) -> list[Value]:
    card = row.card
    return [
        card.number,
        timezone.localtime(card.received_at),
        row.matter.name,
        row.matter.get_matter_class_display(),
        str(PRIORITY_LABELS[card.priority]),  # type: ignore[index]
        str(STATE_LABELS[card.state]),  # type: ignore[index]
        next((link.name for link in row.chain if link.level == Level.COMMUNITY), ""),
        card.unit_name,
        row.text,
        _("yes") if card.is_by_resident else "",
        row.assignee.name if row.assignee else "",
        row.escalated_name,
        *_clocks(card),
        row.rating,
    ]


def _clocks(card: object) -> Iterator[dt.datetime | None]:
    for clock, name in LIMITED.items():
        for at in (getattr(card, f"{name}_due_at"), getattr(card, clock.value)):
            yield timezone.localtime(at) if at else None
