"""The tree of units with its posts, as the office reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from gis_grids.levels import Level, PostKind
from gis_grids.models import Post
from gis_grids.people import name_of
from gis_grids.selectors.hierarchy import descendant_ids
from gis_grids.selectors.maps import current_versions

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import datetime

    from django.contrib.auth.models import AbstractUser

    from gis_grids.models import UnitVersion


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post of a unit; `holder_id` None and `holder_name` "" when it is vacant, `contact` the service's."""

    post_id: int
    kind: PostKind
    is_deputy: bool
    holder_id: int | None
    holder_name: str
    contact: str = ""


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A unit in the tree. `units_below` counts all units under it, not only its children."""

    unit_id: int
    parent_id: int | None
    code: str
    level: Level
    name: str
    posts: tuple[PostRow, ...]
    children: int
    units_below: int


def tree(under: Collection[int] | None = None, when: datetime | None = None) -> list[TreeRow]:
    """Return the units at `when` (default: now) with their posts; only those in and below `under`, if given.

    Depth first, siblings by code, so that a list of the rows reads as the tree. Two queries.
    """
    at = when or timezone.now()
    scope = Q() if under is None else Q(unit__in=descendant_ids(under, at))
    versions = list(current_versions(when=at).filter(scope).defer("boundary", "boundary_3857"))
    posts = posts_by_unit(scope, at)
    children: dict[int | None, list[UnitVersion]] = {}
    shown = {version.unit_id for version in versions}
    for version in versions:
        parent = version.parent_id if version.parent_id in shown else None
        children.setdefault(parent, []).append(version)
    return [row for top in children.get(None, []) for row in _rows(top, children, posts)]


def posts_by_unit(
    scope: Q, at: datetime, called: Callable[[AbstractUser], str] = name_of
) -> dict[int, list[PostRow]]:
    """Return the open posts at `at` that meet the condition, by unit; ``called`` names holders. One query."""
    found: dict[int, list[PostRow]] = {}
    posts = Post.objects.filter(scope, term__contains=at).select_related("holder")
    for post in posts.order_by("unit", "kind", "is_deputy", "id"):
        name = called(post.holder) if post.holder else ""
        row = PostRow(post.pk, PostKind(post.kind), post.is_deputy, post.holder_id, name, post.contact)
        found.setdefault(post.unit_id, []).append(row)
    return found


def _rows(
    version: UnitVersion, children: dict[int | None, list[UnitVersion]], posts: dict[int, list[PostRow]]
) -> Iterable[TreeRow]:
    mine = children.get(version.unit_id, [])
    below = [row for child in mine for row in _rows(child, children, posts)]
    unit = version.unit
    yield TreeRow(
        unit_id=unit.pk,
        parent_id=version.parent_id,
        code=unit.code,
        level=Level(unit.level),
        name=version.name,
        posts=tuple(posts.get(unit.pk, ())),
        children=len(mine),
        units_below=len(below),
    )
    yield from below
