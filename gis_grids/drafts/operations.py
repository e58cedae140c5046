"""What a planner may do to a draft (planner.md 4.3), on any level: an operation is refused or is an edit.

Shapes are drawn on leaves by `gis_grids.geometry.redraw`. On a level above, a line goes through whatever
leaves lie there: whole leaves change their parent, a leaf that is cut is divided, or gives its piece to the
leaf beside it. Operations raise `CannotDrawError`; they never change the draft that they are given.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import shapely

from gis_grids.drafts.board import Board
from gis_grids.drafts.zones import SCOPE
from gis_grids.geometry.faults import fault_of
from gis_grids.geometry.gates import check_tiling
from gis_grids.geometry.lattice import to_storage
from gis_grids.geometry.outlines import joined
from gis_grids.geometry.redraw import CannotDrawError, is_crumb, two_halves, with_vertex_moved

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from shapely import LineString, Point
    from shapely.geometry.base import BaseGeometry

    from gis_grids.drafts.zones import Draft, Edit, Shape, Staff, Zone
    from gis_grids.levels import Level

    Keys = Iterator[str]


def split(draft: Draft, zone: str, line: LineString, *, new: Keys, name: str = "") -> Edit:
    """Cut a zone in two by a line. The smaller half is the new zone; what lies across is divided too."""
    board = Board(draft)
    board.check_free(zone)
    if board.is_leaf(zone):
        key = next(new)
        board.apply(board.redraw.split(zone, line, key), [board.twin(zone, key, name)])
        return board.edit()
    smaller, _larger = two_halves(zone, _parts(draft.shape_of(zone), line))
    board.part(zone, cast("Shape", smaller), next(new), new=new, name=name)
    return board.edit()


def merge(draft: Draft, keep: str, others: Collection[str]) -> Edit:
    """Join zones of one level; ``keep`` goes on with all that lies in them, the others end."""
    board = Board(draft)
    board.check_free(keep, *others)
    board.check_same_level(keep, *others)
    leaves = [key for key in (keep, *others) if board.is_leaf(key)]
    if leaves == [keep, *others]:
        board.apply(board.redraw.merge(keep, others))
    elif leaves:
        raise CannotDrawError("undivided", leaves)
    else:
        _one_piece(draft, keep, *others)
        for other in others:
            board.absorb(keep, other)
    board.drop_empty(draft.zones[other].parent for other in others)
    return board.edit()


def transfer(draft: Draft, target: str, piece: Shape, *, new: Keys, sources: Collection[str] = ()) -> Edit:
    """Give what lies in the piece to a zone: of the zones named, or of all others on its level."""
    board = Board(draft)
    board.check_free(target, *sources)
    sources = sources or [key for key in board.on_level(draft.zones[target].level, piece) if key != target]
    board.check_same_level(target, *sources)
    gave = 0
    for source in sources:
        try:
            gave += board.give(source, target, piece, new)
        except CannotDrawError as error:
            if error.code != "nothing":
                raise
    if not gave:
        raise CannotDrawError("nothing", sources or [target])
    return board.edit()


def reshape(draft: Draft, a: str, b: str, line: BaseGeometry, *, new: Keys) -> Edit:
    """Make a line the common border of two zones: what lies on the other's side changes hands."""
    board = Board(draft)
    board.check_free(a, b)
    board.check_same_level(a, b)
    if board.is_leaf(a) and board.is_leaf(b):
        board.apply(board.redraw.reshape(a, b, line))
        return board.edit()
    shapes = {key: draft.shape_of(key) for key in (a, b)}
    pieces: dict[str, list[Shape]] = {a: [], b: []}
    for part in _parts(_one_piece(draft, a, b), line):
        shares = {key: shapely.area(shapely.intersection(part, shape)) for key, shape in shapes.items()}
        pieces[max((a, b), key=shares.__getitem__)].append(part)
    for source, target in ((a, b), (b, a)):
        # Where the line stays on the border, the two have a line in common beside the piece itself.
        common = shapely.get_parts(shapely.intersection(shapely.union_all(pieces[target]), shapes[source]))
        piece = shapely.union_all([part for part in common if part.geom_type == "Polygon"])
        if not is_crumb(piece):
            board.give(source, target, cast("Shape", piece), new)
    return board.edit()


