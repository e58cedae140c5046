"""The units and versions that a plan makes: what begins, changes and ends at its time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import compress
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.db import connection
from django.db.models.functions import Lower

from gis_grids.drafts import SCOPE
from gis_grids.drafts.matching import cover_same
from gis_grids.geometry.codes import in_code_order, next_codes
from gis_grids.levels import PostKind
from gis_grids.models import Post, Unit, UnitVersion
from gis_grids.models.ranges import until
from gis_grids.models.shapes import as_multipolygons, from_stored, to_ewkb
from gis_grids.selectors.hierarchy import listed
from gis_grids.services.plans.borders import aligned, along_border, write_vertices
from gis_grids.services.plans.guards import code_taken
from gis_grids.services.posts import end_post, set_post

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from shapely import MultiPolygon

    from gis_grids.drafts import Draft, Zone
    from gis_grids.models import Plan

_BEGIN: Final = "COPY gis_grids_unitversion (unit_id, parent_id, name, depth, valid, boundary) FROM STDIN"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A version as the plan wants it; ``shape`` is lon/lat."""

    unit_id: int
    parent_id: int
    name: str
    depth: int
    shape: MultiPolygon


@dataclass(frozen=True, slots=True)
class _Stored:
    """A version in force; ``since`` is when it began."""

    pk: int
    parent_id: int | None
    name: str
    since: datetime
    shape: MultiPolygon


