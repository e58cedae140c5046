"""New units among the stored ones they will live with: judged family by family, from the bottom up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import Conflict
from gis_grids.geometry.lattice import is_same
from gis_grids.levels import Level
from gis_grids.models import Unit, UnitVersion
from gis_grids.models.shapes import from_stored
from gis_grids.selectors.hierarchy import ancestors
from gis_grids.selectors.tilings import Member, judge
from gis_grids.services.new_units import stored_shape
from gis_grids.services.upper_levels import union_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from shapely import MultiPolygon

    from gis_grids.selectors.tilings import Problem
    from gis_grids.services.new_units import NewUnit

_ROOTS = -1


@dataclass(slots=True)
class Node:
    """A unit of the forest: a new one, or a stored one with its `version`."""

    code: str
    name: str
    level: Level
    parent_code: str | None
    shape: MultiPolygon | None
    feature: int | None = None
    version: UnitVersion | None = None
    is_reshaped: bool = False

    @property
    def is_touched(self) -> bool:
        """Whether the unit is new or has got another shape."""
        return self.version is None or self.is_reshaped

    def as_member(self) -> Member:
        """Return the unit, which has a shape, as the gates see it."""
        return Member(self.code, self.name, self.level, cast("MultiPolygon", self.shape), self.feature)


class Forest:
    """The new units, all units above them, and the siblings of both, at one time."""

    def __init__(self, units: Sequence[NewUnit], at: datetime) -> None:
        self.new = [
            Node(unit.code, unit.name, unit.level, unit.parent_code, stored_shape(unit), unit.feature)
            for unit in units
        ]
        codes = {node.code for node in self.new}
        stored = [node for node in _stored_nodes(self.new, at) if node.code not in codes]
        self._by_code = {node.code: node for node in [*stored, *self.new]}
        self._families: dict[tuple[int, str], list[Node]] = defaultdict(list)
        for node in [*stored, *self.new]:
            self._families[self._family(node)].append(node)

    def settle(self, *, allow_parts: bool, reshape_parents: bool) -> list[Problem]:
        """Judge every family with a new unit, and give each parent the union of its children.

        It goes up from the deepest level and stops below a level whose children are wrong, since what is
        above could only be wrong too. With `reshape_parents` a parent's outline gives way to its children;
        then the parent has to fit its own siblings instead.
        """
        problems: list[Problem] = []
        depths = sorted({depth for depth, _code in self._families}, reverse=True)
        for depth in depths:
            families = {code: family for (d, code), family in self._families.items() if d == depth}
            for code, family in families.items():
                parent = self._by_code.get(code)
                held_to = None if reshape_parents else parent
                problems += _judged(family, held_to, allow_parts=allow_parts, with_reshaped=reshape_parents)
            if any(problem.is_error for problem in problems):
                return problems
            for code, family in families.items():
                if (parent := self._by_code.get(code)) and any(node.is_touched for node in family):
                    _reshape(parent, family)
        return problems

    def reshaped(self) -> list[Node]:
        """Return the stored units whose shape has changed."""
        return [node for node in self._by_code.values() if node.version and node.is_reshaped]

    def _family(self, node: Node) -> tuple[int, str]:
        """Return the parent's depth and code; units without parent make a family by level."""
        parent = self._by_code.get(node.parent_code or "")
        return (parent.level.depth, parent.code) if parent else (_ROOTS, f"{node.parent_code} {node.level}")


def _judged(
    family: Sequence[Node], parent: Node | None, *, allow_parts: bool, with_reshaped: bool
) -> list[Problem]:
    about = {node.code for node in family if node.version is None or (with_reshaped and node.is_reshaped)}
    members = [node.as_member() for node in family if node.shape is not None]
    if not about or not members:
        return []
    whole = parent.as_member() if parent and parent.shape else None
    return judge(members, whole, allow_parts=allow_parts, about=about)


def _reshape(parent: Node, family: Sequence[Node]) -> None:
    union = union_of([node.shape for node in family if node.shape is not None])
    if parent.shape is None or not is_same(parent.shape, union):
        parent.shape = union
        parent.is_reshaped = True


def _stored_nodes(new: Sequence[Node], at: datetime) -> Iterator[Node]:
    """Yield the stored units above the new ones with their children, and the stored siblings of new roots.

    Siblings of any time from `at` on, since the new units will live with all of them.
    """
    parents = {node.parent_code for node in new if node.parent_code}
    chains = ancestors(Unit.objects.filter(code__in=parents).values_list("pk", flat=True), at)
    above = {unit for chain in chains.values() for unit in chain}
    tops = {chain[0] for chain in chains.values()}
    root_levels = {node.level for node in new if node.parent_code is None}
    root_levels |= {
        Level(level) for level in Unit.objects.filter(pk__in=tops).values_list("level", flat=True)
    }
    roots = Q(parent=None, unit__level__in=root_levels)
    versions = UnitVersion.objects.filter(Q(unit__in=above) | Q(parent__in=above) | roots)
    from_then_on = versions.filter(valid__overlap=DateTimeTZRange(at, None))
    for version in from_then_on.select_related("unit", "parent"):
        if version.unit_id in above and version.valid.upper is not None:
            message = _("%(unit)s will change on %(date)s. Units can be added below it only from then on.")
            details = {"unit": version.unit.code, "date": version.valid.upper.date()}
            raise Conflict("unit.changes_later", message, details)
        parent = version.parent.code if version.parent else None
        shape = cast("MultiPolygon", from_stored(version.boundary))
        yield Node(version.unit.code, version.name, Level(version.unit.level), parent, shape, version=version)
