"""Somebody else's plan, repaired so that it tiles the ground exactly.

The steps: rings made sound, borders laid on what is stored (`snapping`), the ground cut into faces along all
borders and each face given to one zone (`mosaic`), vertices that say nothing left out, and what has moved
found by comparison (`changes`). The result is judged by the gates; nothing that doesn't tile leaves here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from gis_grids.geometry.frame import Frame
from gis_grids.geometry.gates import check_tiling
from gis_grids.geometry.lattice import is_same
from gis_grids.geometry.repair.changes import SILENT_M2, Comparison
from gis_grids.geometry.repair.judging import judge_ground, judge_keys, judge_rings, refuse
from gis_grids.geometry.repair.mosaic import Mosaic
from gis_grids.geometry.repair.rings import made_sound
from gis_grids.geometry.repair.snapping import StoredBorders, snapped
from gis_grids.geometry.repair.tidying import gained_vertices, without_idle_vertices

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gis_grids.geometry.gates import Finding
    from gis_grids.geometry.repair.changes import Change
    from gis_grids.geometry.repair.rings import Shape

REACH: Final = 0.1
"""Metres within which a border of the file is the stored one: 6 decimals are off by up to 8 cm."""
_MOST_PASSES = 6


@dataclass(frozen=True)
class ForeignZone:
    """A zone of a file: its key there (code, else name), its name for people, its lon/lat shape as read."""

    key: str
    shape: Shape
    name: str = ""


@dataclass(frozen=True)
class Scope:
    """What is stored where a plan goes, lon/lat as it is stored.

    The `ground`, which the plan must tile; the zones of `today` on it, if there are any, and the `neighbours`
    that border on it, both by key; the `name` for people.
    """

    ground: Shape
    today: Mapping[str, Shape]
    neighbours: Mapping[str, Shape]
    name: str = ""


@dataclass(frozen=True)
class Repair:
    """A plan that tiles, and what had to be done for it.

    `findings` are the defects of the plan as read, `changes` all that the repair moves, `zones` the result by
    key (on the storage lattice; one that is as it is today is bit by bit the same). `neighbours` are those
    whose border gained vertices, where a new border ends on it.
    """

    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    zones: Mapping[str, Shape]
    neighbours: Mapping[str, Shape]

    @property
    def area(self) -> float:
        """Return the m² that the repair moves."""
        return sum(change.area for change in self.changes)

    @property
    def is_silent(self) -> bool:
        """Tell whether it may be made without asking: all of it together moves at most `SILENT_M2`."""
        return self.area <= SILENT_M2


def repair_plan(
    zones: Sequence[ForeignZone], scope: Scope, *, allow_parts: bool = False, reach: float = REACH
) -> Repair:
    """Return a plan made to tile the scope's ground exactly, with everything that this moves.

    A border within `reach` metres of a stored one becomes that one. A gap goes to who has the ground today
    if he borders on it, else to the zone with the longest common border; an overlap likewise, among those
    who claim it. A zone keeps as many parts as it has today, at least one, with `allow_parts` as many as in
    the file. Raises `CannotRepairError` where that is not sensible.
    """
    judge_keys([zone.key for zone in zones])
    names = {zone.key: zone.name or zone.key for zone in zones}
    raw = {zone.key: zone.shape for zone in zones}
    judge_rings(raw, names)
    before = {key: made_sound(shape) for key, shape in raw.items()}
    frame = Frame.around(np.array([scope.ground], dtype=object))
    judge_ground(before, scope.ground, names, scope.name, frame)
    parts = {key: _most_parts(key, before, scope, allow_parts=allow_parts) for key in before}
    stored = StoredBorders.of([scope.ground, *scope.today.values()], frame)
    after = _repaired(before, scope, stored, parts, reach, names)
    return Repair(
        findings=tuple(_findings(raw, scope, names, parts)),
        changes=tuple(
            Comparison(raw, before, after, scope.ground, stored, reach, names, scope.name).changes()
        ),
        zones=after,
        neighbours=gained_vertices(scope.neighbours, after.values(), scope.ground, stored),
    )


def _most_parts(key: str, before: Mapping[str, Shape], scope: Scope, *, allow_parts: bool) -> int:
    """Return how many separate parts a zone may have."""
    today = len(shapely.get_parts(scope.today[key])) if key in scope.today else 1
    return max(today, len(shapely.get_parts(before[key]))) if allow_parts else today


def _findings(
    raw: Mapping[str, Shape], scope: Scope, names: Mapping[str, str], parts: Mapping[str, int]
) -> list[Finding]:
    """Return what the gates say to the plan as read, without the parts that a zone may have."""
    keys, shapes = list(raw), list(raw.values())
    found = check_tiling(shapes, scope.ground, names=list(names.values()), parent_name=scope.name)

    def is_allowed(finding: Finding) -> bool:
        unit = finding.units[0] if finding.code == "E04" else None
        return unit is not None and len(shapely.get_parts(shapes[unit])) <= parts[keys[unit]]

    return [finding for finding in found if not is_allowed(finding)]


def _repaired(  # noqa: PLR0913, PLR0917 (the plan, and everything that is known about it)
    before: Mapping[str, Shape],
    scope: Scope,
    stored: StoredBorders,
    parts: Mapping[str, int],
    reach: float,
    names: Mapping[str, str],
) -> dict[str, Shape]:
    """Return the plan repaired until another repair would change nothing, and judged."""
    now = dict(before)
    for _pass in range(_MOST_PASSES):
        laid = dict(zip(now, snapped(list(now.values()), stored, reach), strict=True))
        last, now = now, _divided(laid, scope, stored, parts, names)
        if _are_same(now, laid) or _are_same(now, last):
            break
    names_now = [names[key] for key in now]
    for finding in check_tiling(list(now.values()), scope.ground, names=names_now, allow_parts=True):
        zones = [list(now)[unit] for unit in finding.units]
        refuse("repair.failed", zones, finding.where, found=finding.code)
    return _as_known(now, (*before.values(), *scope.today.values()))


def _divided(
    laid: Mapping[str, Shape],
    scope: Scope,
    stored: StoredBorders,
    parts: Mapping[str, int],
    names: Mapping[str, str],
) -> dict[str, Shape]:
    """Return the ground divided among the zones, each m² given to one of them."""
    mosaic = Mosaic.of(laid, scope.ground, scope.today, stored.frame)
    for face in mosaic.settle():
        where = mosaic.faces[face].representative_point()
        area = round(stored.frame.projected(mosaic.faces[face]).area, 2)
        refuse("repair.unreachable", where=where, area=area, parent=scope.name)
    mosaic.gather_parts(list(parts.values()))
    after = mosaic.zones(laid)
    for key in laid.keys() - after.keys():
        refuse("repair.nothing_left", [key], scope.ground.representative_point(), a=names[key])
    return dict(zip(after, without_idle_vertices(list(after.values()), stored), strict=True))


def _are_same(zones: Mapping[str, Shape], others: Mapping[str, Shape]) -> bool:
    return all(is_same(shape, others[key]) for key, shape in zones.items())


def _as_known(zones: Mapping[str, Shape], known: Iterable[Shape]) -> dict[str, Shape]:
    """Return the zones, in place of each that is the same as a known one the last such one, bit by bit."""
    shapes = {_rings_of(shape): shape for shape in known}
    return {key: shapes.get(_rings_of(shape), shape) for key, shape in zones.items()}


def _rings_of(shape: Shape) -> bytes:
    """Return what is the same for two shapes with the same rings, wherever these begin."""
    return shapely.MultiPolygon(list(shapely.get_parts(shape))).normalize().wkb
