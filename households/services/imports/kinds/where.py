"""Where the household of a row is: by its address, by coordinates, or by the grid that it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import PointOnSurface
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.errors import InvalidPoint
from gis_grids.geometry.coordinates import to_metres, zone_for
from gis_grids.geometry.points import check_point
from gis_grids.sealing import normal
from gis_grids.selectors import current_versions, descendant_ids, extent, leaf_versions
from households.addresses.text import HAN
from households.models import Building
from households.selectors.addresses import Match, address_book, find_addresses
from households.services.imports.cells import coordinate, text
from households.services.imports.rows import Column, named
from households.services.imports.systems import in_lonlat

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from households.addresses.book import Book
    from households.models import ImportRun
    from households.selectors.addresses import Found
    from households.services.imports.rows import ReadRow

    LonLat = tuple[float, float]
    HomeKey = tuple[int, int | None, str]
    """Building, number of the entrance, room."""

ADDRESS: Final = (
    Column(
        key="address",
        label=_("Address"),
        headings=named("地址|Address|详细地址|家庭住址|住址|家庭地址|现住址|居住地址|房屋地址|门牌地址|位置"),
        read=text(200),
        is_free=True,
    ),
    Column(
        key="compound",
        label=_("Compound"),
        headings=named("小区|Compound|小区名称|所属小区|院落|小区名"),
        read=text(100),
        is_free=True,
    ),
    Column(
        key="building",
        label=pgettext_lazy("column", "Building"),
        headings=named("楼栋|Building|楼号|楼栋号|幢|幢号|栋|栋号|座|楼|House number|House"),
        read=text(40),
    ),
    Column(
        key="entrance",
        label=pgettext_lazy("column", "Entrance"),
        headings=named("单元|Entrance|单元号"),
        read=text(20),
    ),
    Column(
        key="room",
        label=pgettext_lazy("column", "Room"),
        headings=named("室|Room|室号|房号|房间号|房间|房屋号|户号|Flat|Apartment"),
        read=text(20),
    ),
    Column(
        key="unit",
        label=pgettext_lazy("column", "Grid"),
        headings=named("网格|Grid|所属网格|网格编码|网格名称|居民小组|Unit|Grid code"),
        read=text(100),
    ),
)
COORDINATES: Final = (
    Column(
        key="lon",
        label=pgettext_lazy("column", "Longitude or easting"),
        headings=named("经度|Longitude|lon|lng|东经|x|x坐标|坐标x|Easting"),
        read=coordinate,
    ),
    Column(
        key="lat",
        label=pgettext_lazy("column", "Latitude or northing"),
        headings=named("纬度|Latitude|lat|北纬|y|y坐标|坐标y|Northing"),
        read=coordinate,
    ),
)

_MARKS: Final = {"building": "号楼", "entrance": "单元", "room": "室"}
_PLAIN: Final = re.compile(r"[0-9A-Za-z-]+")
_EXAMPLE: Final = "阳光花园3号楼2单元501室"
_NEAREST: Final = 3
#: Metres from a building beyond which a place is not that of a household in it.
_FAR_M: Final = 100


@dataclass(slots=True)
class Spot:
    """Where a row's household is, as far as it is known. ``place`` is what the row itself says, in lon/lat.

    ``home`` names the dwelling: the building's id, the entrance's number and the room; ``dwelling_id`` is set
    where it is there already. ``unit_id`` is the grid that the row names.
    """

    building_id: int | None = None
    home: HomeKey | None = None
    floor: int = 1
    dwelling_id: int | None = None
    place: LonLat | None = None
    unit_id: int | None = None

    @property
    def is_nowhere(self) -> bool:
        """Whether nothing is known of where it is."""
        return self.building_id is None and self.place is None and self.unit_id is None


class Whereabouts:
    """Finds where the rows of one import are, and refuses those outside of its unit."""

    def __init__(self, run: ImportRun, crs: str) -> None:
        self._run, self._crs = run, crs
        self._extent = extent()

    def find(self, rows: Sequence[ReadRow]) -> list[Spot]:
        """Return the spot of each row; what can't be found is refused, what is odd remarked on.

        A household that is named by its number lives where the register says: its address isn't looked up.
        """
        spots = [Spot() for _row in rows]
        self._by_address(rows, spots)
        self._by_coordinates(rows, spots)
        self._compare(rows, spots)
        for row, spot in zip(rows, spots, strict=True):
            if "unit" in row.values and "id" not in row.values:
                self._by_unit(row, spot)
        return spots

    def _by_address(self, rows: Sequence[ReadRow], spots: Sequence[Spot]) -> None:
        asked = [
            (row, spot, words)
            for row, spot in zip(rows, spots, strict=True)
            if "id" not in row.values and (words := composed(row.values))
        ]
        found = find_addresses([words for _row, _spot, words in asked], self._book)
        for (row, spot, _words), each in zip(asked, found, strict=True):
            self._take(row, spot, each)

    def _take(self, row: ReadRow, spot: Spot, found: Found) -> None:
        spot.building_id = found.building_id
        if found.dwelling_id is not None:
            spot.dwelling_id = found.dwelling_id
        elif found.building_id is not None and found.address.room:
            address = found.address
            spot.home = (found.building_id, address.entrance, address.rooms[0][:16])
            spot.floor = address.likely_floor or 1
            row.remark("dwelling.new")
        elif found.building_id is not None:
            row.remark("address.no_room")
        elif not _has_other_place(row):
            self._refuse(row, found)

    def _refuse(self, row: ReadRow, found: Found) -> None:
        candidates = "；".join(dict.fromkeys(one.label for one in found.candidates[:_NEAREST]))
        if not found.address:
            row.refuse("address.unreadable", example=_EXAMPLE)
        elif not candidates:
            row.refuse("address.nothing_near")
        elif found.match is Match.SEVERAL:
            row.refuse("address.several", candidates=candidates)
        else:
            row.refuse("address.unknown", candidates=candidates)

    def _by_coordinates(self, rows: Sequence[ReadRow], spots: Sequence[Spot]) -> None:
        asked = []
        for row, spot in zip(rows, spots, strict=True):
            x, y = row.values.get("lon"), row.values.get("lat")
            if x is None and y is None:
                continue
            if x is None or y is None:
                row.refuse("point.half")
            elif x == 0 or y == 0:
                row.refuse("point.zero")
            else:
                asked.append((row, spot, (x, y)))
        if asked:
            lonlat = in_lonlat(self._crs, np.array([pair for _row, _spot, pair in asked]))
            inside = shapely.contains_xy(self._area, lonlat[:, 0], lonlat[:, 1])
            for (row, spot, _pair), (lon, lat), is_inside in zip(asked, lonlat.tolist(), inside, strict=True):
                self._place(row, spot, (lon, lat), is_inside=bool(is_inside))

    def _place(self, row: ReadRow, spot: Spot, place: LonLat, *, is_inside: bool) -> None:
        try:
            point = check_point(*place, extent=self._extent)
        except InvalidPoint as error:
            if error.code == "point.not_a_number":
                row.refuse("point.no_place", crs=self._crs)
            else:
                row.refuse(error.code, lon=round(place[0], 6), lat=round(place[1], 6))
            return
        if is_inside:
            spot.place = (point.x, point.y)
        else:
            row.refuse("row.outside", unit=self._unit_name)

    def _compare(self, rows: Sequence[ReadRow], spots: Sequence[Spot]) -> None:
        """Say which places lie far from the building of their address: one of the two is wrong."""
        both = [
            (row, spot.building_id, spot.place)
            for row, spot in zip(rows, spots, strict=True)
            if spot.building_id and spot.place
        ]
        if not both:
            return
        zone = zone_for(*both[0][2])
        footprints = Building.objects.filter(pk__in={building for _row, building, _place in both})
        shapes = {
            pk: to_metres(shapely.from_wkb(bytes(footprint.wkb)), zone)
            for pk, footprint in footprints.values_list("pk", "footprint")
        }
        places = to_metres(shapely.MultiPoint([place for _row, _building, place in both]), zone)
        distances = shapely.distance(
            shapely.get_parts(places), [shapes[building] for _row, building, _place in both]
        )
        for (row, _building, _place), metres in zip(both, distances.tolist(), strict=True):
            if metres > _FAR_M:
                row.remark("place.far", metres=round(metres))

    def _by_unit(self, row: ReadRow, spot: Spot) -> None:
        words = normal(row.values["unit"])
        units = self._leaves.get(words, ())
        if len(units) == 1:
            spot.unit_id = units[0]
        else:
            row.refuse("unit.unknown", unit=words[:60])

    def is_inside(self, place: LonLat) -> bool:
        """Tell whether a place (lon/lat) lies in the import's unit."""
        return bool(shapely.contains_xy(self._area, *place))

    def check_inside(self, row: ReadRow, place: LonLat) -> None:
        """Refuse a row whose place lies outside of the import's unit, or nowhere near."""
        self._place(row, Spot(), place, is_inside=self.is_inside(place))

    @staticmethod
    def building_places(building_ids: Iterable[int | None]) -> dict[int, LonLat]:
        """Return a place (lon/lat) on each of the buildings."""
        rows = Building.objects.filter(pk__in={one for one in building_ids if one})
        spots = rows.annotate(spot=PointOnSurface("footprint")).values_list("pk", "spot")
        return {pk: (spot.x, spot.y) for pk, spot in spots}

    @cached_property
    def _book(self) -> Book:
        return address_book([self._run.unit_id])

    @cached_property
    def _leaves(self) -> Mapping[str, list[int]]:
        """The smallest units below the import's, by code and by name."""
        leaves = leaf_versions(timezone.now()).filter(unit__in=descendant_ids([self._run.unit_id]))
        found: dict[str, list[int]] = {}
        for unit_id, code, name in leaves.values_list("unit", "unit__code", "name"):
            found.setdefault(normal(code), []).append(unit_id)
            if normal(name) != normal(code):
                found.setdefault(normal(name), []).append(unit_id)
        return found

    @cached_property
    def _area(self) -> BaseGeometry:
        boundary = current_versions().filter(unit=self._run.unit_id).values_list("boundary", flat=True).get()
        area = shapely.from_wkb(bytes(boundary.wkb))
        shapely.prepare(area)
        return area

    @cached_property
    def _unit_name(self) -> str:
        return current_versions().filter(unit=self._run.unit_id).values_list("name", flat=True).get()


def composed(values: Mapping[str, Any]) -> str:
    """Return the address that a row gives in one column, in several, or in both."""
    place = f"{values.get('address', '')}{values.get('compound', '')}"
    numbers = {key: values[key] for key in _MARKS if key in values}
    if place and not HAN.search(place):  # Baker Street, 12, 5
        room = f"apt {numbers['room']}" if "room" in numbers else ""
        return " ".join(part for part in (place, numbers.get("building", ""), room) if part)
    marked = (f"{n}{_MARKS[key]}" if _PLAIN.fullmatch(n) else n for key, n in numbers.items())
    return place + "".join(marked)


def _has_other_place(row: ReadRow) -> bool:
    return "unit" in row.values or ("lon" in row.values and "lat" in row.values)
