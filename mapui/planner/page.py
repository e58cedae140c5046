"""What the planner's pages are given; all else their scripts ask of the interface (docs/planner.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse

from gis_grids.levels import Level
from gis_grids.models import Plan
from gis_grids.people import name_of
from gis_grids.permissions import PLANNERS
from gis_grids.selectors import chains, descendant_ids, tree
from mapui.faces import PLANNER
from mapui.pages.data import extent
from mapui.tiles import tile_sources

if TYPE_CHECKING:
    from datetime import datetime

    from gis_grids.permissions import Scope


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan in the list; ``place`` is the scope with what it lies in, from the top down."""

    id: int
    title: str
    status: str
    status_name: str
    level: str
    place: tuple[str, ...]
    author: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ScopeChoice:
    """A unit that a plan may be opened for; ``indent`` shows how deep it lies below the viewer's own."""

    unit_id: int
    name: str
    indent: str
    depth: int


def plans_in_scope(scope: Scope) -> list[PlanRow]:
    """Return the plans whose scope lies below the viewer's posts, the latest first."""
    below = descendant_ids(scope.roots(PLANNER.kinds))
    found = list(Plan.objects.filter(scope__in=below).select_related("author").order_by("-pk"))
    above = chains(plan.scope_id for plan in found)
    return [
        PlanRow(
            id=plan.pk,
            title=plan.title,
            status=plan.status,
            status_name=plan.get_status_display(),
            level=str(Level(plan.level).label),
            place=tuple(link.name for link in above[plan.scope_id][-2:]),
            author=name_of(plan.author),
            created_at=plan.created_at,
        )
        for plan in found
    ]


def plan_in_scope(scope: Scope, plan_id: int) -> Plan:
    """Return the plan, or answer 404 if it isn't there or lies in another's scope."""
    plan = Plan.objects.select_related("scope").filter(pk=plan_id).first()
    if plan is None:
        raise Http404
    chain = chains([plan.scope_id])[plan.scope_id]
    if scope.roots(PLANNER.kinds).isdisjoint(link.unit_id for link in chain):
        raise Http404
    return plan


def form_data(scope: Scope) -> dict[str, Any]:
    """Return what the form that opens a draft offers: nothing to who is no planner."""
    roots = scope.roots(PLANNERS)
    rows = [row for row in tree(roots) if row.children] if roots else []
    top = min((row.level.depth for row in rows), default=0)
    scopes = [
        ScopeChoice(row.unit_id, row.name, "\u2003" * (row.level.depth - top), row.level.depth) for row in rows
    ]
    levels = [(level.value, level.label, level.depth) for level in Level if level.depth > top]
    return {"scopes": scopes, "levels": levels}


def page_data(plan: Plan) -> dict[str, Any]:
    """Return what the map's script needs to begin."""
    here = reverse("planner_plan", args=[plan.pk])
    return {
        "id": plan.pk,
        "api": f"/api/plans/{plan.pk}",
        "socket": f"/ws/plan/{plan.pk}/",
        "tiles": tile_sources(),
        "extent": extent(),
        "time_zone": settings.TIME_ZONE,
        "log_in": f"{reverse('account_login')}?next={here}",
    }
