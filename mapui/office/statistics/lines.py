"""The groups of a table of figures, with their names and the way on, and the same days before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils import formats
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gis_grids.models import UnitVersion
from gis_grids.selectors import chains
from gis_grids.small_counts import LEAST, hidden, is_small
from households.selectors import households_below
from incidents.models import Matter
from incidents.selectors.performance import By, performance
from mapui.office.statistics.asked import PERIODS, Measure
from mapui.office.statistics.masking import emptied, masked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from django.contrib.auth.models import AbstractBaseUser

    from gis_grids.permissions import Scope
    from gis_grids.selectors import ChainLink
    from incidents.selectors.performance import Performance, PerformanceTable
    from mapui.office.statistics.asked import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A group: its name, its figures, and for a unit its households (None: not known, or too few).

    ``onward`` is the query of what it consists of, ``cases`` the address of the list of its cases; both may
    be empty. ``short`` is the name where there is little room. ``is_hidden``: its figures are left out, as
    it has too few cases to be published.
    """

    name: str
    figures: Performance
    unit_id: int | None = None
    households: int | None = None
    onward: str = ""
    cases: str = ""
    short: str = ""
    is_hidden: bool = False

    @property
    def per_1000(self) -> float | None:
        """Cases per 1,000 households; None where the households aren't known or there are none."""
        if not self.households or self.is_hidden:
            return None
        return 1000 * self.figures.cases / self.households

    def value(self, measure: Measure) -> float | None:
        """Return what the map shows: None where there is nothing to show."""
        if self.is_hidden:
            return None
        return {
            Measure.PER_1000: self.per_1000,
            Measure.CASES: self.figures.cases,
            Measure.IN_TIME: self.figures.resolution_in_time.rate,
            Measure.REOPENED: self.figures.reopen_rate,
            Measure.SATISFACTION: self.figures.public_satisfaction,
        }[measure]


@dataclass(frozen=True, slots=True)
class Statistics:
    """The lines of what was asked, all of them together, and the same number of days just before."""

    lines: list[Line]
    total: Line
    before: Performance


def statistics(user: AbstractBaseUser, scope: Scope, asked: Asked, unit_id: int | None) -> Statistics:
    """Return the figures of a unit in the user's scope, or of his whole scope.

    Raises `NotFound` (``unit.unknown``) for a unit that isn't in it.
    """
    lines, total = table(user, scope, asked, unit_id)
    found = Statistics(lines, total, total_of(user, asked, asked.span_before, unit_id))
    return _published(found) if asked.is_public else found


def table(user: AbstractBaseUser, scope: Scope, asked: Asked, unit_id: int | None) -> tuple[list[Line], Line]:
    """Return the lines, and all of them together. Raises as `statistics`."""
    since, until = asked.span
    found = performance(user, since=since, until=until, by=asked.by, unit_id=unit_id, matter=asked.matter)
    lines = list(_lines(found, scope, asked, unit_id))
    households = _sum(lines) if asked.by is By.UNIT else None
    return lines, Line(name=_("Total"), figures=found.total, households=households, cases=asked.cases())


def total_of(
    user: AbstractBaseUser, asked: Asked, span: tuple[dt.datetime, dt.datetime], unit_id: int | None
) -> Performance:
    """Return the figures of another span, all together. Raises as `statistics`."""
    since, until = span
    return performance(
        user, since=since, until=until, by=By.CLASS, unit_id=unit_id, matter=asked.matter
    ).total


def _lines(table: PerformanceTable, scope: Scope, asked: Asked, unit_id: int | None) -> Iterable[Line]:
    if asked.by is By.UNIT:
        return _units(table.groups, scope, asked, unit_id)
    if asked.by in PERIODS:
        return _periods(table.groups, asked)
    if asked.by is By.MATTER:
        return _matters(table.groups, asked)
    order = list(Matter.Class)
    return [
        Line(name=str(kind.label), figures=group, cases=asked.cases(**{"class": kind.value}))
        for kind, group in sorted(
            ((Matter.Class(str(group.key)), group) for group in table.groups),
            key=lambda pair: order.index(pair[0]),
        )
    ]


# --- units ---


