"""Open cases under a plan: how many each zone would have, and which would go to somebody else.

The rule is that of `incidents.services.rehoming`, told beforehand: a case whose unit is the one that its
place lies in goes with the ground; what somebody moved elsewhere stays there as long as that unit lasts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import shapely
from django.contrib.auth import get_user_model
from django.contrib.gis.db.models.functions import AsWKB, PointOnSurface
from django.contrib.gis.geos import Polygon
from django.db.models import Exists, OuterRef, Q

from gis_grids.drafts import SCOPE
from gis_grids.models import Post, UnitVersion
from gis_grids.people import name_of
from gis_grids.permissions import PLANNERS
from gis_grids.selectors import leaf_versions
from gis_grids.selectors.hierarchy import listed
from households.selectors.drafts import LeafCoverage, units_of
from incidents.models import Incident
from incidents.models.incidents import case_number
from incidents.workflow import ENDED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from gis_grids.drafts import Draft
    from gis_grids.drafts.comparison import Comparison, Figures


def zone_figures(
    draft: Draft, keys: Collection[str], at: datetime, compared: Comparison | None = None
) -> Figures:
    """Tell how many ``open_cases`` each of these zones would have: a hook of the ground floor."""
    if compared is None:
        owners = _owners_near(draft, keys, at)
    else:
        docket = compared.once(_Docket.of)
        owners = docket.after if draft is compared.after else docket.before
    counts = Counter(zone.key for owner in owners if owner for zone in draft.chain(owner))
    return {key: {"open_cases": counts[key]} for key in keys}


def _owners_near(draft: Draft, keys: Collection[str], at: datetime) -> list[str]:
    """Return who would have each of the cases that concern these zones."""
    leaves = [leaf for key in keys for leaf in draft.leaves_of(key)]
    if not leaves:
        return []
    cases = _cases(shapely.total_bounds([leaf.shape for leaf in leaves]), _units_within(draft, keys), at)
    return _owners(draft, cases, at)


def impact(comparison: Comparison) -> dict[str, Any]:
    """Return the open cases that would have another owner, as plain JSON: a hook of the ground floor.

    ``open`` is how many there are in the scope. ``moving`` has of each its number, its matter ("" for one
    that is private), from and to which zone ("": beyond the scope), who has it (``assignee``), who holds
    the posts of the two zones, and whether it may stay where it is (``may_stay``) if the plan so chooses.
    Where its own zone stays, and one above changes, it is those above that are told.
    """
    before, after, at = comparison.before, comparison.after, comparison.at
    docket = comparison.once(_Docket.of)
    ways = list(zip(docket.before, docket.after, strict=True))
    own = {pk for pk, way in zip(docket.cases.ids, ways, strict=True) if way[0] != way[1]}
    pairs = [_parting(before, after, *way) for way in ways]
    moving = {pk: pair for pk, pair in zip(docket.cases.ids, pairs, strict=True) if pair}
    had = _people(before, {way[0] for way in moving.values()}, at)
    has = _people(after, {way[1] for way in moving.values()}, at)
    rows = Incident.objects.filter(pk__in=moving).select_related("matter", "assignee").order_by("pk")
    return {
        "open": sum(way != (SCOPE, SCOPE) for way in ways),
        "moving": [
            {
                "number": case_number(row.pk, row.received_at),
                "matter": "" if row.matter.is_private else row.matter.name,
                "from": moving[row.pk][0],
                "to": moving[row.pk][1],
                "assignee": name_of(row.assignee) if row.assignee else "",
                "people_before": had[moving[row.pk][0]],
                "people_after": has[moving[row.pk][1]],
                "may_stay": row.pk in own and moving[row.pk][0] in after.zones,
            }
            for row in rows
        ],
    }


def _parting(before: Draft, after: Draft, source: str, target: str) -> tuple[str, str] | None:
    """Return the lowest zones that have a case and aren't the same, if any."""
    if source != target:
        return source, target
    if source == SCOPE:
        return None
    levels = [{zone.level: zone.key for zone in draft.chain(source)} for draft in (before, after)]
    above = [(levels[0][level], levels[1][level]) for level in levels[0] if level in levels[1]]
    return next((pair for pair in reversed(above) if pair[0] != pair[1]), None)


