"""A candidate of the proposal engine as zones of a plan: whole, or the parts of it that a planner takes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import shapely

from gis_grids.drafts.board import Board
from gis_grids.drafts.zones import SCOPE, Zone
from gis_grids.geometry.redraw import CannotDrawError, is_crumb
from gis_grids.levels import Level

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from gis_grids.drafts.zones import Draft, Edit, Shape
    from gis_grids.geometry.proposals.hierarchy import ProposedUnit


def ground_of(draft: Draft, zone: str) -> Shape:
    """Return what a zone covers; `SCOPE`: everything."""
    return draft.ground if zone == SCOPE else draft.shape_of(zone)


def divided(draft: Draft, zone: str, level: Level) -> list[Zone]:
    """Return the zones of a level that a proposal for a zone is to replace: its children.

    Raises `CannotDrawError` ("level") if the level is not the one right below.
    """
    children = [draft.zones[key] for key in draft.children.get(zone, ())]
    if any(child.level != level for child in children):
        raise CannotDrawError("level", [child.key for child in children])
    return children


def zones_of_candidate(  # noqa: PLR0913 - a candidate, and where it is to be
    draft: Draft,
    zone: str,
    level: Level,
    shapes: Mapping[str, Shape],
    *,
    atoms: Mapping[str, str],
    prefix: str,
) -> dict[str, Zone]:
    """Return all that is to lie in a zone: the candidate's zones, and what is below them as it is.

    ``shapes`` are the candidate's zones by key: one of today's, which goes on, or any other, which is new.
    ``atoms`` say for each zone two levels below to which it comes, where there are such; then the shapes are
    what they are together, and no border but theirs is drawn.
    """
    made: dict[str, Zone] = {}
    for n, (key, shape) in enumerate(shapes.items(), start=1):
        known = draft.zones.get(key)
        if known is not None:
            made[key] = replace(known, shape=None if atoms else shape)
        else:
            own = f"{prefix}-{n}"
            made[key] = Zone(own, level, zone, _name(draft, zone, n), None if atoms else shape)
    for atom, home in atoms.items():
        for below in draft.below(atom):
            parent = made[home].key if below.key == atom else below.parent
            made[f"below {below.key}"] = replace(below, parent=parent)
    used = {each.parent for each in made.values()}
    return {each.key: each for each in made.values() if each.shape is not None or each.key in used}


def hierarchy_zones(
    draft: Draft, zone: str, units: Sequence[ProposedUnit], *, prefix: str
) -> dict[str, Zone]:
    """Return the units of a proposed hierarchy as zones in a zone; those of the lowest level have shapes."""
    above = draft.scope_name if zone == SCOPE else draft.zones[zone].name
    parents = {unit.parent for unit in units}
    return {
        f"{prefix}-{unit.key}": Zone(
            f"{prefix}-{unit.key}",
            Level(unit.level),
            zone if unit.parent is None else f"{prefix}-{unit.parent}",
            f"{above} {unit.key}",
            None if unit.key in parents else unit.shape,
        )
        for unit in units
    }


def take_parts(draft: Draft, zones: Mapping[str, Zone], wanted: Collection[str], new: Iterator[str]) -> Edit:
    """Return what it does to a draft to take some zones of a candidate, and leave the others as they are.

    ``zones`` are the candidate's (`zones_of_candidate`). A zone that goes on gets its ground, and gives what
    it has beyond that to its neighbours; a new one is first cut off the zone that has most of its ground.
    Each is called as the candidate has it.
    """
    board = Board(draft)
    tops = {key: zone for key, zone in zones.items() if key in wanted}
    if not tops:
        raise CannotDrawError("unknown", wanted)
    for key, zone in tops.items():
        piece = zone.shape
        if piece is None:
            _take_children(board, key, zone, zones)
        else:
            _take_ground(board, key, zone, piece, new)
        if (here := board.now.zones[key]).name != zone.name:
            board.put(replace(here, name=zone.name))
    return board.edit()


def _take_children(board: Board, key: str, zone: Zone, zones: Mapping[str, Zone]) -> None:
    if key not in board.now.zones:
        board.put(replace(zone, shape=None))
    children = [child.key for child in zones.values() if child.parent == key and child.key in board.now.zones]
    former = [board.now.zones[child].parent for child in children]
    board.put(*(replace(board.now.zones[child], parent=key) for child in children))
    board.drop_empty(former)


def _take_ground(board: Board, key: str, zone: Zone, piece: Shape, new: Iterator[str]) -> None:
    near = [other for other in board.on_level(zone.level, piece) if other != key]
    shares = shapely.area(shapely.intersection([board.now.shape_of(other) for other in near], piece))
    if key not in board.now.zones and near:
        main = near.pop(int(shares.argmax()))
        if not is_crumb(shapely.difference(board.now.shape_of(main), piece)):
            board.part(main, piece, key, new=new, name=zone.name)
        else:
            board.succeed(main, key, name=zone.name)
    for other in near:
        _give(board, other, key, piece, new)
    for part in shapely.get_parts(shapely.difference(board.now.shape_of(key), piece)):
        if not is_crumb(part) and (beside := board.beside(key, part)):
            _give(board, key, beside, part, new)


def _give(board: Board, source: str, target: str, piece: Shape, new: Iterator[str]) -> None:
    """Give a zone's ground in a piece to another zone, though it be all of it, or nothing."""
    try:
        board.give(source, target, piece, new)
    except CannotDrawError as error:
        if error.code == "all":
            board.absorb(target, source)
        elif error.code != "nothing":
            raise


def _name(draft: Draft, zone: str, n: int) -> str:
    above = draft.scope_name if zone == SCOPE else draft.zones[zone].name
    return f"{above}{n:02}"
