"""Posts as an office keeps them: those of a subtree, who is missing, and the terms of a unit or a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat, Lower
from django.utils import timezone

from gis_grids.levels import KINDS_OF_LEVEL, Level, PostKind
from gis_grids.models import Post, UnitVersion
from gis_grids.permissions import FIELD
from gis_grids.selectors.hierarchy import descendant_ids
from gis_grids.selectors.maps import current_versions

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.contrib.auth.models import AbstractUser
    from django.db.models import QuerySet

#: A term that ends within so many days is about to end: time to look for a successor.
SOON: Final = timedelta(days=60)
#: So many people are offered for a name.
MOST_PEOPLE: Final = 20


class Standing(StrEnum):
    """How a term stands."""

    HELD = "held"
    ENDS_SOON = "ends_soon"
    VACANT = "vacant"
    TO_COME = "to_come"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFilter:
    """What is looked for among posts: each of them, if given."""

    words: str = ""
    kind: PostKind | None = None
    standing: Standing | None = None
    person: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A unit in which nobody has the post that somebody must have there."""

    code: str
    name: str
    level: Level
    kind: PostKind


def posts_below(roots: Collection[int], wanted: PostFilter, when: datetime | None = None) -> QuerySet[Post]:
    """Return the posts of the subtrees by unit, with ``unit_name``; those that are over if asked for."""
    at = when or timezone.now()
    posts = Post.objects.filter(unit__in=descendant_ids(roots, at)).filter(_standing(wanted.standing, at))
    if wanted.kind:
        posts = posts.filter(kind=wanted.kind)
    if wanted.words:
        named = current_versions(when=at).filter(name__icontains=wanted.words).values("unit")
        posts = posts.filter(Q(unit__in=named) | Q(unit__code__startswith=wanted.words))
    if wanted.person:
        posts = posts.filter(holder__in=_called(wanted.person))
    return _named(posts, at).order_by("unit__code", "kind", "is_deputy", "-term", "pk")


def posts_of_unit(unit_id: int) -> QuerySet[Post]:
    """Return all terms of a unit's posts, the newest first."""
    return _named(Post.objects.filter(unit=unit_id), timezone.now()).order_by("-term", "kind", "pk")


def posts_of_person(user_id: int, roots: Collection[int]) -> QuerySet[Post]:
    """Return the terms that somebody has or had in the subtrees, the newest first."""
    posts = Post.objects.filter(holder=user_id, unit__in=descendant_ids(roots))
    return _named(posts, timezone.now()).order_by("-term", "pk")


def standing_of(post: Post, when: datetime | None = None) -> Standing:
    """Return how a term stands at `when` (default: now)."""
    at = when or timezone.now()
    if post.term.lower is not None and post.term.lower > at:
        return Standing.TO_COME
    if post.term.upper is not None and post.term.upper <= at:
        return Standing.OVER
    if post.holder_id is None:
        return Standing.VACANT
    if post.term.upper is not None and post.term.upper <= at + SOON:
        return Standing.ENDS_SOON
    return Standing.HELD


def gaps(roots: Collection[int], when: datetime | None = None) -> list[Gap]:
    """Return the units of the subtrees in which nobody has the first of `KINDS_OF_LEVEL`. One query.

    A deputy doesn't fill the post.
    """
    at = when or timezone.now()
    first = {level: kinds[0] for level, kinds in KINDS_OF_LEVEL.items()}
    held = Post.objects.filter(
        unit=OuterRef("unit"), is_deputy=False, holder__isnull=False, term__contains=at
    )
    lacking = Q()
    for level, kind in first.items():
        lacking |= Q(unit__level=level) & Q(~Exists(held.filter(kind=kind)))
    units = current_versions(when=at).filter(lacking, unit__in=descendant_ids(roots, at))
    rows = units.order_by("unit__code").values_list("unit__code", "name", "unit__level")
    return [Gap(code, name, Level(level), first[Level(level)]) for code, name, level in rows]


def people_called(name: str, roots: Collection[int]) -> list[AbstractUser]:
    """Return the people with this name who have or had posts in the subtrees, or have none anywhere."""
    posts = Post.objects.filter(holder=OuterRef("pk"))
    here = posts.filter(unit__in=descendant_ids(roots))
    people = _called(name).filter(Q(Exists(here)) | ~Q(Exists(posts)), is_active=True)
    return list(people.order_by("pk")[:MOST_PEOPLE])


def field_kinds() -> list[PostKind]:
    """Return the kinds of post of those who work on the ground, in their order."""
    return [kind for kind in PostKind if kind in FIELD]


def _called(name: str) -> QuerySet[AbstractUser]:
    """Return who is called so, wholly or in part, whichever name comes first."""
    users = get_user_model().objects.annotate(
        han=Concat("last_name", "first_name"), western=Concat("first_name", Value(" "), "last_name")
    )
    return users.filter(Q(han__icontains=name) | Q(western__icontains=name) | Q(username=name))


def _standing(standing: Standing | None, at: datetime) -> Q:
    return {
        None: Q(term__upper_inf=True) | Q(term__endswith__gt=at),
        Standing.HELD: Q(term__contains=at, holder__isnull=False),
        Standing.ENDS_SOON: Q(term__contains=at, holder__isnull=False, term__endswith__lte=at + SOON),
        Standing.VACANT: Q(term__contains=at, holder=None),
        Standing.TO_COME: Q(term__startswith__gt=at),
        Standing.OVER: Q(term__endswith__lte=at),
    }[standing]


def _named(posts: QuerySet[Post], at: datetime) -> QuerySet[Post]:
    """Add what the unit of each is called at a time, or was called last."""
    versions = UnitVersion.objects.filter(unit=OuterRef("unit"), valid__startswith__lte=at)
    last = versions.order_by(Lower("valid").desc())
    return posts.select_related("unit", "holder").annotate(unit_name=Subquery(last.values("name")[:1]))