@dataclass(frozen=True, slots=True)
class _Cases:
    """Open cases: their ids, units and places (lon/lat), and whether each has its unit by its place."""

    ids: Sequence[int]
    units: Sequence[int]
    by_place: Sequence[bool]
    places: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Docket:
    """The open cases of a comparison's ground and units, and who would have each, before and after."""

    cases: _Cases
    before: list[str]
    after: list[str]

    @classmethod
    def of(cls, comparison: Comparison) -> _Docket:
        before, after, at = comparison.before, comparison.after, comparison.at
        units = units_of([*before.zones.values(), *after.zones.values()])
        cases = _cases(np.array(after.ground.bounds), units, at)
        return cls(cases, _owners(before, cases, at), _owners(after, cases, at))


def _cases(bounds: NDArray[np.float64], unit_ids: Collection[int], at: datetime) -> _Cases:
    """Return the open cases in a box, or of these units."""
    box = Polygon.from_bbox(tuple(bounds.tolist()))
    box.srid = 4326
    covering = leaf_versions(at).filter(unit=OuterRef("unit"), boundary__intersects=OuterRef("place"))
    near = Incident.objects.exclude(state__in=ENDED).filter(
        Q(place__bboverlaps=box) | Q(unit__in=listed(unit_ids))
    )
    found = near.annotate(is_there=Exists(covering)).order_by("pk")
    rows = list(found.values_list("pk", "unit", "is_there", "outside_m", AsWKB("place")))
    return _Cases(
        ids=[row[0] for row in rows],
        units=[row[1] for row in rows],
        by_place=[row[2] or row[3] is not None for row in rows],
        places=shapely.get_coordinates(cast("Any", shapely.from_wkb([bytes(row[4]) for row in rows]))),
    )


def _owners(draft: Draft, cases: _Cases, at: datetime) -> list[str]:
    """Return the key of the zone that would have each case, `SCOPE` for none of the scope."""
    key_of = {zone.unit_id: key for key, zone in draft.zones.items() if zone.unit_id is not None}
    covering = LeafCoverage.of(draft).homes(cases.places[:, 0], cases.places[:, 1]).zones()
    ended = _in_scope(draft, set(cases.units) - key_of.keys(), at)
    owners = []
    for unit, by_place, place in zip(cases.units, cases.by_place, covering, strict=True):
        if by_place:
            owners.append(place or key_of.get(unit, SCOPE))
        else:
            owners.append(place if unit in ended else key_of.get(unit, SCOPE))
    return owners


def _in_scope(draft: Draft, unit_ids: Collection[int], at: datetime) -> set[int]:
    """Return those of the units that lie in the scope, below it, and so end with the draft."""
    if not unit_ids or not draft.levels:
        return set()
    below = UnitVersion.objects.filter(
        unit__in=unit_ids, valid__contains=at, depth__gte=draft.levels[0].depth
    )
    points = below.values_list("unit", AsWKB(PointOnSurface("boundary")))
    return {unit for unit, point in points if draft.ground.intersects(shapely.from_wkb(bytes(point)))}


def _units_within(draft: Draft, keys: Iterable[str]) -> set[int]:
    return units_of(zone for key in keys for zone in draft.below(key))


def _people(draft: Draft, keys: Collection[str], at: datetime) -> dict[str, list[str]]:
    """Return the names of who holds a post in each of the zones themselves, as planned or as it is."""
    zones = [draft.zones[key] for key in keys if key in draft.zones]
    held: defaultdict[int | None, list[int]] = defaultdict(list)
    posts = Post.objects.filter(unit__in=units_of(zones), term__contains=at, holder__isnull=False)
    for unit, holder in (
        posts.exclude(kind__in=PLANNERS).order_by("is_deputy", "pk").values_list("unit", "holder")
    ):
        held[unit].append(holder)
    holders = {
        zone.key: held[zone.unit_id]
        if zone.staff is None
        else [one.holder for one in zone.staff if one.holder]
        for zone in zones
    }
    people = get_user_model().objects.in_bulk({holder for own in holders.values() for holder in own})
    return {key: [name_of(people[holder]) for holder in dict.fromkeys(holders.get(key, ()))] for key in keys}
