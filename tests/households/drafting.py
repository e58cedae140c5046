"""Drafts out of the stored units, and changes to them, without the services of plans."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import shapely

from gis_grids.drafts import SCOPE, Draft, Edit, Zone
from gis_grids.levels import Level
from tests.factories import shape_of

if TYPE_CHECKING:
    from gis_grids.models import Unit


def key(unit: Unit) -> str:
    return f"u{unit.pk}"


def draft_of(scope: Unit) -> Draft:
    """Return what lies below a unit of a town as a draft that changes nothing."""
    zones: dict[str, Zone] = {}
    _gather(scope, SCOPE, zones)
    return Draft(zones, shape_of(scope), scope.versions.get().name)


def _gather(unit: Unit, parent: str, zones: dict[str, Zone]) -> None:
    versions = unit.child_versions.filter(valid__upper_inf=True).select_related("unit").order_by("unit__code")
    for version in versions:
        child = version.unit
        is_leaf = not child.child_versions.filter(valid__upper_inf=True).exists()
        zones[key(child)] = Zone(
            key=key(child),
            level=Level(child.level),
            parent=parent,
            name=version.name,
            shape=shape_of(child) if is_leaf else None,
            unit_id=child.pk,
            code=child.code,
        )
        _gather(child, key(child), zones)


def merged(draft: Draft, keep: Unit, *others: Unit) -> Draft:
    """Return the draft after other leaves have been merged into one."""
    gone = [key(unit) for unit in others]
    parts = [draft.zones[each].shape for each in (key(keep), *gone)]
    kept = replace(draft.zones[key(keep)], shape=shapely.coverage_union_all(parts))
    return changed(draft, kept, without=gone)


def changed(draft: Draft, *zones: Zone, without: list[str] = ()) -> Draft:
    """Return the draft with these zones in place of those of the same keys, and without others."""
    before = {k: draft.zones[k] for k in (*without, *(zone.key for zone in zones)) if k in draft.zones}
    return draft.with_zones(Edit(before, {zone.key: zone for zone in zones}))
