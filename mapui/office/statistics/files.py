"""The statistics as a workbook, a CSV file or a PDF."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, Final, cast

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from gis_grids.sheets import Sheet, write_csv, write_xlsx
from mapui.office.cases.export import FILE_TYPES
from mapui.office.statistics.asked import BY_LABELS
from mapui.pages.printing import pdf_of
from mapui.pages.spans import cut

if TYPE_CHECKING:
    from gis_grids.sheets import Value
    from incidents.selectors.performance import InTime, Times
    from mapui.office.statistics.asked import Asked
    from mapui.office.statistics.lines import Line, Statistics

PDF: Final = "application/pdf"


def attachment(name: str, content_type: str) -> HttpResponse:
    """Return an empty answer that is stored as a file."""
    return HttpResponse(
        content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def table_file(kind: str, asked: Asked, found: Statistics) -> HttpResponse:
    """Return the table as a file of one of the kinds of `FILE_TYPES`."""
    response = attachment(file_name(asked, kind), FILE_TYPES[kind])
    rows = [_row(line) for line in (*found.lines, found.total)]
    sheet = Sheet(title=_("Figures"), headings=_headings(asked), rows=rows)
    file = cast("IO[bytes]", response)
    if kind == "xlsx":
        write_xlsx(file, [sheet])
    else:
        write_csv(file, sheet)
    return response


def paper(asked: Asked, context: dict[str, Any]) -> HttpResponse:
    """Return the page's charts, map and table on paper. Raises `PrinterAway`."""
    response = attachment(file_name(asked, "pdf"), PDF)
    response.write(pdf_of(render_to_string("office/statistics/paper.html", context)))
    return response


def file_name(asked: Asked, kind: str) -> str:
    """Return what the file is called."""
    return f"figures-{asked.first:%Y%m%d}-{asked.last:%Y%m%d}.{kind}"


def _headings(asked: Asked) -> list[str]:
    timed = [_("Collection"), _("Collection, offline"), _("Feedback"), _("Handling"), _("Resolution")]
    return [
        str(BY_LABELS[asked.by]),
        _("Cases"),
        _("Households"),
        _("Cases per 1,000 households"),
        *(heading for name in timed for heading in (_("%s: median, s") % name, _("%s: p90, s") % name)),
        *(_("%s: in time, %%") % name for name in timed[2:]),
        _("Reopened, %"),
        _("Satisfaction"),
        _("Ratings"),
    ]


def _row(line: Line) -> list[Value]:
    row = line.figures
    times: list[Times] = [row.collection, row.collection_offline, row.feedback, row.handling, row.resolution]
    kept: list[InTime] = [row.feedback_in_time, row.handling_in_time, row.resolution_in_time]
    return [
        line.name,
        _("fewer than five") if line.is_hidden else row.cases,
        line.households,
        _rounded(line.per_1000, 1),
        *(value for each in times for value in (_rounded(each.median_s), _rounded(each.p90_s))),
        *(_cut(each.rate) for each in kept),
        _cut(row.reopen_rate),
        _rounded(row.public_satisfaction, 2),
        None if line.is_hidden else row.ratings,
    ]


def _rounded(value: float | None, digits: int = 0) -> float | None:
    return None if value is None else round(value, digits)


def _cut(share: float | None) -> float | None:
    return None if share is None else cut(share)
