"""The units and versions that a plan makes: what begins, changes and ends at its time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import shapely
from django.contrib.gis.geos import Polygon
from django.contrib.postgres.fields import DateTimeRangeField
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Func, Value
from django.db.models.functions import Lower

from gis_grids.drafts import SCOPE
from gis_grids.drafts.images import plain
from gis_grids.geometry.codes import in_code_order, next_codes
from gis_grids.geometry.lattice import is_same
from gis_grids.geometry.redraw import Redraw
from gis_grids.levels import PostKind
from gis_grids.models import Post, Unit, UnitVersion
from gis_grids.models.shapes import as_multipolygon, from_stored, to_boundary
from gis_grids.services.plans.guards import code_taken
from gis_grids.services.posts import end_post, set_post

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from shapely import MultiPolygon

    from gis_grids.drafts import Draft, Zone
    from gis_grids.drafts.zones import Shape
    from gis_grids.models import Plan

_BATCH = 500


class Rewrite:
    """Everything that publishing a plan writes about units; `write` does it, inside the transaction."""

    def __init__(self, plan: Plan, before: Draft, after: Draft, at: datetime) -> None:
        self.plan = plan
        self.before = before
        self.at = at
        self._outside = _around(plan, at)
        self.after = _aligned(after, self._outside)
        self.unit_of: dict[str, int] = {}
        """The unit of each zone that goes on or begins, by key."""
        self.renumbered: dict[int, int] = {}
        """For the units that get a new code, and so end: which unit each is now."""

    def write(self) -> set[int]:
        """Write units, versions and posts; return the units whose boundary was made, changed or ended."""
        renumbered = self._name_units()
        self.renumbered = {unit: self.unit_of[key] for key, unit in renumbered.items()}
        former = {zone.unit_id for zone in self.before.zones.values() if zone.unit_id is not None}
        ended = former - set(self.unit_of.values())
        changed = self._write_versions(ended)
        _add_vertices(self.after, self._outside)
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
        stored = {
            version.unit_id: version
            for version in UnitVersion.objects.select_for_update()
            .filter(unit__in={*self.unit_of.values(), *ended}, valid__contains=self.at)
            .order_by("pk")
        }
        begin, end, reshaped = [], [stored[unit] for unit in ended], set(ended)
        for key, zone in self.after.zones.items():
            former = stored.get(self.unit_of[key])
            version = self._version(zone)
            same_ground = former is not None and self._keeps_ground(key, former)
            if (
                former
                and same_ground
                and (former.name, former.parent_id) == (version.name, version.parent_id)
            ):
                continue
            if former is not None:
                end.append(former)
                if same_ground:
                    version.boundary = former.boundary
            if not same_ground:
                reshaped.add(self.unit_of[key])
            begin.append(version)
        self._end(end)
        UnitVersion.objects.bulk_create(begin, batch_size=_BATCH)
        return reshaped

    def _version(self, zone: Zone) -> UnitVersion:
        parent = self.plan.scope_id if zone.parent == SCOPE else self.unit_of[zone.parent]
        return UnitVersion(
            unit_id=self.unit_of[zone.key],
            parent_id=parent,
            name=zone.name,
            boundary=to_boundary(as_multipolygon(self.after.shape_of(zone.key))),
            depth=zone.level.depth,
            valid=DateTimeTZRange(self.at, None),
        )

    def _keeps_ground(self, key: str, former: UnitVersion) -> bool:
        mine = as_multipolygon(self.after.shape_of(key))
        return is_same(mine, from_stored(former.boundary))

    def _end(self, versions: list[UnitVersion]) -> None:
        """End versions; one that would begin just now has never been."""
        unmade = [version.pk for version in versions if version.valid.lower == self.at]
        UnitVersion.objects.filter(pk__in=unmade).delete()
        rest = [version.pk for version in versions if version.valid.lower != self.at]
        until = Func(Lower("valid"), Value(self.at), function="tstzrange", output_field=DateTimeRangeField())
        UnitVersion.objects.filter(pk__in=rest).update(valid=until)

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


def _around(plan: Plan, at: datetime) -> dict[int, Shape]:
    """Return the leaves outside of the scope that touch its box, by the id of their version."""
    scope = UnitVersion.objects.get(unit=plan.scope_id, valid__contains=at)
    box = Polygon.from_bbox(scope.boundary.extent)
    box.srid = 4326
    near = UnitVersion.objects.filter(valid__contains=at, boundary__bboverlaps=box)
    parents = UnitVersion.objects.filter(valid__contains=at, parent__isnull=False).values("parent")
    ground = cast("MultiPolygon", from_stored(scope.boundary))
    shapely.prepare(ground)
    found: dict[int, Shape] = {}
    for pk, boundary in near.exclude(unit__in=parents).values_list("pk", "boundary"):
        shape = plain(cast("MultiPolygon", from_stored(boundary)))
        if shapely.dwithin(shape, ground, _HAIR) and not shapely.contains(
            ground, shapely.point_on_surface(shape)
        ):
            found[pk] = shape
    return found


#: In degrees, a centimetre at most.
_HAIR = 5e-8


def _aligned(draft: Draft, around: Mapping[int, Shape]) -> Draft:
    """Return the draft with the vertices that neighbours outside of the scope have on its border."""
    change = _redraw(draft, around).align()
    zones = {
        key: replace(zone, shape=change.after[key]) if key in change.after else zone
        for key, zone in draft.zones.items()
    }
    return replace(draft, zones=zones)


def _add_vertices(draft: Draft, around: Mapping[int, Shape]) -> None:
    """Give the neighbours outside of the scope the vertices that the plan has put on its border."""
    change = _redraw(draft, around).align()
    for pk in around:
        if (key := f"v{pk}") in change.after:
            boundary = to_boundary(as_multipolygon(change.after[key]))
            UnitVersion.objects.filter(pk=pk).update(boundary=boundary)


def _redraw(draft: Draft, around: Mapping[int, Shape]) -> Redraw:
    border = shapely.boundary(draft.ground)
    shapely.prepare(border)
    at_border = {
        key: zone.shape
        for key, zone in draft.leaves.items()
        if zone.shape is not None and shapely.dwithin(border, zone.shape, _HAIR)
    }
    inner = {
        key: zone.shape
        for key, zone in draft.leaves.items()
        if zone.shape is not None and key not in at_border
    }
    outside = {f"v{pk}": shape for pk, shape in around.items()}
    return Redraw(at_border, {**inner, **outside})
