"""Facilities out of a map file: points, or the ground that they stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.geometry.lattice import to_storage
from gis_grids.models import Facility
from gis_grids.services import bump_map_version
from households.services.imports.cells import choice, text, whole
from households.services.imports.kinds.base import Kind
from households.services.imports.kinds.shapes import GEOMETRY_COLUMN, point_of
from households.services.imports.kinds.single import plan_of, write_plans
from households.services.imports.kinds.where import Whereabouts
from households.services.imports.repeats import Repeats
from households.services.imports.rows import Column, Outcome, Plan, named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from households.models import ImportRun
    from households.services.imports.ledger import Ledger
    from households.services.imports.rows import ReadRow

_FIELDS: Final = ("address", "contact", "area_m2")
_SHAPES: Final = {"Point", "Polygon", "MultiPolygon"}
_COLUMNS: Final = (
    Column(
        key="name",
        label=_("Name"),
        headings=named("名称|Name|设施名称|场所名称"),
        read=text(100),
        is_required=True,
        is_free=True,
    ),
    Column(
        key="kind",
        label=_("Kind"),
        headings=named("类型|Kind|设施类型|类别|Type"),
        read=choice(
            dict(Facility.Kind.choices),
            service_station="服务站 社区服务站 服务中心",
            school="学校 幼儿园",
            hospital="医院 卫生服务站 卫生院",
            market="市场 菜市场 超市",
            elder_care="养老院 养老服务站 养老",
            park="公园 广场 绿地",
            compound="小区 住宅小区",
            other="其他 其它",
        ),
    ),
    Column(
        key="address", label=_("Address"), headings=named("地址|Address|位置"), read=text(200), is_free=True
    ),
    Column(
        key="contact",
        label=pgettext_lazy("column", "Phone"),
        headings=named("电话|Phone|联系电话|联系方式"),
        read=text(40),
    ),
    Column(
        key="area_m2",
        label=_("Floor space, m²"),
        headings=named("面积|Floor space|建筑面积|面积（平方米）|Area"),
        read=whole(1, 10_000_000),
    ),
    GEOMETRY_COLUMN,
)


class FacilityTaker:
    """Knows a facility by its kind and name."""

    def __init__(self, run: ImportRun, crs: str, ledger: Ledger) -> None:
        self._run, self._crs, self._ledger = run, crs, ledger
        self._where = Whereabouts(run, "EPSG:4326")  # shapes come in lon/lat
        self._repeats = Repeats()

    def plan(self, rows: Sequence[ReadRow]) -> list[Plan]:
        """Say what becomes of each row."""
        names = {row.values["name"] for row in rows if "name" in row.values}
        made = set(self._ledger.ids_made(Facility))
        known: dict[tuple[str, str], list[Facility]] = {}
        for one in Facility.objects.in_use().filter(name__in=names).exclude(pk__in=made):
            if self._where.is_inside(one.geometry.point_on_surface.coords):
                known.setdefault((one.kind, one.name), []).append(one)
        return [self._planned(row, known) for row in rows]

    def write(self, plans: Sequence[Plan]) -> None:
        """Enter new facilities, and correct those that are there."""
        write_plans(self._ledger, Facility, plans)

    def finish(self) -> None:
        """Have the maps drawn anew."""
        bump_map_version(layer="base")

    def _planned(self, row: ReadRow, known: dict[tuple[str, str], list[Facility]]) -> Plan:
        kind, name = row.values.get("kind", Facility.Kind.OTHER), row.values.get("name", "")
        there = known.get((kind, name), [])
        if len(there) > 1:
            row.refuse("organisation.several")
        shape = row.values.get("geometry")
        if shape is not None:
            self._where.check_inside(row, point_of(shape))
            if shape.geom_type not in _SHAPES or not shape.is_valid:
                row.refuse("shape.odd")
        if row.is_bad or shape is None:
            return Plan(row, Outcome.BAD)
        if not self._repeats.take(row, (kind, name)):
            return Plan(row, Outcome.BAD if row.is_bad else Outcome.LEFT)
        facts: dict[str, Any] = {key: row.values[key] for key in _FIELDS if key in row.values}
        facts |= {"kind": kind, "name": name}
        facts["geometry"] = GEOSGeometry(memoryview(shapely.to_wkb(to_storage(shape))), srid=4326)
        return plan_of(row, there[0] if there else None, facts)


FACILITIES: Final = Kind(key="facilities", columns=_COLUMNS, taker=FacilityTaker, is_map=True)