def _units(groups: Sequence[Performance], scope: Scope, asked: Asked, unit_id: int | None) -> Iterable[Line]:
    """Yield the children of the unit (the units of the posts, without one) in the order of their codes.

    Those without cases too: that there was nothing is a figure.
    """
    figures = {group.key: group for group in groups}
    shown = scope.roots() if unit_id is None else _children(unit_id)
    # What lies in no child, or in one that is no more, is the unit's own.
    shown |= {key for key in figures if isinstance(key, int)}
    above = chains(shown)
    households = _households(shown - {unit_id}, above)
    links = sorted((chain[-1] for chain in above.values()), key=lambda link: link.code)
    parents = set(_parents(shown))
    for link in links:
        is_own = link.unit_id == unit_id
        yield Line(
            name=_("%(unit)s itself") % {"unit": link.name} if is_own else link.name,
            figures=figures.get(link.unit_id) or emptied(link.unit_id),
            unit_id=link.unit_id,
            households=households.get(link.unit_id),
            onward=asked.for_unit(link.code).query if link.unit_id in parents and not is_own else "",
            cases=asked.cases(unit=link.code),
        )


def _households(unit_ids: Collection[int], above: Mapping[int, Sequence[ChainLink]]) -> dict[int, int]:
    """Return the households of each unit without those of another of the units, as cases are counted."""
    counts = households_below(unit_ids)
    alone = dict(counts)
    for unit_id, count in counts.items():
        over = next((link.unit_id for link in reversed(above[unit_id][:-1]) if link.unit_id in alone), None)
        if over is not None:
            alone[over] -= count
    return alone


def _children(unit_id: int) -> set[int]:
    return set(
        UnitVersion.objects.filter(parent=unit_id, valid__contains=_now()).values_list("unit", flat=True)
    )


def _parents(unit_ids: Iterable[int]) -> Iterable[int]:
    below = UnitVersion.objects.filter(parent__in=unit_ids, valid__contains=_now())
    return below.order_by().values_list("parent", flat=True).distinct()


def _sum(lines: Iterable[Line]) -> int | None:
    return sum(line.households or 0 for line in lines) or None


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


# --- matters and periods ---


def _matters(groups: Iterable[Performance], asked: Asked) -> Iterable[Line]:
    """Yield the matters, the most frequent first."""
    groups = sorted(groups, key=lambda group: (-group.cases, str(group.key)))
    names: Mapping[str, str] = {
        matter.code: matter.name
        for matter in Matter.objects.filter(code__in=[group.key for group in groups]).order_by("version")
    }
    for group in groups:
        code = str(group.key)
        yield Line(
            name=names.get(code, code),
            figures=group,
            onward="" if asked.matter else asked.for_matter(code).query,
            cases=asked.cases(matter=code),
        )


def _periods(groups: Iterable[Performance], asked: Asked) -> Iterable[Line]:
    """Yield every period in its order, also those without cases."""
    figures: dict[Any, Performance] = {group.key: group for group in groups}
    first = _begin(asked.first, asked.by)
    while first <= asked.last:
        smaller, last = asked.for_period(first), asked.end_of(first)
        within = {"from": str(max(first, asked.first)), "to": str(min(last, asked.last))}
        yield Line(
            name=_period_name(first, asked.by),
            short=_short_name(first, asked.by),
            figures=figures.get(first) or emptied(),
            onward=smaller.query if smaller else "",
            cases=asked.cases(**within),
        )
        first = last + dt.timedelta(days=1)


def _begin(day: dt.date, by: By) -> dt.date:
    if by is By.MONTH:
        return day.replace(day=1)
    return day - dt.timedelta(days=day.weekday()) if by is By.WEEK else day


def _period_name(first: dt.date, by: By) -> str:
    if by is By.MONTH:
        return formats.date_format(first, "YEAR_MONTH_FORMAT")
    if by is By.WEEK:
        return _("Week from %(day)s") % {"day": formats.date_format(first, "SHORT_DATE_FORMAT")}
    return formats.date_format(first, "SHORT_DATE_FORMAT")


def _short_name(first: dt.date, by: By) -> str:
    # Django's own format of a day and its month writes 09月28日.
    return _period_name(first, by) if by is By.MONTH else format_date(first, pgettext("short date", "j M"))


# --- for publication ---


def _published(found: Statistics) -> Statistics:
    left_out = hidden([line.figures.cases for line in found.lines])
    lines = [
        replace(
            line,
            figures=emptied() if n in left_out else masked(line.figures),
            households=line.households if (line.households or 0) >= LEAST else None,
            cases="",
            is_hidden=n in left_out,
        )
        for n, line in enumerate(found.lines)
    ]
    total = replace(
        found.total,
        figures=masked(found.total.figures),
        cases="",
        is_hidden=is_small(found.total.figures.cases),
    )
    return Statistics(lines, total, masked(found.before))
