"""A drawn area for who commands there: what is in it, and who is responsible."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import Refused
from gis_grids.geometry.areas import drawn_area
from gis_grids.levels import Level, PostKind
from gis_grids.models import Post
from gis_grids.permissions import CENTRE, FIELD, OFFICE, scope_of
from gis_grids.selectors import area_in
from gis_grids.selectors.hierarchy import listed
from households.selectors.areas import LivingCount, count_living
from incidents.permissions import may_announce
from incidents.selectors.duty import turns_at
from incidents.selectors.visible import visible_cases
from incidents.workflow import ENDED

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import QuerySet

    from gis_grids.selectors import Area
    from incidents.selectors.duty import LonLat

#: Above the community nobody is responsible for a single place.
_TOPMOST: Final = Level.COMMUNITY


@dataclass(frozen=True, slots=True)
class PostCount:
    """How many posts of a kind there are, and how many of their holders have a turn of duty now."""

    kind: PostKind
    posts: int
    on_duty: int


@dataclass(frozen=True, slots=True)
class AreaCount:
    """What is in an area now, in numbers: no person can be told from them."""

    living: LivingCount
    posts: tuple[PostCount, ...]
    people: int
    open_cases: int


def commanded_area(user: AbstractBaseUser, ring: Sequence[LonLat]) -> Area:
    """Return what of a drawn area the user commands in, as centre or office.

    Raises `Refused` ("area.not_yours": no such post; "area.apart": several of his grids, and nothing that
    holds them all is his), and what `drawn_area` and `area_in` raise.
    """
    scope = scope_of(user)
    roots = scope.roots(CENTRE | OFFICE)
    if not roots:
        raise Refused("area.not_yours", _("Only the command centre and the offices command in an area."))
    area = area_in(drawn_area(ring), roots)
    if not may_announce(scope, area.chain):
        raise Refused(
            "area.apart",
            _("The area lies in several of your grids, and none above them is yours. Draw one in each."),
        )
    return area


def count_area(user: AbstractBaseUser, area: Area) -> AreaCount:
    """Return what is in the area as the user may see it. Seven queries."""
    posts = list(posts_in(area.unit_ids, but=user))
    held = Counter(PostKind(post.kind) for post in posts)
    people = {post.holder_id for post in posts}
    here = set(turns_at(timezone.now()).filter(person__in=people).values_list("person", flat=True))
    busy = Counter(PostKind(post.kind) for post in posts if post.holder_id in here)
    cases = visible_cases(user).filter(place__intersects=area.stored).exclude(state__in=ENDED)
    return AreaCount(
        living=count_living(area.stored),
        posts=tuple(PostCount(kind, held[kind], busy[kind]) for kind in PostKind if held[kind]),
        people=len(people),
        open_cases=cases.count(),
    )


def numbers_of(count: AreaCount) -> dict[str, object]:
    """Return a count as it goes into the log of an emergency: plain numbers."""
    return {
        "households": count.living.households,
        "residents": count.living.residents,
        "needs": {need.kind: need.people for need in count.living.needs or ()},
        "posts": {each.kind.value: each.posts for each in count.posts},
        "people": count.people,
        "open_cases": count.open_cases,
    }


def posts_in(unit_ids: Collection[int], *, but: AbstractBaseUser) -> QuerySet[Post]:
    """Return the posts on the ground that others hold now in the units, from the community down."""
    levels = [level for level in Level if level.depth >= _TOPMOST.depth]
    posts = Post.objects.filter(
        unit__in=listed(unit_ids),
        unit__level__in=levels,
        kind__in=FIELD,
        term__contains=timezone.now(),
        holder__is_active=True,
    )
    return posts.exclude(holder=but.pk).order_by("unit__code", "kind", "pk")
