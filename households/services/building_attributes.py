"""What the attributes of a building in a file say: numbers, uses and texts as people type them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gis_grids.vectorfiles.texts import as_text
from households.models import Building

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_FLOORS: Final = 200
MOST_HEIGHT_M: Final = 1000.0

# What OpenStreetMap's `building`, Chinese registers and our own exports call the uses; else "other".
_WORDS: Final = {
    Building.Use.RESIDENTIAL: "residential apartments house dormitory detached terrace 住宅 居住 公寓 宿舍",
    Building.Use.COMMERCIAL: "commercial retail office hotel supermarket 商业 商铺 办公 酒店 写字楼 商住",
    Building.Use.INDUSTRIAL: "industrial warehouse factory 工业 厂房 仓库 仓储",
    Building.Use.PUBLIC: "public school hospital university kindergarten civic 公共 学校 医院 幼儿园 机关",
}
_USE_OF: Final = {word: use for use, words in _WORDS.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class BuildingFields:
    """Which fields of the file say what; None: the file doesn't say."""

    code: str | None = None
    name: str | None = None
    address: str | None = None
    floors: str | None = None
    height: str | None = None
    use: str | None = None

    def named(self) -> tuple[str, ...]:
        """Return the names of the fields that were given."""
        fields = (self.code, self.name, self.address, self.floors, self.height, self.use)
        return tuple(field for field in fields if field)


def text_of(attributes: Mapping[str, object], field: str | None) -> str:
    """Return an attribute as text; a number without decimals as a whole one, nothing as ""."""
    return as_text(attributes.get(field)) if field else ""


def number_of(attributes: Mapping[str, object], field: str | None) -> float | None:
    """Return an attribute as a finite number, "18 m" and "18米" too; None when it is none."""
    text = text_of(attributes, field).lower().removesuffix("m").removesuffix("米").removesuffix("层")
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def floors_of(attributes: Mapping[str, object], field: str | None) -> int | None:
    """Return the floors above ground, 1 to 200, or None where the field says nothing usable."""
    number = number_of(attributes, field)
    return round(number) if number is not None and 1 <= round(number) <= MOST_FLOORS else None


def height_of(attributes: Mapping[str, object], field: str | None) -> float | None:
    """Return the height in metres, above 0 and up to 1,000, or None where the field says nothing usable."""
    number = number_of(attributes, field)
    return number if number is not None and 0 < number <= MOST_HEIGHT_M else None


def use_of(attributes: Mapping[str, object], field: str | None) -> Building.Use:
    """Return the use; residential where the file says none, "other" for an unknown word."""
    word = text_of(attributes, field).lower()
    return _USE_OF.get(word, Building.Use.OTHER) if word else Building.Use.RESIDENTIAL
