"""Which report is asked for: of a plan, on a level, beside today or beside another plan of its scope."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404
from django.utils.translation import gettext as _

from gis_grids.levels import Level
from gis_grids.models import Plan, Publication, UnitVersion
from gis_grids.selectors.plans import comparison, impact_report, plans_of
from mapui.planner.doors import plan_seen
from mapui.planner.sides import Sides

if TYPE_CHECKING:
    from django.http import HttpRequest

    from gis_grids.drafts.comparison import Comparison, Norm
    from gis_grids.permissions import Scope

#: An id of more digits than this is none.
_DIGITS = 9


@dataclass(frozen=True)
class Report:
    """A report as it was asked for. ``data`` is `impact_report`'s, frozen if the plan was published."""

    plan: Plan
    other: Plan | None
    level: Level
    compared: Comparison
    data: dict[str, Any]

    @property
    def is_frozen(self) -> bool:
        """Whether it tells what the publication found, not what would be found today."""
        return self.other is None and self.plan.status == Plan.Status.PUBLISHED

    @property
    def levels(self) -> list[Level]:
        """The levels that either side has zones of, from the top down."""
        found = {*self.compared.before.levels, *self.compared.after.levels}
        return sorted(found, key=lambda level: level.depth)

    @property
    def norm(self) -> Norm | None:
        """How many households a zone of the level should have."""
        return self.compared.norms.get(self.level)

    @cached_property
    def sides(self) -> Sides:
        """The zones of the level on both sides."""
        return Sides(self.compared, self.level)

    @property
    def titles(self) -> tuple[str, str]:
        """What the two sides are called."""
        if self.other is None:
            before = _("Before") if self.is_frozen else _("Today")
            return before, _("By the plan")
        return self.other.title, self.plan.title

    @property
    def scope_name(self) -> str:
        """What the scope is called, at the time on which the plan is based."""
        return scope_name(self.plan)


def read_report(request: HttpRequest, plan: Plan, reader: Scope) -> Report:
    """Return the report that the address asks for: ``with`` another plan's id, ``level``.

    Raises `Http404` for a plan that the reader may not see, or of another scope.
    """
    other = _other(request.GET.get("with", ""), plan, reader)
    compared = comparison(plan, other=other)
    level = _level(request.GET.get("level", ""), plan, compared)
    frozen = Publication.objects.filter(plan=plan).first() if other is None else None
    data = frozen.report if frozen else impact_report(compared)
    return Report(plan, other, level, compared, data)


def comparable(plan: Plan, reader: Scope) -> list[Plan]:
    """Return the other plans of the same scope that the reader may see."""
    return list(plans_of(reader).filter(scope=plan.scope_id).exclude(pk=plan.pk)[:100])


def query_of(report: Report) -> str:
    """Return the part of an address that asks for this report again."""
    asked = {"level": report.level.value} | ({"with": str(report.other.pk)} if report.other else {})
    return urlencode(asked)


def scope_name(plan: Plan) -> str:
    """Return what a plan's scope is called, at the time on which the plan is based."""
    return UnitVersion.objects.get(unit=plan.scope_id, valid__contains=plan.base_at).name


def _other(asked: str, plan: Plan, reader: Scope) -> Plan | None:
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) <= _DIGITS):
        raise Http404
    other = plan_seen(reader, int(asked))
    if other.scope_id != plan.scope_id or other.pk == plan.pk:
        raise Http404
    return other


def _level(asked: str, plan: Plan, compared: Comparison) -> Level:
    levels = {*compared.before.levels, *compared.after.levels}
    if asked in Level.values and Level(asked) in levels:
        return Level(asked)
    wanted = Level(plan.level)
    return wanted if wanted in levels or not levels else max(levels, key=lambda level: level.depth)
