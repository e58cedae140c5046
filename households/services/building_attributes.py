"""What the attributes of a building in a file say: numbers, uses and texts as people type them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gis_grids.vectorfiles.texts import as_text
from households.addresses.text import HAN
from households.models import Building

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_FLOORS: Final = 200
MOST_HEIGHT_M: Final = 1000.0

# What OpenStreetMap's `building`, Chinese registers and our own exports call the uses; else "other".
# The words of OpenStreetMap are meant whole, the Chinese ones are parts of longer ones (住宅用地, 居民楼).
_WORDS: Final = {
    Building.Use.RESIDENTIAL: "residential apartments house dormitory detached terrace",
    Building.Use.COMMERCIAL: "commercial retail office hotel supermarket",
    Building.Use.INDUSTRIAL: "industrial warehouse factory",
    Building.Use.PUBLIC: "public school hospital university kindergarten civic",
}
_CHINESE_WORDS: Final = {
    Building.Use.RESIDENTIAL: "住宅 居住 公寓 宿舍 居民 民房 民居 自建房 别墅",
    Building.Use.COMMERCIAL: "商业 商铺 商店 商住 商务 办公 酒店 宾馆 写字楼 超市",
    Building.Use.INDUSTRIAL: "工业 厂房 工厂 仓库 仓储",
    Building.Use.PUBLIC: "公共 学校 小学 中学 大学 医院 幼儿园 机关",
}
_UNITS: Final = ("m", "米", "层", "f")
_USE_OF: Final = {word: use for use, words in _WORDS.items() for word in words.split()}
_USE_BY_PART: Final = {part: use for use, parts in _CHINESE_WORDS.items() for part in parts.split()}


@dataclass(frozen=True, slots=True)
class BuildingFields:
    """Which fields of the file say what; None: the file doesn't say. ``number`` is that of the house."""

    code: str | None = None
    name: str | None = None
    address: str | None = None
    number: str | None = None
    floors: str | None = None
    height: str | None = None
    use: str | None = None

    def named(self) -> tuple[str, ...]:
        """Return the names of the fields that were given."""
        fields = (self.code, self.name, self.address, self.number, self.floors, self.height, self.use)
        return tuple(field for field in fields if field)


def text_of(attributes: Mapping[str, object], field: str | None) -> str:
    """Return an attribute as text; a number without decimals as a whole one, nothing as ""."""
    return as_text(attributes.get(field)) if field else ""


def address_of(attributes: Mapping[str, object], fields: BuildingFields) -> str:
    """Return the address, with the number of the house where a field of its own says that.

    As it is written there: 曙光路18号, but "улица Ленина, 12". A number without a street says nothing.
    """
    street, number = text_of(attributes, fields.address), text_of(attributes, fields.number)
    if not (street and number):
        return street
    if not HAN.search(street):
        return f"{street}, {number}"
    return f"{street}{number}{'号' if number.isdecimal() else ''}"


def number_of(attributes: Mapping[str, object], field: str | None) -> float | None:
    """Return an attribute as a finite number, "18 m", "18米", "6层" and "6F" too; None when it is none."""
    text = text_of(attributes, field).lower()
    for unit in _UNITS:
        text = text.removesuffix(unit)
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
    if not word:
        return Building.Use.RESIDENTIAL
    by_part = next((use for part, use in _USE_BY_PART.items() if part in word), Building.Use.OTHER)
    return _USE_OF.get(word, by_part)