def move_edge(  # noqa: PLR0913 - the edge is two zones and a line
    draft: Draft, a: str, b: str, *, old: LineString, to: LineString, new: Keys
) -> Edit:
    """Move a common border of two zones, between nodes that stay: both neighbours follow.

    ``old`` is the border as it is, vertex by vertex; ``to`` runs between the same two ends. It may not reach
    into a third zone (E02), nor out of the scope (locked).
    """
    board = Board(draft)
    board.check_free(a, b)
    shapes = [draft.shape_of(key) for key in (a, b)]
    common = shapely.intersection(*shapely.boundary(shapes))
    if not shapely.covers(shapely.buffer(common, _HAIR), old):
        raise CannotDrawError("E11", [a, b])
    if not shapely.is_simple(to):
        raise CannotDrawError("E05", [a, b], _crossing(to))
    both = shapely.union_all(shapes)
    beyond = shapely.difference(to, shapely.buffer(both, _HAIR))
    if not shapely.is_empty(beyond):
        where = shapely.point_on_surface(beyond)
        hit = [key for key in board.on_level(draft.zones[a].level, beyond) if key not in {a, b}]
        raise CannotDrawError("E02" if hit else "locked", [a, *hit[:1]] if hit else [a, b], where)
    rest = shapely.difference(common, shapely.buffer(old, _HAIR))
    return reshape(draft, a, b, shapely.union_all([to, *_lines(rest)]), new=new)


def move_node(draft: Draft, node: Point, to: Point) -> Edit:
    """Move a vertex in all zones that have it: two at a border, three or more where borders meet.

    Of a border that would cross itself, on whatever level, that is told (E05), not what comes of it.
    """
    board = Board(draft)
    try:
        board.apply(board.redraw.move_node(node, to))
    except CannotDrawError as error:
        if error.code in {"E01", "E02", "E03"}:
            _check_simple(draft, node, to)
        raise
    return board.edit()


def _check_simple(draft: Draft, node: Point, to: Point) -> None:
    """Raise ("E05") if the border of a zone, with a vertex moved, would cross itself."""
    old, new = (shapely.get_coordinates(to_storage(point))[0] for point in (node, to))
    leaves = [key for key, leaf in draft.leaves.items() if shapely.intersects(leaf.shape, node)]
    for key in dict.fromkeys(zone.key for leaf in leaves for zone in reversed(draft.chain(leaf))):
        shape = with_vertex_moved(draft.shape_of(key), old, new)
        if not shapely.is_valid(shape):
            raise CannotDrawError("E05", [key], fault_of(shape)[1]) from None


def align(draft: Draft) -> Edit:
    """Give each leaf the vertices that its neighbours have on the common border (E06); no ground moves."""
    board = Board(draft)
    board.apply(board.redraw.align())
    return board.edit()


def assign(draft: Draft, zone: str, parent: str) -> Edit:
    """Put a zone with all that is in it under another parent; a parent that is left empty ends."""
    board = Board(draft)
    board.check_free(zone, *({parent} - {SCOPE}))
    former = draft.zones[zone].parent
    if SCOPE in {parent, former} or draft.zones[parent].level != draft.zones[former].level:
        raise CannotDrawError("level", [zone, parent])
    if board.is_leaf(parent):
        raise CannotDrawError("undivided", [parent])
    if parent == former:
        raise CannotDrawError("same", [zone, parent])
    board.put(replace(draft.zones[zone], parent=parent))
    board.drop_empty([former])
    return board.edit()


def subdivide(draft: Draft, zone: str, level: Level, *, new: Keys, name: str = "") -> Edit:
    """Begin a level below a leaf: one zone that is all of it, to be split then."""
    board = Board(draft)
    board.check_free(zone)
    leaf = draft.zones[zone]
    if leaf.shape is None or level.depth <= leaf.level.depth:
        raise CannotDrawError("level", [zone])
    key = next(new)
    child = board.twin(zone, key, name or leaf.name)
    board.put(replace(child, level=level, parent=zone, shape=leaf.shape), replace(leaf, shape=None))
    return board.edit()


