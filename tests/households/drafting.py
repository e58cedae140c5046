"""Drafts out of the stored units, and changes to them, without the services of plans."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import shapely
from django.utils import timezone

from gis_grids.drafts import Draft, Edit, Zone
from gis_grids.selectors.plans import base_draft

if TYPE_CHECKING:
    from gis_grids.models import Unit


def key(unit: Unit) -> str:
    return f"u{unit.pk}"


def draft_of(scope: Unit) -> Draft:
    """Return what lies below a unit as a draft that changes nothing."""
    return base_draft(scope.pk, timezone.now())


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
