"""What a plan changes: its zones before and after, and the parts of the report that each floor makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gis_grids import hooks
from gis_grids.drafts.matching import covers_same
from gis_grids.selectors.plans.drafts import comparison
from gis_grids.selectors.plans.figures import figures_of
from gis_grids.selectors.plans.workers import workers

if TYPE_CHECKING:
    from gis_grids.drafts import Draft, Zone
    from gis_grids.drafts.comparison import Comparison
    from gis_grids.models import Plan


def impact_report(plan: Plan, *, other: Plan | None = None) -> dict[str, Any]:
    """Return the report on a plan beside today, or beside another plan: plain JSON, without personal data.

    ``zones`` are those that differ, each with its figures before and after; ``workers`` those whose zones or
    households change; then one section for each floor (`gis_grids.hooks.plan_impacts`). A published plan has
    its report frozen in the publication.
    """
    compared = comparison(plan, other=other)
    return {"zones": _zones(compared), "workers": workers(compared)} | {
        section: part(compared) for section, part in hooks.plan_impacts.items()
    }


def changed_keys(compared: Comparison) -> list[str]:
    """Return the zones that aren't the same before and after, from the top level down."""
    before, after = compared.before, compared.after
    keys = {**before.zones, **after.zones}
    return [key for key in keys if differs(before, after, key)]


def differs(before: Draft, after: Draft, key: str) -> bool:
    """Tell whether a zone isn't the same before and after: what is said of it, or its ground."""
    was, now = before.zones.get(key), after.zones.get(key)
    if was is None or now is None:
        return True
    if (was.name, was.code, was.parent, was.staff, was.purpose) != (
        now.name,
        now.code,
        now.parent,
        now.staff,
        now.purpose,
    ):
        return True
    # A vertex that a neighbour has put on its border is no change.
    return not covers_same(before.shape_of(key), after.shape_of(key))


def _zones(compared: Comparison) -> list[dict[str, Any]]:
    keys = changed_keys(compared)
    was = figures_of(compared.before, keys, compared.at, compared.norms)
    now = figures_of(compared.after, keys, compared.at, compared.norms)
    order = {zone.key: zone for zone in [*compared.before.zones.values(), *compared.after.zones.values()]}
    ordered = sorted(keys, key=lambda key: (order[key].level.depth, order[key].code, key))
    return [
        {
            "key": key,
            "before": _described(compared.before.zones.get(key), was.get(key)),
            "after": _described(compared.after.zones.get(key), now.get(key)),
        }
        for key in ordered
    ]


def _described(zone: Zone | None, figures: Any) -> dict[str, Any] | None:  # noqa: ANN401 - numbers by name
    if zone is None:
        return None
    return {
        "name": zone.name,
        "code": zone.code,
        "level": zone.level.value,
        "parent": zone.parent,
        "figures": dict(figures or {}),
    }
