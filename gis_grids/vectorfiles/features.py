"""What a vector file holds: features, and everything about them that a person must be told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapely.geometry.base import BaseGeometry

Attributes = dict[str, Any]


@dataclass(frozen=True)
class Note:
    """Something to be told about a file; `gis_grids.errors.describe` turns it into a sentence."""

    code: str
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Feature:
    """One feature: its number in the file (the first is 1), its geometry and its attributes.

    The geometry is two-dimensional lon/lat (EPSG:4326), finite and on Earth, not yet on the storage
    lattice; it may still be invalid (crossing itself), which is for the gates to say.
    """

    number: int
    geometry: BaseGeometry
    attributes: Attributes


@dataclass(frozen=True)
class FeatureFile:
    """A file as read. `faults` are the features that could not be read, each with its number and name."""

    features: tuple[Feature, ...]
    faults: tuple[Note, ...]
    notes: tuple[Note, ...]
    driver: str
    crs: str
    encoding: str
    layer: str


@dataclass(frozen=True)
class RawFeature:
    """A feature in the file's own coordinates; without a geometry it has a fault."""

    number: int
    attributes: Attributes
    geometry: BaseGeometry | None
    fault: Note | None = None

    def faulty(self, code: str, **details: object) -> Note:
        """Return a note on this feature, by number and name."""
        return Note(code, {"number": self.number, "name": self._name(), **details})

    def _name(self) -> str:
        texts = (value for value in self.attributes.values() if isinstance(value, str) and value.strip())
        return next(texts, "–")[:60]


@dataclass(frozen=True)
class RawLayer:
    """A layer in the file's own coordinates. `crs` is None where the `file` (its name) doesn't say."""

    features: list[RawFeature]
    driver: str
    crs: str | None
    encoding: str = "utf-8"
    layer: str = ""
    notes: tuple[Note, ...] = ()
    file: str = ""


def heights_dropped(count: int) -> tuple[Note, ...]:
    """Return the note that `count` features lost the heights of their vertices."""
    return (Note("file.heights_dropped", {"n": count}),) if count else ()
