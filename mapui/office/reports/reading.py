"""A report with everything that its page, its PDF, its Word file and its one file show alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mapui.office.reports.content import content_of
from mapui.office.reports.frozen import frozen, thawed
from mapui.office.reports.maps import shown_maps
from mapui.office.reports.words import proposed_texts, sections_of
from mapui.office.statistics import charts
from mapui.office.statistics.regions import picture_of
from mapui.office.statistics.tiles import tiles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.contrib.auth.models import AbstractBaseUser

    from gis_grids.permissions import Scope
    from gis_grids.selectors import ChainLink
    from incidents.selectors.quarterly import ReadReport
    from mapui.office.reports.content import Content
    from mapui.office.reports.words import Section
    from mapui.office.statistics.charts import Chart
    from mapui.office.statistics.lines import Line
    from mapui.office.statistics.regions import Regions


_KEPT_S: Final = 60


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the figures: a heading, a chart, and a table of lines."""

    title: str
    chart: Chart
    lines: Sequence[Line]
    is_by_unit: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A report as it is shown."""

    read: ReadReport
    content: Content
    sections: list[Section]
    parts: list[Part]
    maps: list[tuple[str, Regions]]

    @property
    def unit(self) -> ChainLink:
        """The unit, with the name that it has now."""
        return self.read.chain[-1]

    @property
    def title(self) -> str:
        """The heading of the document."""
        return _("%(unit)s: quarterly report") % {"unit": self.unit.name}

    @property
    def file_name(self) -> str:
        """What its files are called, without their kind."""
        quarter = self.read.quarter
        return f"report-{self.unit.code}-{quarter.year}Q{quarter.number}"

    def context(self) -> dict[str, Any]:
        """Return what the templates show."""
        content = self.content
        return {
            "shown": self,
            "report": self.read.report,
            "quarter": self.read.quarter,
            "content": content,
            "tiles": tiles(content.total.figures, content.before),
            "pictures": [(title, picture_of(regions), regions.keys) for title, regions in self.maps],
            "colours": {"in_time": charts.IN_TIME, "late": charts.LATE, "open": charts.OPEN},
            "printed_at": timezone.now(),
        }


def shown_report(
    user: AbstractBaseUser, scope: Scope, read: ReadReport, written: Mapping[str, str] | None = None
) -> Shown:
    """Return a report as it is shown: with the figures of the moment, or those with which it was filed.

    ``written`` are texts that couldn't be stored, by their names.
    """
    report, unit = read.report, read.chain[-1]
    content = thawed(report.figures or _figures_now(user, scope, read))
    proposed = {} if read.is_filed else proposed_texts(content, unit.name, read.quarter)
    return Shown(
        read=read,
        content=content,
        sections=sections_of(report, proposed, written or {}),
        parts=_parts(content),
        maps=shown_maps(content.units, report.filed_at),
    )


def _figures_now(user: AbstractBaseUser, scope: Scope, read: ReadReport) -> dict[str, Any]:
    """Return the figures of a draft; page, maps and files that are opened one after another show the same."""
    key = f"quarterly-{read.report.pk}-{read.report.version}-{get_language()}"
    kept: dict[str, Any] | None = cache.get(key)
    if kept is None:
        kept = frozen(content_of(user, scope, read.chain[-1], read.quarter))
        cache.set(key, kept, _KEPT_S)
    return kept


def _parts(content: Content) -> list[Part]:
    by_unit = Part(_("By unit"), charts.bars(content.units), content.units, is_by_unit=True)
    parts = [
        Part(_("Week by week"), charts.columns(content.weeks), []),
        Part(_("By matter"), charts.bars(content.matters), content.matters),
        Part(_("By class of matters"), charts.bars(content.classes), content.classes),
    ]
    # A unit that has no parts is told by its total.
    return [by_unit, *parts] if len(content.units) > 1 else parts
