"""What a client asks to be drawn, checked field by field; each knows the operation that does it.

Coordinates are lon/lat degrees (EPSG:4326); they are brought to the storage lattice here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, cast

import shapely
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from shapely import LineString, Point, Polygon
from typing_extensions import override

from gis_grids.drafts import candidates, operations
from gis_grids.drafts.images import zone_of
from gis_grids.drafts.zones import Draft, Edit, Staff
from gis_grids.geometry.lattice import to_storage
from gis_grids.geometry.redraw import CannotDrawError
from gis_grids.levels import Level, PostKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gis_grids.drafts.zones import Shape

Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Place = tuple[Lon, Lat]
Line = Annotated[list[Place], Field(min_length=2, max_length=5000)]
Ring = Annotated[list[Place], Field(min_length=4, max_length=5000)]
Rings = Annotated[list[Ring], Field(min_length=1, max_length=100)]
Key = Annotated[str, Field(min_length=1, max_length=40)]
Keys = Annotated[list[Key], Field(min_length=1, max_length=2000)]
Name = Annotated[str, Field(max_length=100)]

#: The fields that name zones.
_NAMING: Final = frozenset({"zone", "zones", "keep", "others", "target", "sources", "parent"})

_CODE: Final = re.compile(r"[0-9A-Za-z_-]*")

#: What ground without households is for (E09).
Purpose = Literal["", "business", "green", "public", "industry", "water", "transport", "other"]


class Request(BaseModel):
    """One operation asked for. `apply` does it to a draft; `named` are the zones that it speaks of."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: str

    def apply(self, draft: Draft, new: Iterator[str]) -> Edit:
        """Return what it does. Raises `CannotDrawError`."""
        raise NotImplementedError

    @property
    def named(self) -> frozenset[str]:
        """The keys of the zones named."""
        found: set[str] = set()
        for field in _NAMING & type(self).model_fields.keys():
            value = getattr(self, field)
            found.update([value] if isinstance(value, str) else value)
        return frozenset(found)

    @property
    def about(self) -> frozenset[str]:
        """The keys of the zones that its story tells of."""
        return self.named


class Split(Request):
    """Cut a zone in two."""

    kind: Literal["split"]
    zone: Key
    line: Line
    name: Name = ""

    @override
    def apply(self, draft: Draft, new: Iterator[str]) -> Edit:
        return operations.split(draft, self.zone, _line(self.line), new=new, name=self.name.strip())


class Merge(Request):
    """Join zones."""

    kind: Literal["merge"]
    keep: Key
    others: Keys

    @override
    def apply(self, draft: Draft, new: Iterator[str]) -> Edit:
        return operations.merge(draft, self.keep, self.others)


class Transfer(Request):
    """Give a piece of ground to a zone."""

    kind: Literal["transfer"]
    target: Key
    piece: Rings
    more: Annotated[list[Rings], Field(max_length=2000)] = []
    sources: Annotated[list[Key], Field(max_length=2000)] = []

    @override
    def apply(self, draft: Draft, new: Iterator[str]) -> Edit:
        polygons = [to_storage(Polygon(rings[0], rings[1:])) for rings in (self.piece, *self.more)]
        if not shapely.is_valid(polygons).all():
            raise CannotDrawError("E05", [self.target], Point(self.piece[0][0]))
        piece = cast("Shape", shapely.union_all(polygons))
        return operations.transfer(draft, self.target, piece, new=new, sources=self.sources)


class Reshape(Request):
    """Draw the common border of two zones anew."""

    kind: Literal["reshape"]
    zones: tuple[Key, Key]
    line: Line

    @override
    def apply(self, draft: Draft, new: Iterator[str]) -> Edit:
        return operations.reshape(draft, *self.zones, _line(self.line), new=new)


class MoveEdge(Request):
    """Move a border between its two ends."""

    kind: Literal["move_edge"]
    zones: tuple[Key, Key]
    old: Line
    to: Line

    @override
    def apply(self, draft: Draft, new: Iterator[str]) -> Edit:
        a, b = self.zones
        return operations.move_edge(draft, a, b, old=_line(self.old), to=_line(self.to), new=new)


