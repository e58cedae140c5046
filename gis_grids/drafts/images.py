"""Zones as operations keep them: plain JSON, shapes as WKB in hex, so that an undo is exact to the bit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import shapely
from shapely import MultiPolygon

from gis_grids.drafts.zones import Edit, Staff, Zone
from gis_grids.levels import Level, PostKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gis_grids.drafts.zones import Shape

    Image = dict[str, Any]


def image_of(zone: Zone) -> Image:
    """Return a zone as JSON."""
    return {
        "key": zone.key,
        "level": zone.level.value,
        "parent": zone.parent,
        "name": zone.name,
        "shape": None if zone.shape is None else shapely.to_wkb(zone.shape, hex=True),
        "unit_id": zone.unit_id,
        "code": zone.code,
        "purpose": zone.purpose,
        "is_locked": zone.is_locked,
        "staff": staff_to_json(zone.staff),
    }


def zone_of(image: Mapping[str, Any]) -> Zone:
    """Return the zone of an image."""
    shape = image["shape"]
    return Zone(
        key=image["key"],
        level=Level(image["level"]),
        parent=image["parent"],
        name=image["name"],
        shape=None if shape is None else cast("Shape", shapely.from_wkb(shape)),
        unit_id=image["unit_id"],
        code=image["code"],
        purpose=image["purpose"],
        is_locked=image["is_locked"],
        staff=staff_from_json(image["staff"]),
    )


def images_of(zones: Mapping[str, Zone]) -> list[Image]:
    """Return zones as JSON, in their order."""
    return [image_of(zone) for zone in zones.values()]


def edit_of(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> Edit:
    """Return the edit that two lists of images tell."""
    return Edit(
        {image["key"]: zone_of(image) for image in before}, {image["key"]: zone_of(image) for image in after}
    )


def staff_to_json(staff: tuple[Staff, ...] | None) -> list[dict[str, Any]] | None:
    """Return the posts wanted for a zone as JSON."""
    if staff is None:
        return None
    return [{"kind": one.kind.value, "holder": one.holder, "is_deputy": one.is_deputy} for one in staff]


def staff_from_json(rows: Iterable[Mapping[str, Any]] | None) -> tuple[Staff, ...] | None:
    """Return the posts wanted for a zone."""
    if rows is None:
        return None
    return tuple(Staff(PostKind(row["kind"]), row["holder"], row["is_deputy"]) for row in rows)


def plain(shape: MultiPolygon) -> Shape:
    """Return a stored boundary as it is drawn on: a polygon, if it is one."""
    return shape.geoms[0] if len(shape.geoms) == 1 else shape
