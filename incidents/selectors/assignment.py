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
from incidents.permissions import HANDLING_POSTS
from incidents.selectors.duty import on_duty
from incidents.workflow import ENDED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gis_grids.selectors import ChainLink


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who can be assigned, by one of his posts: the one nearest to the case.

    ``is_on_duty`` says whether he has a turn now in the roster that counts there.
    """

    user_id: int
    name: str
    post: PostKind
    unit_id: int
    unit_name: str
    open_cases: int
    is_on_duty: bool


def assignable(chain: Sequence[ChainLink], now: datetime | None = None) -> list[Candidate]:
    """Return who holds an open post in a unit of the chain, nearest first, then by load and name.

    ``chain`` is that of the case's unit, from the top down. Three queries, or four where there is a roster.
    """
    at = now or timezone.now()
    depth = {link.unit_id: n for n, link in enumerate(chain)}
    posts = Post.objects.filter(
        unit__in=depth, term__contains=at, holder__is_active=True, kind__in=HANDLING_POSTS
    )
    nearest: dict[int, Post] = {}
    for post in sorted(posts, key=lambda each: (depth[each.unit_id], -each.pk)):
        if post.holder_id:
            nearest[post.holder_id] = post
    here = {turn.user_id for turn in on_duty(chain, at)}
    people = get_user_model().objects.filter(pk__in=nearest)
    found = [
        Candidate(
            user_id=person.pk,
            name=name_of(person),
            post=PostKind(nearest[person.pk].kind),
            unit_id=nearest[person.pk].unit_id,
            unit_name=chain[depth[nearest[person.pk].unit_id]].name,
            open_cases=person.load,
            is_on_duty=person.pk in here,
        )
        for person in people.annotate(load=Count("cases", filter=~Q(cases__state__in=ENDED)))
    ]
    found.sort(key=lambda one: (-depth[nearest[one.user_id].unit_id], one.open_cases, one.name))
    return found
