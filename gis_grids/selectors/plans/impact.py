"""What a plan changes: its zones before and after, and the parts of the report that each floor makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gis_grids import hooks
from gis_grids.selectors.plans.figures import figures_of
from gis_grids.selectors.plans.streets import street_metres
from gis_grids.selectors.plans.workers import workers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gis_grids.drafts import Draft, Zone
    from gis_grids.drafts.comparison import Comparison, Figures


def impact_report(compared: Comparison) -> dict[str, Any]:
    """Return the report on a plan beside today, or beside another plan: plain JSON, without personal data.

    ``zones`` are those that differ, each with its figures before and after; ``workers`` those whose zones or
    households change; then one section for each floor (`gis_grids.hooks.plan_impacts`). A published plan has
    its report frozen in the publication.
    """
    return {"zones": _zones(compared), "workers": workers(compared)} | {
        section: part(compared) for section, part in hooks.plan_impacts.items()
    }


def _zones(compared: Comparison) -> list[dict[str, Any]]:
    keys, both = compared.changed, (compared.before, compared.after)
    figures = [figures_of(draft, keys, compared.at, compared.norms, compared) for draft in both]
    was, now = _with_streets(both, figures)
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


def _with_streets(drafts: Iterable[Draft], figures: Sequence[Figures]) -> list[Figures]:
    """Return the figures of both sides with ``street_m``: metres of border along streets."""
    shapes = [draft.shape_of(key) for draft, side in zip(drafts, figures, strict=True) for key in side]
    metres = iter(street_metres(shapes))
    return [
        {key: {**numbers, "street_m": round(next(metres))} for key, numbers in side.items()}
        for side in figures
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
