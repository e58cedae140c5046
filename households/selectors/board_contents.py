"""What a notice board is to say (三公开): who is responsible there, how they are reached, which grid it is.

All of it is for everybody to know. The same is on the public page of a grid, so that board and page agree.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from django.contrib.gis.db.models.functions import PointOnSurface
from django.db.models import Count, Q
from django.utils import timezone

from gis_grids.levels import Level, PostKind
from gis_grids.people import public_name
from gis_grids.permissions import FIELD
from gis_grids.selectors import chains, current_versions, locate
from gis_grids.selectors.office import posts_by_unit
from households.models import Building, BuildingCare, HouseholdUnit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from gis_grids.selectors import ChainLink, PostRow
    from households.models import NoticeBoard

#: The units below a board's own are named on it if there are no more: a sheet has room for so many.
MOST_BELOW: Final = 6
_ORDER: Final = {kind: n for n, kind in enumerate(PostKind)}


@dataclass(frozen=True, slots=True)
class Responsible:
    """A post on a board: of which unit, what it is, who holds it ("": nobody), the service telephone."""

    code: str
    unit: str
    kind: str
    is_deputy: bool
    name: str
    contact: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a sheet says: its place, the grid with its version, what is above it, the people."""

    place: str
    code: str
    unit: str
    version_id: int
    above: tuple[str, ...]
    people: tuple[Responsible, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Content:
        """Return what was stored."""
        people = tuple(Responsible(**one) for one in kept["people"])
        return cls(**{**kept, "above": tuple(kept["above"]), "people": people})


def contents(boards: Sequence[NoticeBoard], when: datetime | None = None) -> dict[int, Content]:
    """Return what each board is to say at `when` (default: now), by its id; some seven queries for all.

    A board whose unit isn't in force, or whose building lies in no unit, is not in the answer.
    """
    at = when or timezone.now()
    grounds = _grounds(boards, at)
    posts = _posts({link.unit_id for ground in grounds.values() for link in ground.links}, at)
    cares = _cares(post.post_id for rows in posts.values() for post in rows)
    found = {}
    for board in boards:
        ground = grounds.get(board.pk)
        if ground is not None:
            place = str(board.building) if board.building else ground.own.name
            found[board.pk] = _content(place, ground, posts, cares, board.building_id)
    return found


def content_of_unit(chain: Sequence[ChainLink], when: datetime | None = None) -> Content:
    """Return what is public of the unit at the end of a chain. Three queries."""
    at = when or timezone.now()
    own = chain[-1]
    ground = _Ground(tuple(chain), _below([own.unit_id], at).get(own.unit_id, ()))
    posts = _posts({link.unit_id for link in ground.links}, at)
    return _content(own.name, ground, posts, {}, None)


@dataclass(frozen=True, slots=True)
class _Ground:
    """The chain down to a board's unit, and the smaller units that it is for as well."""

    chain: tuple[ChainLink, ...]
    below: tuple[ChainLink, ...]

    @property
    def own(self) -> ChainLink:
        return self.chain[-1]

    @property
    def links(self) -> tuple[ChainLink, ...]:
        """Whose people are named: who is nearest first, no higher than the community."""
        near = [link for link in reversed(self.chain) if link.level.depth >= Level.COMMUNITY.depth]
        return (*self.below, *near)


def _grounds(boards: Sequence[NoticeBoard], at: datetime) -> dict[int, _Ground]:
    units = {board.unit_id for board in boards if board.unit_id}
    inside = _units_of_buildings([board.building_id for board in boards if board.building_id], at)
    above = chains({*units, *(unit for found in inside.values() for unit in found)}, at)
    in_force = set(current_versions(when=at).filter(unit__in=above).values_list("unit", flat=True))
    children = _below(units, at)
    grounds = {}
    for board in boards:
        if board.unit_id in in_force and board.unit_id in above:
            grounds[board.pk] = _Ground(above[board.unit_id], children.get(board.unit_id, ()))
        elif board.building_id:
            found = [above[unit] for unit in inside.get(board.building_id, ()) if unit in in_force]
            if found:
                grounds[board.pk] = _shared(found)
    return grounds


def _shared(found: Sequence[tuple[ChainLink, ...]]) -> _Ground:
    """Return the smallest unit that has all these, with them below; where there is none, that of the first.

    So a tower whose floors belong to several resident groups has the building group's board.
    """
    common = [links[0] for links in zip(*found, strict=False) if len({link.unit_id for link in links}) == 1]
    if not common or common[-1].level.depth < Level.COMMUNITY.depth:
        return _Ground(found[0], ())
    below = tuple(chain[-1] for chain in found if len(chain) > len(common))[:MOST_BELOW]
    return _Ground(tuple(common), tuple(sorted(below, key=lambda link: link.code)))


def _units_of_buildings(buildings: Collection[int], at: datetime) -> dict[int, list[int]]:
    """Return the units that a building's households belong to, that with most of them first.

    One without households belongs to where it stands; one that stands in no unit is not in the answer.
    """
    homes = HouseholdUnit.objects.filter(valid__contains=at, household__dwelling__building__in=buildings)
    counted = homes.values_list("household__dwelling__building", "unit").annotate(n=Count("pk"))
    found: dict[int, list[int]] = defaultdict(list)
    for building, unit, _n in counted.order_by("-n", "unit"):
        found[building].append(unit)
    empty = Building.objects.filter(pk__in=set(buildings) - found.keys())
    spots = list(empty.annotate(spot=PointOnSurface("footprint")).values_list("pk", "spot"))
    for (building, _spot), place in zip(spots, locate([(s.x, s.y) for _pk, s in spots], at), strict=True):
        if place.outside_m is None:
            found[building].append(place.unit_id)
    return dict(found)


def _below(units: Collection[int], at: datetime) -> dict[int, tuple[ChainLink, ...]]:
    """Return the children of each unit, where a sheet has room for them."""
    children: dict[int, list[int]] = defaultdict(list)
    rows = current_versions(when=at).filter(parent__in=units).order_by("unit__code")
    for parent, unit in rows.values_list("parent", "unit"):
        children[parent].append(unit)
    few = {parent: found for parent, found in children.items() if len(found) <= MOST_BELOW}
    links = chains({unit for found in few.values() for unit in found}, at)
    return {parent: tuple(links[unit][-1] for unit in found) for parent, found in few.items()}


def _posts(units: Collection[int], at: datetime) -> dict[int, list[PostRow]]:
    return posts_by_unit(Q(unit__in=units, kind__in=FIELD), at, public_name)


def _cares(posts: Iterable[int]) -> dict[int, set[int]]:
    """Return the buildings of each post that isn't there for its whole unit."""
    found: dict[int, set[int]] = defaultdict(set)
    for post, building in BuildingCare.objects.filter(post__in=list(posts)).values_list("post", "building"):
        found[post].add(building)
    return found


def _content(
    place: str,
    ground: _Ground,
    posts: Mapping[int, Sequence[PostRow]],
    cares: Mapping[int, set[int]],
    building_id: int | None,
) -> Content:
    people = [
        Responsible(link.code, link.name, post.kind, post.is_deputy, post.holder_name, post.contact)
        for link in ground.links
        for post in sorted(posts.get(link.unit_id, ()), key=lambda post: (_ORDER[post.kind], post.is_deputy))
        if building_id is None or building_id in cares.get(post.post_id, {building_id})
    ]
    own = ground.own
    return Content(
        place=place,
        code=own.code,
        unit=own.name,
        version_id=own.version_id,
        above=tuple(link.name for link in ground.chain[:-1] if link.level.depth >= Level.STREET.depth),
        people=tuple(_reachable(people)),
    )


def _reachable(people: Sequence[Responsible]) -> list[Responsible]:
    """Give who has no telephone of his own that of the next one up: somebody answers for everybody."""
    found: list[Responsible] = []
    last = ""
    for one in reversed(people):
        last = one.contact or last
        found.append(one if one.contact else replace(one, contact=last))
    return found[::-1]