class MoveNode(Request):
    """Move a vertex with all borders that meet there."""

    kind: Literal["move_node"]
    node: Place
    to: Place

    @override
    def apply(self, draft: Draft, new: Iterator[str]) -> Edit:
        return operations.move_node(draft, Point(self.node), Point(self.to))


class Assign(Request):
    """Put a zone under another parent."""

    kind: Literal["assign"]
    zone: Key
    parent: Key

    @property
    @override
    def about(self) -> frozenset[str]:
        return frozenset([self.zone])

    @override
    def apply(self, draft: Draft, new: Iterator[str]) -> Edit:
        return operations.assign(draft, self.zone, self.parent)


class Subdivide(Request):
    """Begin a level below a leaf."""

    kind: Literal["subdivide"]
    zone: Key
    to_level: Level
    name: Name = ""

    @override
    def apply(self, draft: Draft, new: Iterator[str]) -> Edit:
        return operations.subdivide(draft, self.zone, self.to_level, new=new, name=self.name.strip())


class _OfZone(Request):
    zone: Key


class Rename(_OfZone):
    """Give a zone another name."""

    kind: Literal["rename"]
    name: Name

    @override
    def apply(self, draft: Draft, new: Iterator[str]) -> Edit:
        if not self.name.strip():
            raise CannotDrawError("no_name", [self.zone])
        return operations.set_attributes(draft, self.zone, name=self.name.strip())


class Renumber(_OfZone):
    """Give a zone another code; empty: the next one of the scheme, when the plan is published."""

    kind: Literal["renumber"]
    code: Annotated[str, Field(max_length=32)]

    @override
    def apply(self, draft: Draft, new: Iterator[str]) -> Edit:
        if not _CODE.fullmatch(self.code):
            raise CannotDrawError("bad_code", [self.zone])
        return operations.set_attributes(draft, self.zone, code=self.code)


class SetPurpose(_OfZone):
    """Say what ground without households is for."""

    kind: Literal["purpose"]
    purpose: Purpose

    @override
    def apply(self, draft: Draft, new: Iterator[str]) -> Edit:
        return operations.set_attributes(draft, self.zone, purpose=self.purpose)


class StaffWanted(BaseModel):
    """A post and who is to hold it; nobody: it is vacant."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: PostKind
    holder: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    is_deputy: bool = False


class SetStaff(_OfZone):
    """Say who is to hold the posts of a zone."""

    kind: Literal["staff"]
    staff: Annotated[list[StaffWanted], Field(max_length=20)]

    @override
    def apply(self, draft: Draft, new: Iterator[str]) -> Edit:
        wanted = [Staff(one.kind, one.holder, one.is_deputy) for one in self.staff]
        return operations.set_attributes(draft, self.zone, staff=wanted)


class Lock(Request):
    """Keep zones as they are, or let them be changed again."""

    kind: Literal["lock"]
    zones: Keys
    locked: bool

    @override
    def apply(self, draft: Draft, new: Iterator[str]) -> Edit:
        return operations.lock(draft, self.zones, locked=self.locked)


class Align(Request):
    """Give neighbours each other's vertices."""

    kind: Literal["align"]

    @override
    def apply(self, draft: Draft, new: Iterator[str]) -> Edit:
        return operations.align(draft)


class Replace(Request):
    """Put other zones in place of what lies in a part of the plan: a proposal, or a plan from a file.

    ``images`` are made by the server, never taken from a client: `gis_grids.drafts.images`.
    """

    kind: Literal["repartition", "import"]
    zone: str
    images: list[dict[str, Any]]
    parts: list[str] = []
    source: dict[str, Any] = {}

    @override
    def apply(self, draft: Draft, new: Iterator[str]) -> Edit:
        zones = {image["key"]: zone_of(image) for image in self.images}
        if self.parts:
            return candidates.take_parts(draft, zones, self.parts, new)
        return operations.replace_below(draft, self.zone, zones)


#: What a client may ask for, by its kind.
Asked = Annotated[
    Split
    | Merge
    | Transfer
    | Reshape
    | MoveEdge
    | MoveNode
    | Assign
    | Subdivide
    | Rename
    | Renumber
    | SetPurpose
    | SetStaff
    | Lock
    | Align,
    Field(discriminator="kind"),
]

ASKED: TypeAdapter[Any] = TypeAdapter(Asked)


def _line(places: list[Place]) -> LineString:
    return to_storage(LineString(places))
