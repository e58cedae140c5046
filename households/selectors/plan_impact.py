"""What a plan changes for households: who moves from where to where, and what follows from it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from django.utils import timezone

from gis_grids.drafts import SCOPE
from gis_grids.levels import PostKind
from gis_grids.models import Post
from gis_grids.personal import shown
from gis_grids.selectors.hierarchy import listed
from households.models import Building
from households.permissions import named_roots, register_roots
from households.selectors.census import Census
from households.selectors.coverage import visible
from households.selectors.drafts import COUNTED, tally, units_of
from households.selectors.plan_cuts import cut_buildings, cut_compounds
from households.selectors.register import dwelling_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from numpy.typing import NDArray

    from gis_grids.drafts import Draft, Zone
    from gis_grids.drafts.comparison import Comparison
    from gis_grids.levels import Level
    from gis_grids.permissions import Scope
    from households.selectors.drafts import Homes
    from households.selectors.plan_cuts import Cut

    Staffing = frozenset[tuple[str, int | None, bool]]
    """The posts of a zone: kind, holder, whether a deputy."""

_MATRIX = 4
"""So many of `COUNTED` are in the matrix: where the place is known from doesn't matter for it."""


@dataclass(frozen=True, slots=True)
class NamedMove:
    """A household that a plan moves, as its reader may see it; from and to are keys of leaves, "": beyond."""

    household_id: int
    householder: str
    phone: str
    address: str
    building: str
    source: str
    target: str
    is_named: bool


def impact(comparison: Comparison) -> dict[str, Any]:
    """Return what a plan changes for households, as plain JSON without personal data: a hook.

    ``levels``: for each level, from the top down, the households before, those that keep their zone (and
    the share of them), ``matrix``, from → to, for the zones that anybody leaves or enters, and ``moves``, the
    ids of who changes the zone, by from and to. ``moves`` beside them are those between leaves.
    ``buildings`` are those whose notice board changes, and ``groups`` those that have a hub household, or a
    steward, on one side only: how many [before, after]. ``split_buildings`` and ``split_compounds`` are
    those that several zones of the plan share. Zones are told by the plan's keys, "" is beyond the scope;
    ``names`` has what they are called.
    """
    census = comparison.once(Census.of)
    staff = [_staff(draft, comparison.at) for draft in (comparison.before, comparison.after)]
    return {
        "levels": [_level(census, level) for level in _levels(comparison)],
        "moves": _moves(census, census.before, census.after),
        "buildings": _notice_boards(census, staff),
        "groups": _groups(census, staff),
        "split_buildings": [
            _cut(cut) | {"households": cut.households} for cut in comparison.once(cut_buildings)
        ],
        "split_compounds": [_cut(cut) for cut in comparison.once(cut_compounds)],
        "names": {
            key: zone.name for key, zone in {**comparison.before.zones, **comparison.after.zones}.items()
        },
    }


def named_moves(
    scope: Scope, moves: Iterable[Mapping[str, Any]], *, in_clear: bool = False
) -> list[NamedMove]:
    """Return the households of a report's ``moves`` that a person may read of.

    Names and telephone numbers are masked; ``in_clear`` those under a post that keeps the register are not,
    which is recorded (`households.services.access`).
    """
    way = {id_: (move["from"], move["to"]) for move in moves for id_ in move["households"]}
    now = timezone.now()
    roots = named_roots(scope) if in_clear else frozenset()
    named = set(visible(roots, now).filter(pk__in=way.keys()).values_list("pk", flat=True))
    rows = visible(register_roots(scope), now).filter(pk__in=way.keys()).select_related("dwelling__building")
    return [
        NamedMove(
            household_id=row.pk,
            householder=shown("households.Household.householder", row.householder, in_clear=row.pk in named),
            phone=shown("households.Household.phone", row.phone, in_clear=row.pk in named),
            address=row.address,
            building=str(row.dwelling.building) if row.dwelling else "",
            source=way[row.pk][0],
            target=way[row.pk][1],
            is_named=row.pk in named,
        )
        for row in rows.order_by("pk")
    ]


# --- from and to ---------------------------------------------------------------------------------------


def _levels(comparison: Comparison) -> list[Level]:
    both = {*comparison.before.levels, *comparison.after.levels}
    return sorted(both, key=lambda level: level.depth)


def _level(census: Census, level: Level) -> dict[str, Any]:
    before, after = census.on_level(level)
    pairs, which = _pairs(before, after)
    counts = tally(which, census.rows, len(pairs))[:, :_MATRIX].tolist()
    moving = {key for pair in pairs if pair[0] != pair[1] for key in pair}
    households = sum(row[0] for (source, _target), row in zip(pairs, counts, strict=True) if source != SCOPE)
    keeping = sum(row[0] for (source, target), row in zip(pairs, counts, strict=True) if source == target)
    return {
        "level": level.value,
        "households": households,
        "keeping": keeping,
        "share": round(keeping / households, 4) if households else 1.0,
        "matrix": [
            {"from": source, "to": target} | dict(zip(COUNTED, row, strict=False))
            for (source, target), row in zip(pairs, counts, strict=True)
            if source in moving or target in moving
        ],
        "moves": _moves(census, before, after),
    }


