"""What the planner's pages are given; all else their scripts ask of the interface (docs/planner.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

from gis_grids.levels import Level
from gis_grids.people import name_of
from gis_grids.permissions import PLANNERS
from gis_grids.selectors import chains, tree
from gis_grids.selectors.plans import plans_of
from mapui.pages.data import extent
from mapui.tiles import tile_sources

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User

    from gis_grids.models import Plan
    from gis_grids.permissions import Scope


_INDENT = "\u2003"


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


def rows_of(scope: Scope) -> list[PlanRow]:
    """Return the plans that the viewer may see, the latest first."""
    found = list(plans_of(scope))
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


def form_data(scope: Scope) -> dict[str, Any]:
    """Return what the form that opens a draft offers: nothing to who is no planner.

    Down to communities also what has nothing below it yet: that is where a city without grids begins.
    """
    roots = scope.roots(PLANNERS)
    every = tree(roots) if roots else []
    rows = [row for row in every if row.children or row.level.depth <= Level.COMMUNITY.depth]
    top = min((row.level.depth for row in rows), default=0)
    scopes = [
        ScopeChoice(row.unit_id, row.name, "\u2003" * (row.level.depth - top), row.level.depth)
        for row in rows
    ]
    levels = [(level.value, level.label, level.depth) for level in Level if level.depth > top]
    return {"scopes": scopes, "levels": levels}


def page_data(plan: Plan, reader: User) -> dict[str, Any]:
    """Return what the map's script needs to begin; ``me`` is the reader as operations name him."""
    here = reverse("planner_plan", args=[plan.pk])
    return {
        "me": name_of(reader),
        "api": f"/api/plans/{plan.pk}",
        "socket": f"/ws/plan/{plan.pk}/",
        "levels": [{"code": level.value, "name": str(level.label)} for level in Level],
        "tiles": tile_sources(),
        "extent": extent(),
        "time_zone": settings.TIME_ZONE,
        "log_in": f"{reverse('account_login')}?next={here}",
    }
