"""Who drew what in a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gis_grids.models import PlanOperation
from gis_grids.selectors.plans import may
from gis_grids.services.plans.drawing import UNDO
from mapui.planning.shown import deed_shown

if TYPE_CHECKING:
    from gis_grids.models import Plan
    from gis_grids.permissions import Scope

PAGE: Final = 100


def history(plan: Plan, reader: Scope, before: int | None = None) -> list[dict[str, Any]]:
    """Return the operations before a number (default: the last ones), the latest first, without shapes."""
    operations = PlanOperation.objects.filter(plan=plan).select_related("author", "undoes", "undone_by")
    if before is not None:
        operations = operations.filter(seq__lt=before)
    can_draw = may(reader, plan).draw
    rows = operations.order_by("-seq").defer(
        "before",
        "after",
        "undoes__before",
        "undoes__after",
        "undone_by__before",
        "undone_by__after",
    )
    return [_entry(row, can_draw=can_draw) for row in rows[:PAGE]]


def _entry(row: PlanOperation, *, can_draw: bool) -> dict[str, Any]:
    by = getattr(row, "undone_by", None)
    undone_by = by.seq if by else None
    return {
        **deed_shown(row),
        "zones": row.zones,
        "undoes": row.undoes.seq if row.undoes else None,
        "undone_by": undone_by,
        "may_undo": can_draw and undone_by is None and row.kind not in {UNDO, "copy", "restore", "sync"},
    }