class Rewrite:
    """Everything that publishing a plan writes about units; `write` does it, inside the transaction."""

    def __init__(self, plan: Plan, before: Draft, after: Draft, at: datetime) -> None:
        self.plan = plan
        self.before = before
        self.at = at
        self.after, self._gaining = aligned(after, along_border(before, plan.scope_id, at))
        self.unit_of: dict[str, int] = {}
        """The unit of each zone that goes on or begins, by key."""
        self.renumbered: dict[int, int] = {}
        """For the units that get a new code, and so end: which unit each is now."""
        self.begun: set[int] = set()
        """The units of which a version begins, be it for another name or parent alone."""

    def write(self) -> set[int]:
        """Write units, versions and posts; return the units whose boundary was made, changed or ended."""
        renumbered = self._name_units()
        self.renumbered = {unit: self.unit_of[key] for key, unit in renumbered.items()}
        former = {zone.unit_id for zone in self.before.zones.values() if zone.unit_id is not None}
        ended = former - set(self.unit_of.values())
        changed = self._write_versions(ended)
        write_vertices(self._gaining)
        self._write_posts(ended)
        return changed

    # --- identities --------------------------------------------------------------------------------

    def _name_units(self) -> dict[str, int]:
        """Make the units that begin, with their codes; return the former units of those renumbered."""
        renumbered: dict[str, int] = {}
        scope_code = Unit.objects.get(pk=self.plan.scope_id).code
        codes = {SCOPE: scope_code}
        new: list[Zone] = []
        for zone in sorted(self.after.zones.values(), key=lambda zone: zone.level.depth):
            known = self.before.zones.get(zone.key)
            if zone.unit_id is not None and (known is None or known.code == zone.code):
                self.unit_of[zone.key] = zone.unit_id
                codes[zone.key] = zone.code
                continue
            if zone.unit_id is not None:
                renumbered[zone.key] = zone.unit_id
            new.append(zone)
        for depth in sorted({zone.level.depth for zone in new}):
            self._make_units([zone for zone in new if zone.level.depth == depth], codes)
        return renumbered

    def _make_units(self, zones: list[Zone], codes: dict[str, str]) -> None:
        """Make the units of one level; those without a code are numbered under their parent (field.md 2a)."""
        wanted = [zone.code for zone in zones if zone.code]
        taken = set(Unit.objects.filter(code__in=wanted).values_list("code", flat=True))
        taken |= {code for code in wanted if wanted.count(code) > 1}
        if taken:
            raise code_taken(min(taken))
        codes.update({zone.key: zone.code for zone in zones if zone.code})
        by_parent: dict[str, list[Zone]] = {}
        for zone in zones:
            if not zone.code:
                by_parent.setdefault(zone.parent, []).append(zone)
        for parent, unnumbered in by_parent.items():
            prefix = codes[parent]
            used = {*Unit.objects.filter(code__startswith=prefix).values_list("code", flat=True), *wanted}
            order = in_code_order([self.after.shape_of(zone.key) for zone in unnumbered])
            given = next_codes(prefix, len(unnumbered), used=used)
            codes.update({unnumbered[n].key: code for n, code in zip(order, given, strict=True)})
        units = Unit.objects.bulk_create([Unit(code=codes[zone.key], level=zone.level) for zone in zones])
        self.unit_of.update({zone.key: unit.pk for zone, unit in zip(zones, units, strict=True)})

    # --- versions ----------------------------------------------------------------------------------

    def _write_versions(self, ended: set[int]) -> set[int]:
        stored = _stored({*self.unit_of.values(), *ended}, self.at)
        wanted = self._wanted()
        keeping = _keeping(wanted, stored)
        begin, end, reshaped = [], [stored[unit] for unit in ended], set(ended)
        for version in wanted:
            former = stored.get(version.unit_id)
            if version.unit_id not in keeping:
                reshaped.add(version.unit_id)
                begin.append(version)
            elif former and (former.name, former.parent_id) != (version.name, version.parent_id):
                begin.append(replace(version, shape=former.shape))
            else:
                continue
            if former is not None:
                end.append(former)
        self._end(end)
        self.begun = {version.unit_id for version in begin}
        self._begin(self._going_on(begin) if any(version.since == self.at for version in end) else begin)
        return reshaped

    def _going_on(self, wanted: Sequence[_Wanted]) -> list[_Wanted]:
        """Let versions that would have ended now go on where that is wanted; return what is to begin."""
        units = listed(version.unit_id for version in wanted)
        ended = {
            was.unit_id: was for was in UnitVersion.objects.filter(unit__in=units, valid__endswith=self.at)
        }
        alike = [
            new
            for new in wanted
            if (was := ended.get(new.unit_id)) and (was.parent_id, was.name) == (new.parent_id, new.name)
        ]
        shapes = [cast("MultiPolygon", from_stored(ended[new.unit_id].boundary)) for new in alike]
        same = cover_same(shapes, [new.shape for new in alike])
        going_on = {ended[new.unit_id].pk: new for new in compress(alike, same)}
        UnitVersion.objects.filter(pk__in=listed(going_on)).update(valid=until("valid", None))
        write_vertices({pk: new.shape for pk, new in going_on.items()})
        kept = {new.unit_id for new in going_on.values()}
        return [new for new in wanted if new.unit_id not in kept]

    def _wanted(self) -> list[_Wanted]:
        zones = self.after.zones.values()
        shapes = as_multipolygons([self.after.shape_of(zone.key) for zone in zones])
        units = {SCOPE: self.plan.scope_id, **self.unit_of}
        return [
            _Wanted(units[zone.key], units[zone.parent], zone.name, zone.level.depth, shape)
            for zone, shape in zip(zones, shapes, strict=True)
        ]

    def _end(self, versions: list[_Stored]) -> None:
        """End versions; one that would begin just now has never been."""
        unmade = [version.pk for version in versions if version.since == self.at]
        if unmade:
            UnitVersion.objects.filter(pk__in=unmade).delete()
        rest = [version.pk for version in versions if version.since != self.at]
        UnitVersion.objects.filter(pk__in=listed(rest)).update(valid=until("valid", self.at))

    def _begin(self, versions: Sequence[_Wanted]) -> None:
        valid = f"[{self.at.isoformat()},)"
        shapes = to_ewkb(_array([version.shape for version in versions]))
        with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(_BEGIN) as copy:
            for new, shape in zip(versions, shapes, strict=True):
                copy.write_row((new.unit_id, new.parent_id, new.name, new.depth, valid, shape))

    # --- posts -------------------------------------------------------------------------------------

    def _write_posts(self, ended: set[int]) -> None:
        """End the posts of units that end, set those that the plan names; a new code takes them along."""
        open_posts = Post.objects.filter(term__contains=self.at, term__upper_inf=True)
        for post in open_posts.filter(unit__in=ended).order_by("pk"):
            end_post(post_id=post.pk, at=self.at)
            if post.unit_id in self.renumbered:
                self._set_post(
                    self.renumbered[post.unit_id], post.kind, post.holder_id, is_deputy=post.is_deputy
                )
        for key, zone in self.after.zones.items():
            if zone.staff is not None:
                self._staff(self.unit_of[key], zone)

    def _staff(self, unit: int, zone: Zone) -> None:
        wanted = {(one.kind.value, one.holder, one.is_deputy) for one in zone.staff or ()}
        held = {
            (post.kind, post.holder_id, post.is_deputy): post.pk
            for post in Post.objects.filter(unit=unit, term__contains=self.at, term__upper_inf=True)
        }
        for post in held.keys() - wanted:
            end_post(post_id=held[post], at=self.at)
        for kind, holder, is_deputy in sorted(wanted - held.keys(), key=str):
            self._set_post(unit, kind, holder, is_deputy=is_deputy)

    def _set_post(self, unit: int, kind: str, holder: int | None, *, is_deputy: bool) -> None:
        set_post(unit_id=unit, kind=PostKind(kind), holder_id=holder, is_deputy=is_deputy, since=self.at)


def _stored(unit_ids: Collection[int], at: datetime) -> dict[int, _Stored]:
    """Lock and return the versions of units that are in force at a time, by unit."""
    versions = UnitVersion.objects.select_for_update().filter(unit__in=listed(unit_ids), valid__contains=at)
    columns = ("unit_id", "pk", "parent_id", "name", Lower("valid"), AsWKB("boundary"))
    rows = list(versions.order_by("pk").values_list(*columns))
    shapes = shapely.from_wkb([bytes(row[-1]) for row in rows])
    return {
        unit: _Stored(pk, parent, name, since, shape)
        for (unit, pk, parent, name, since, _wkb), shape in zip(rows, shapes, strict=True)
    }


def _keeping(wanted: Sequence[_Wanted], stored: Mapping[int, _Stored]) -> set[int]:
    """Return the units whose ground is the same, vertex by vertex."""
    known = [version for version in wanted if version.unit_id in stored]
    mine, theirs = _array([v.shape for v in known]), _array([stored[v.unit_id].shape for v in known])
    same = shapely.equals_exact(shapely.normalize(mine), shapely.normalize(theirs))
    return {version.unit_id for version, is_same in zip(known, same, strict=True) if is_same}


def _array(shapes: Sequence[MultiPolygon]) -> Any:  # noqa: ANN401 - shapely takes and gives arrays
    return np.array(shapes, dtype=object)
