"""Who can be given a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db.models import Count, Q
from django.utils import timezone

from gis_grids.levels import PostKind
from gis_grids.models import Post
from gis_grids.people import name_of
from incidents.workflow import ENDED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis_grids.selectors import ChainLink


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who can be assigned, by one of his posts: the one nearest to the case."""

    user_id: int
    name: str
    post: PostKind
    unit_name: str
    open_cases: int


def assignable(chain: Sequence[ChainLink]) -> list[Candidate]:
    """Return who holds an open post in a unit of the chain, nearest first, then by load and name.

    ``chain`` is that of the case's unit, from the top down. Two queries.
    """
    depth = {link.unit_id: n for n, link in enumerate(chain)}
    posts = Post.objects.filter(unit__in=depth, term__contains=timezone.now(), holder__is_active=True)
    nearest: dict[int, Post] = {}
    for post in sorted(posts, key=lambda each: (depth[each.unit_id], -each.pk)):
        if post.holder_id:
            nearest[post.holder_id] = post
    people = get_user_model().objects.filter(pk__in=nearest)
    found = [
        Candidate(
            user_id=person.pk,
            name=name_of(person),
            post=PostKind(nearest[person.pk].kind),
            unit_name=chain[depth[nearest[person.pk].unit_id]].name,
            open_cases=person.load,
        )
        for person in people.annotate(load=Count("cases", filter=~Q(cases__state__in=ENDED)))
    ]
    found.sort(key=lambda one: (-depth[nearest[one.user_id].unit_id], one.open_cases, one.name))
    return found
