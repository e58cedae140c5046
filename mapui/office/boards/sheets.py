"""Sheets of notice boards as they are printed: the people, a small map of the grid, the code of its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from gis_grids.levels import PostKind
from gis_grids.models import UnitVersion
from gis_grids.selectors import current_versions
from households.selectors.board_contents import Content
from mapui.pages.ground import around
from mapui.pages.papermaps import built
from mapui.pages.pictures import WIDTH, Frame
from mapui.pages.printing import pdf_of
from mapui.pages.public import qr_code

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from django.utils.safestring import SafeString
    from shapely.geometry.base import BaseGeometry

    from households.models import BoardSheet, Building
    from mapui.pages.pictures import Drawn

_MARGIN: Final = 0.12
#: How large names are on the map, in its pixels (font-size in the template): it is printed small.
_LETTER: Final = 17
_STYLE: Final = "dist/sheet.css"
#: So many people at most, the print that they are set in, and how high a line is then (mm).
_PRINTS: Final = ((7, "roomy", 15.7), (13, "dense", 11.9), (10**6, "crowded", 6.2))
#: Millimetres: what the table and the map share of the height, and the largest map.
_SHARED, _WIDEST, _HIGHEST, _LOWEST = 220.0, 112.0, 92.0, 30.0


@dataclass(frozen=True, slots=True)
class Picture:
    """The small map: the ground, the grid between its neighbours, the building of the board ("": none)."""

    width: int
    height: int
    ground: Sequence[tuple[str, str]]
    zones: Sequence[Drawn]
    building: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table of people."""

    post: str
    is_deputy: bool
    name: str
    contact: str
    unit: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as the template sets it; ``number`` None is one that isn't printed yet."""

    content: Content
    lines: list[Line]
    picture: Picture | None
    address: str
    code: SafeString
    number: int | None
    printed_at: dt.datetime | None

    @property
    def trail(self) -> str:
        """The units above, and the grid where the board's place is something smaller."""
        own = () if self.content.unit == self.content.place else (self.content.unit,)
        return " › ".join((*self.content.above, *own))

    @property
    def print(self) -> str:
        """How small the print is, by the number of people."""
        return self._print[1]

    @property
    def map_mm(self) -> tuple[float, float]:
        """How wide and high the map is on paper: what the people leave of the height."""
        if self.picture is None:
            return (0, 0)
        left = _SHARED - len(self.lines) * self._print[2]
        high = max(_LOWEST, min(_HIGHEST, left, _WIDEST * self.picture.height / self.picture.width))
        return (round(high * self.picture.width / self.picture.height, 1), round(high, 1))

    @property
    def _print(self) -> tuple[int, str, float]:
        return next(each for each in _PRINTS if len(self.lines) <= each[0])


@dataclass(frozen=True, slots=True)
class _Zone:
    name: str
    shape: BaseGeometry
    colour: int | None


class Maps:
    """Draws the small maps; boards of one grid share what lies under it."""

    def __init__(self) -> None:
        self._drawn: dict[int, tuple[Frame, Picture] | None] = {}

    def of(self, version_id: int, building: Building | None) -> Picture | None:
        """Return the map of a grid with a building on it; None if the version is gone."""
        if version_id not in self._drawn:
            self._drawn[version_id] = _drawn(version_id)
        drawn = self._drawn[version_id]
        if drawn is None:
            return None
        frame, picture = drawn
        path = frame.paths([shapely.from_wkb(bytes(building.footprint.wkb))]) if building else ""
        return Picture(picture.width, picture.height, picture.ground, picture.zones, path)


def _drawn(version_id: int) -> tuple[Frame, Picture] | None:
    own = UnitVersion.objects.filter(pk=version_id).select_related("unit").defer("boundary_3857").first()
    if own is None:
        return None
    shape = shapely.from_wkb(bytes(own.boundary.wkb))
    frame = Frame(around(shape.bounds, _MARGIN))
    beside = (
        current_versions()
        .filter(depth=own.depth, boundary__bboverlaps=own.boundary)
        .exclude(unit=own.unit_id)
    )
    section = shapely.box(*frame.bounds)
    zones = [
        *(
            _Zone(name, shapely.intersection(shapely.from_wkb(bytes(wkb)), section), None)
            for name, wkb in beside.annotate(wkb=AsWKB("boundary")).values_list("name", "wkb")
        ),
        _Zone(own.name, shape, 0),
    ]
    return frame, Picture(WIDTH, frame.height, frame.ground(), frame.drawn(zones, _LETTER), "")


def preview(content: Content, building: Building | None, site: str) -> Sheet:
    """Return the sheet that would be printed now; ``site`` is how telephones reach us."""
    return _sheet(content, building, site, Maps())


def printed(sheets: Sequence[BoardSheet], site: str, language: str) -> bytes:
    """Return sheets as PDF, a page for each. Raises `PrinterAway`."""
    maps = Maps()
    with translation.override(language):
        pages = [_sheet(Content.of(each.content), each.board.building, site, maps, each) for each in sheets]
        context = {"sheets": pages, "style": built(_STYLE)}
        return pdf_of(render_to_string("office/boards/paper.html", context))


def _sheet(
    content: Content, building: Building | None, site: str, maps: Maps, kept: BoardSheet | None = None
) -> Sheet:
    address = f"{site.rstrip('/')}{reverse('report_unit', args=[content.code])}"
    lines = [
        Line(str(PostKind(one.kind).label), one.is_deputy, one.name, one.contact, one.unit)
        for one in content.people
    ]
    return Sheet(
        content=content,
        lines=lines,
        picture=maps.of(content.version_id, building),
        address=address,
        code=qr_code(address),
        number=kept.pk if kept else None,
        printed_at=kept.at if kept else None,
    )