def replace_below(draft: Draft, zone: str, zones: Mapping[str, Zone]) -> Edit:
    """Put other zones in place of all that lies in a zone (`SCOPE`: in the plan). They tile the same ground.

    Zones of the draft that are named again go on, all others in there end. Raises the gate's code if the
    ground isn't the same or isn't tiled ("E01" to "E06").
    """
    board = Board(draft)
    if zone != SCOPE:
        board.check_free(zone)
    former = [z for z in draft.below(zone) if z.key != zone]
    if any(z.is_locked for z in former):
        raise CannotDrawError("zone_locked", [z.key for z in former if z.is_locked])
    ground = draft.ground if zone == SCOPE else draft.shape_of(zone)
    leaves = {key: z.shape for key, z in zones.items() if z.shape is not None}
    for finding in check_tiling(list(leaves.values()), ground, names=list(leaves), allow_parts=True):
        raise CannotDrawError(
            finding.code, [list(leaves)[n] for n in finding.units], finding.where, size=finding.size
        )
    if former:
        board.end(*(z.key for z in former))
    if zone != SCOPE:
        board.put(replace(draft.zones[zone], shape=None))
    board.put(*zones.values())
    if zone != SCOPE:
        board.align(ground)
    return board.edit()


def set_attributes(  # noqa: PLR0913 - one for each attribute
    draft: Draft,
    zone: str,
    *,
    name: str | None = None,
    code: str | None = None,
    purpose: str | None = None,
    staff: Sequence[Staff] | None = None,
) -> Edit:
    """Rename, renumber, say what empty ground is for, or who is to have the posts."""
    board = Board(draft)
    board.check_free(zone)
    known = draft.zones[zone]
    changed = replace(
        known,
        name=known.name if name is None else name,
        code=known.code if code is None else code,
        purpose=known.purpose if purpose is None else purpose,
        staff=known.staff if staff is None else tuple(staff),
    )
    if changed == known:
        raise CannotDrawError("same", [zone])
    board.put(changed)
    return board.edit()


def lock(draft: Draft, zones: Collection[str], *, locked: bool) -> Edit:
    """Keep zones, and all that is in them, as they are; or let them be changed again."""
    board = Board(draft)
    for key in zones:
        if key not in draft.zones:
            raise CannotDrawError("unknown", [key])
        board.put(replace(draft.zones[key], is_locked=locked))
    return board.edit()


#: Wider than what rounding does to a line on the lattice, far below the centimetre: in degrees.
_HAIR = 5e-9


def _parts(ground: Shape, line: BaseGeometry) -> list[Shape]:
    """Return the parts into which a line cuts the ground."""
    noded = shapely.union_all([shapely.boundary(ground), line])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    shapely.prepare(ground)
    return [face for face in faces if shapely.contains(ground, shapely.point_on_surface(face))]


def _one_piece(draft: Draft, *keys: str) -> Shape:
    """Return the union of zones, which must hang together as well as each does by itself."""
    before = [draft.shape_of(key) for key in keys]
    union = to_storage(joined(before))
    if shapely.get_num_geometries(union) > max(shapely.get_num_geometries(before)):
        smallest = min(shapely.get_parts(union), key=shapely.area)
        raise CannotDrawError(
            "E04", keys, smallest.representative_point(), parts=len(shapely.get_parts(union))
        )
    return union


def _lines(geometry: BaseGeometry) -> list[BaseGeometry]:
    return [part for part in shapely.get_parts(geometry) if part.geom_type == "LineString"]


def _crossing(line: LineString) -> Point:
    """Return a place where a line crosses itself."""
    nodes = shapely.get_parts(shapely.node(line))
    ends = [point for part in nodes for point in (shapely.get_point(part, 0), shapely.get_point(part, -1))]
    own = {shapely.get_point(line, 0).wkb, shapely.get_point(line, -1).wkb}
    return next((point for point in ends if point.wkb not in own), ends[0])
