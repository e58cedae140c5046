"""What the address of the statistics asks for, and the addresses that lead on from there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from incidents.models import Matter
from incidents.selectors.performance import By
from mapui.office.cases.query import ALL

if TYPE_CHECKING:
    from django.http import QueryDict
    from django.utils.functional import _StrPromise

DEFAULT_DAYS: Final = 30
LONGEST_DAYS: Final = 3 * 366
_FIRST_DAY, _LAST_DAY = dt.date(2000, 1, 1), dt.date(2200, 1, 1)
_DAY: Final = dt.timedelta(days=1)
BY_LABELS: Final[dict[By, _StrPromise]] = {
    By.UNIT: gettext_lazy("Unit"),
    By.MATTER: gettext_lazy("Matter"),
    By.CLASS: gettext_lazy("Class of matters"),
    By.DAY: gettext_lazy("Day"),
    By.WEEK: gettext_lazy("Week"),
    By.MONTH: gettext_lazy("Month"),
}
PERIODS: Final = frozenset({By.DAY, By.WEEK, By.MONTH})


class Measure(StrEnum):
    """What the map shows of each unit."""

    PER_1000 = "per_1000"
    CASES = "cases"
    IN_TIME = "in_time"
    REOPENED = "reopened"
    SATISFACTION = "satisfaction"


MEASURE_LABELS: Final[dict[Measure, _StrPromise]] = {
    Measure.PER_1000: gettext_lazy("Cases per 1,000 households"),
    Measure.CASES: gettext_lazy("Cases"),
    Measure.IN_TIME: gettext_lazy("Resolved in time"),
    Measure.REOPENED: pgettext_lazy("share", "Reopened"),
    Measure.SATISFACTION: gettext_lazy("Satisfaction"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for: days both included, codes, and in words what was wrong with the address.

    ``is_public``: as it may be hung up or handed out, with small counts left out.
    """

    by: By
    first: dt.date
    last: dt.date
    unit: str = ""
    matter: str = ""
    measure: Measure = Measure.PER_1000
    is_public: bool = False
    problems: tuple[str, ...] = ()

    @property
    def days(self) -> int:
        """How many days are asked for."""
        return (self.last - self.first).days + 1

    @property
    def span(self) -> tuple[dt.datetime, dt.datetime]:
        """The moments from which on and before which, in the district's zone."""
        return _midnight(self.first), _midnight(self.last + _DAY)

    @property
    def span_before(self) -> tuple[dt.datetime, dt.datetime]:
        """The same number of days just before."""
        return _midnight(self.first - self.days * _DAY), _midnight(self.first)

    @property
    def query(self) -> str:
        """The address's query that asks for this."""
        given = {
            "by": self.by.value,
            "unit": self.unit,
            "matter": self.matter,
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "show": "" if self.measure is Measure.PER_1000 else self.measure.value,
            "public": "1" if self.is_public else "",
        }
        return urlencode({name: value for name, value in given.items() if value})

    def for_unit(self, code: str) -> Asked:
        """Return the same for the parts of another unit."""
        return replace(self, by=By.UNIT, unit=code)

    def for_matter(self, code: str) -> Asked:
        """Return the same for one matter, by unit."""
        return replace(self, by=By.UNIT, matter=code)

    def for_period(self, first: dt.date) -> Asked | None:
        """Return the same for the month or week that begins so, in smaller periods; None for a day."""
        smaller = {By.MONTH: By.WEEK, By.WEEK: By.DAY}.get(self.by)
        if smaller is None:
            return None
        last = self.end_of(first)
        return replace(self, by=smaller, first=max(first, self.first), last=min(last, self.last))

    def end_of(self, first: dt.date) -> dt.date:
        """Return the last day of the period (of the kind asked for) that begins with a day."""
        if self.by is By.MONTH:
            return (first.replace(day=1) + 32 * _DAY).replace(day=1) - _DAY
        return first + 6 * _DAY if self.by is By.WEEK else first

    def cases(self, **changes: str) -> str:
        """Return the address of the list of these cases."""
        given = {"state": ALL, "unit": self.unit, "matter": self.matter}
        given |= {"from": self.first.isoformat(), "to": self.last.isoformat()} | changes
        shown = {name: value for name, value in given.items() if value}
        return f"{reverse('office_cases')}?{urlencode(shown)}"


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days with a name, and the query that asks for it."""

    name: str
    query: str
    is_chosen: bool


def read(query: QueryDict) -> Asked:
    """Return what the address asks for; what can't be understood is said, and left out."""
    problems: list[str] = []
    first, last = _days(query, problems)
    by, measure = query.get("by") or By.UNIT, query.get("show") or Measure.PER_1000
    if by not in set(By):
        problems.append(_("Figures can't be grouped by that; these are by unit."))
        by = By.UNIT
    if measure not in set(Measure):
        problems.append(_("The map can't show that; it shows cases per 1,000 households."))
        measure = Measure.PER_1000
    matter = _code(query.get("matter", ""))
    if matter and not Matter.objects.filter(code=matter).exists():
        problems.append(_("There is no such matter; all are shown."))
        matter = ""
    return Asked(
        by=By(by),
        first=first,
        last=last,
        unit=_code(query.get("unit", "")),
        matter=matter,
        measure=Measure(measure),
        is_public=query.get("public") == "1",
        problems=tuple(problems),
    )


def periods(asked: Asked, today: dt.date) -> list[Period]:
    """Return the spans that are asked for most often."""
    month = today.replace(day=1)
    quarter = month.replace(month=3 * ((month.month - 1) // 3) + 1)
    spans = [
        (_("Last 30 days"), today - (DEFAULT_DAYS - 1) * _DAY, today),
        (_("This month"), month, today),
        (_("Last month"), (month - _DAY).replace(day=1), month - _DAY),
        (_("This quarter"), quarter, today),
        (_("Last quarter"), (quarter - 80 * _DAY).replace(day=1), quarter - _DAY),
        (_("This year"), today.replace(month=1, day=1), today),
    ]
    return [
        Period(name, replace(asked, first=first, last=last).query, (first, last) == (asked.first, asked.last))
        for name, first, last in spans
    ]


def _days(query: QueryDict, problems: list[str]) -> tuple[dt.date, dt.date]:
    today = timezone.localdate()
    try:
        last = dt.date.fromisoformat(query.get("to") or str(today))
        first = dt.date.fromisoformat(query.get("from") or str(last - (DEFAULT_DAYS - 1) * _DAY))
        is_sound = _FIRST_DAY <= first <= last <= _LAST_DAY and (last - first).days <= LONGEST_DAYS
    except (ValueError, OverflowError):
        is_sound = False
    if is_sound:
        return first, last
    problems.append(_("Choose days such as 2026-11-21, the first before the last, within three years."))
    return today - (DEFAULT_DAYS - 1) * _DAY, today


def _code(text: str) -> str:
    return text.replace("\x00", "")[:32]


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), timezone.get_default_timezone())