def _pairs(before: Homes, after: Homes) -> tuple[list[tuple[str, str]], NDArray[np.int64]]:
    """Return the different pairs of from and to, and the number of each household's pair (-1: in none)."""
    width = len(after.keys) + 1
    pairs, which = np.unique((before.index + 1) * width + after.index + 1, return_inverse=True)
    sources, targets = [SCOPE, *before.keys], [SCOPE, *after.keys]
    ways = [(sources[pair // width], targets[pair % width]) for pair in pairs.tolist()]
    if ways and ways[0] == (SCOPE, SCOPE):
        return ways[1:], which - 1
    return ways, which


def _moves(census: Census, before: Homes, after: Homes) -> list[dict[str, Any]]:
    pairs, which = _pairs(before, after)
    order = np.argsort(which, kind="stable")
    groups = np.split(census.rows["id"][order], np.searchsorted(which[order], np.arange(len(pairs) + 1)))[
        1:-1
    ]
    return [
        {"from": source, "to": target, "households": sorted(ids.tolist())}
        for (source, target), ids in zip(pairs, groups, strict=True)
        if source != target
    ]


# --- what follows ----------------------------------------------------------------------------------------


def _notice_boards(census: Census, staff: list[dict[str, Staffing]]) -> list[dict[str, Any]]:
    """Return the buildings above which a zone, its name, its code or its staff changes."""
    before, after = census.comparison.before, census.comparison.after
    old, new = (
        {key: [_sign(zone, staff[n]) for zone in draft.chain(key)] for key in draft.leaves}
        for n, draft in enumerate((before, after))
    )
    changed = {
        int(id_): (source, target)
        for id_, source, target in zip(
            census.buildings["id"], census.built_before.zones(), census.built.zones(), strict=True
        )
        if old.get(source) != new.get(target)
    }
    whose = dwelling_in(census.rows, list(changed))
    households = np.bincount(whose + 1, minlength=len(changed) + 1)[1:].tolist()
    names = {pk: name or code for pk, name, code in _names(changed)}
    return [
        {"id": pk, "name": names[pk], "from": source, "to": target, "households": size}
        for (pk, (source, target)), size in zip(changed.items(), households, strict=True)
    ]


def _names(building_ids: Iterable[int]) -> Iterable[tuple[int, str, str]]:
    return Building.objects.filter(pk__in=building_ids).values_list("pk", "name", "code")


def _sign(zone: Zone, staff: Mapping[str, Staffing]) -> tuple[object, ...]:
    """Return what a notice board says of a zone."""
    return zone.key, zone.name, zone.code, staff[zone.key]


def _staff(draft: Draft, at: datetime) -> dict[str, Staffing]:
    """Return the posts of each zone: as planned, or as they are at a time."""
    held: defaultdict[int | None, set[tuple[str, int | None, bool]]] = defaultdict(set)
    posts = Post.objects.filter(unit__in=listed(units_of(draft.zones.values())), term__contains=at)
    for unit, kind, holder, is_deputy in posts.values_list("unit", "kind", "holder", "is_deputy"):
        held[unit].add((kind, holder, is_deputy))
    return {
        key: frozenset(held[zone.unit_id])
        if zone.staff is None
        else frozenset((one.kind.value, one.holder, one.is_deputy) for one in zone.staff)
        for key, zone in draft.zones.items()
    }


def _groups(census: Census, staff: list[dict[str, Staffing]]) -> list[dict[str, Any]]:
    """Return the groups that have a hub household, or a building steward, on one side only."""
    zones, before, after = census.groups()
    hub = COUNTED.index("hub_households")
    hubs = [{key: int(n[hub]) for key, n in homes.tally(census.rows).items()} for homes in (before, after)]
    found = []
    for key in zones:
        had_hubs, has_hubs = (side.get(key, 0) for side in hubs)
        had_stewards, has_stewards = (_stewards(side.get(key, frozenset())) for side in staff)
        if bool(had_hubs) != bool(has_hubs) or bool(had_stewards) != bool(has_stewards):
            found.append({"key": key, "hubs": [had_hubs, has_hubs], "stewards": [had_stewards, has_stewards]})
    return found


def _stewards(staffing: Staffing) -> int:
    return sum(kind == PostKind.BUILDING_STEWARD and holder is not None for kind, holder, _deputy in staffing)


def _cut(cut: Cut) -> dict[str, Any]:
    return {"id": cut.id, "name": cut.name, "zones": list(cut.zones)}
