"""How units and matters do: times, shares in time, reopened cases, satisfaction. Never by person."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final, cast

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_grids.errors import NotFound
from gis_grids.models import Unit
from gis_grids.selectors import chains
from gis_grids.sheets import Sheet, write_csv, write_xlsx
from incidents.models import Matter
from incidents.selectors.performance import By, performance
from mapui.faces import OFFICE, face_required
from mapui.office.cases.choices import unit_options
from mapui.office.cases.export import FILE_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import User
    from django.http import HttpRequest, QueryDict

    from gis_grids.sheets import Value
    from incidents.selectors.performance import InTime, Performance, PerformanceTable, Times

DEFAULT_DAYS: Final = 30
LONGEST_DAYS: Final = 3 * 366
_FIRST_DAY, _LAST_DAY = dt.date(2000, 1, 1), dt.date(2200, 1, 1)
BY_LABELS: Final = {
    By.UNIT: gettext_lazy("Unit"),
    By.MATTER: gettext_lazy("Matter"),
    By.CLASS: gettext_lazy("Class of matters"),
    By.DAY: gettext_lazy("Day"),
    By.WEEK: gettext_lazy("Week"),
    By.MONTH: gettext_lazy("Month"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A group with its name; ``code`` is that of a unit whose own parts can be looked at."""

    name: str
    code: str
    figures: Performance


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, with what was wrong about it in words."""

    by: By
    first: dt.date
    last: dt.date
    unit: str
    problems: tuple[str, ...]


@require_safe
@never_cache
@face_required(OFFICE)
def figures(request: HttpRequest) -> HttpResponse:
    """Show the figures of a period, or send them as a file (``?file=xlsx``)."""
    user, asked = cast("User", request.user), read(request.GET)
    roots = request.reach.roots()  # type: ignore[attr-defined]  # set by face_required
    # Who has one area wants to see its parts, not the one line that it is.
    only = next(iter(roots)) if len(roots) == 1 else None
    unit_id = Unit.objects.filter(code=asked.unit).values_list("pk", flat=True).first()
    problems = list(asked.problems)
    try:
        table = _table(user, asked, unit_id or only)
    except NotFound as error:
        problems.append(str(error))
        table, unit_id = _table(user, asked, only), None
    lines = list(_lines(table, asked.by))
    kind = request.GET.get("file", "")
    if kind in FILE_TYPES:
        return _file(kind, asked, lines, table.total)
    context = {
        "asked": asked,
        "lines": lines,
        "total": table.total,
        "problems": problems,
        "ways": [(by.value, label) for by, label in BY_LABELS.items()],
        "units": unit_options(request.reach, asked.unit if unit_id else ""),  # type: ignore[attr-defined]
        "unit": asked.unit if unit_id else "",
    }
    return render(request, "office/cases/figures.html", context)


def read(query: QueryDict) -> Asked:
    """Return what the address asks for; what can't be understood is said, and left out."""
    today, problems = timezone.localdate(), []
    last, first = today, today - dt.timedelta(days=DEFAULT_DAYS - 1)
    try:
        last = dt.date.fromisoformat(query.get("to") or str(last))
        first = dt.date.fromisoformat(query.get("from") or str(min(first, last)))
        is_sound = _FIRST_DAY <= first <= last <= _LAST_DAY and (last - first).days <= LONGEST_DAYS
    except ValueError:
        is_sound = False
    if not is_sound:
        problems.append(_("Choose days such as 2026-11-21, the first before the last, within three years."))
        last, first = today, today - dt.timedelta(days=DEFAULT_DAYS - 1)
    by = query.get("by") or By.UNIT
    if by not in set(By):
        problems.append(_("Figures can't be grouped by that; these are by unit."))
        by = By.UNIT
    unit = query.get("unit", "").replace("\x00", "")[:32]
    return Asked(By(by), first, last, unit, tuple(problems))


def _table(user: User, asked: Asked, unit_id: int | None) -> PerformanceTable:
    zone = timezone.get_default_timezone()
    since = dt.datetime.combine(asked.first, dt.time(), zone)
    until = dt.datetime.combine(asked.last, dt.time(), zone) + dt.timedelta(days=1)
    return performance(user, since=since, until=until, by=asked.by, unit_id=unit_id)


def _lines(table: PerformanceTable, by: By) -> Iterable[Line]:
    keys: list[Any] = [group.key for group in table.groups]
    if by is By.UNIT:
        units = {pk: chain[-1] for pk, chain in chains(keys).items()}
        return [Line(units[group.key].name, units[group.key].code, group) for group in table.groups]  # type: ignore[index]
    if by is By.MATTER:
        names = {each.code: each.name for each in Matter.objects.filter(code__in=keys, is_current=True)}
    else:
        names = {each.value: str(each.label) for each in Matter.Class} if by is By.CLASS else {}
    return [Line(str(names.get(key, key)), "", group) for key, group in zip(keys, table.groups, strict=True)]


def _file(kind: str, asked: Asked, lines: Iterable[Line], total: Performance) -> HttpResponse:
    name = f"figures-{asked.first:%Y%m%d}-{asked.last:%Y%m%d}.{kind}"
    response = HttpResponse(
        content_type=FILE_TYPES[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
    rows = [*(_row(line.name, line.figures) for line in lines), _row(_("Total"), total)]
    sheet = Sheet(title=_("Figures"), headings=_headings(asked.by), rows=rows)
    file = cast("IO[bytes]", response)
    if kind == "xlsx":
        write_xlsx(file, [sheet])
    else:
        write_csv(file, sheet)
    return response


def _headings(by: By) -> list[str]:
    timed = [_("Collection"), _("Collection, offline"), _("Feedback"), _("Handling"), _("Resolution")]
    return [
        str(BY_LABELS[by]),
        _("Cases"),
        *(heading for name in timed for heading in (_("%s: median, s") % name, _("%s: p90, s") % name)),
        *(_("%s: in time, %%") % name for name in timed[2:]),
        _("Reopened, %"),
        _("Satisfaction"),
        _("Ratings"),
    ]


def _row(name: str, row: Performance) -> list[Value]:
    times: list[Times] = [row.collection, row.collection_offline, row.feedback, row.handling, row.resolution]
    kept: list[InTime] = [row.feedback_in_time, row.handling_in_time, row.resolution_in_time]
    return [
        name,
        row.cases,
        *(value for each in times for value in (_rounded(each.median_s), _rounded(each.p90_s))),
        *(_per_cent(each.rate) for each in kept),
        _per_cent(row.reopen_rate),
        _rounded(row.public_satisfaction, 2),
        row.ratings,
    ]


def _rounded(value: float | None, digits: int = 0) -> float | None:
    return None if value is None else round(value, digits)


def _per_cent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)
