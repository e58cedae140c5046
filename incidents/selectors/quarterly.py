"""Quarters, and the reports that a person may read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_grids.errors import NotFound
from gis_grids.permissions import scope_of
from gis_grids.selectors import chains, descendant_ids
from incidents.models import QuarterlyReport
from incidents.permissions import may_write_reports

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import QuerySet

    from gis_grids.selectors import ChainLink

_MONTHS: Final = 3
_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a year, 1 to 4."""

    year: int
    number: int

    @classmethod
    def of(cls, day: dt.date) -> Quarter:
        """Return the quarter of a day."""
        return cls(day.year, (day.month - 1) // _MONTHS + 1)

    @property
    def first(self) -> dt.date:
        """The first day."""
        return dt.date(self.year, _MONTHS * (self.number - 1) + 1, 1)

    @property
    def last(self) -> dt.date:
        """The last day."""
        after = self.number % 4 + 1, self.year + self.number // 4
        return dt.date(after[1], _MONTHS * (after[0] - 1) + 1, 1) - _DAY

    @property
    def before(self) -> Quarter:
        """The quarter before."""
        return Quarter.of(self.first - _DAY)

    @property
    def year_before(self) -> Quarter:
        """The same quarter of the year before."""
        return Quarter(self.year - 1, self.number)

    @property
    def name(self) -> str:
        """What people call it."""
        return _("Quarter %(number)s of %(year)s") % {"number": self.number, "year": self.year}


@dataclass(frozen=True, slots=True)
class ReadReport:
    """A report, the chain of its unit from the top down, and whether its reader may write it."""

    report: QuarterlyReport
    chain: tuple[ChainLink, ...]
    may_write: bool

    @property
    def quarter(self) -> Quarter:
        """Its quarter."""
        return Quarter(self.report.year, self.report.quarter)

    @property
    def is_filed(self) -> bool:
        """Whether it is filed, and so neither text nor figures change any more."""
        return self.report.filed_at is not None


def last_quarters(count: int, today: dt.date | None = None) -> list[Quarter]:
    """Return the quarter that runs, and those before it."""
    found = [Quarter.of(today or timezone.localdate())]
    while len(found) < count:
        found.append(found[-1].before)
    return found


def reports_on(user: AbstractBaseUser, quarter: Quarter) -> QuerySet[QuarterlyReport]:
    """Return the reports on a quarter of the units below the user's posts."""
    ours = descendant_ids(scope_of(user).roots())
    reports = QuarterlyReport.objects.filter(unit__in=ours, year=quarter.year, quarter=quarter.number)
    return reports.select_related("unit", "written_by", "filed_by")


def read_report(user: AbstractBaseUser, report_id: int) -> ReadReport:
    """Return a report of a unit below the user's posts.

    Raises `NotFound` (``quarterly.not_found``) alike when there is none and when it is none of his.
    """
    report = (
        QuarterlyReport.objects.select_related("unit", "written_by", "filed_by").filter(pk=report_id).first()
    )
    scope = scope_of(user)
    if report is not None:
        chain = chains([report.unit_id])[report.unit_id]
        if not scope.roots().isdisjoint(link.unit_id for link in chain):
            return ReadReport(report, chain, may_write_reports(scope, chain))
    raise NotFound("quarterly.not_found", gettext_lazy("There is no such report in your area."))
