"""What a person may see and do: the union of the subtrees of his open posts, by their kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from gis_grids.levels import PostKind
from gis_grids.models import Post

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

CENTRE: Final = frozenset({PostKind.COMMAND_OPERATOR})
PLANNERS: Final = frozenset({PostKind.PLANNER})
OFFICE: Final = frozenset({PostKind.OFFICE_CLERK})
GRID_LEADS: Final = frozenset({PostKind.GRID_LEADER, PostKind.AREA_HEAD})
#: Who reads who has read personal data, and nothing else: not what lies in the unit.
AUDITORS: Final = frozenset({PostKind.AUDITOR})
#: Whose work is at a screen, with many households at once before them.
SCREENS: Final = GRID_LEADS | CENTRE | PLANNERS | OFFICE
#: Who is there for the residents of a few buildings, a compound or a lane, and works on the ground.
NEIGHBOURS: Final = frozenset(
    {
        PostKind.GRID_WORKER,
        PostKind.COMPOUND_STEWARD,
        PostKind.BUILDING_STEWARD,
        PostKind.ENTRANCE_STEWARD,
        PostKind.LANE_BUTLER,
        PostKind.RESIDENT_GROUP_LEADER,
    }
)
#: Who works on the ground; centre, office and planners sit at desks. They are on notice boards (三公开).
FIELD: Final = GRID_LEADS | NEIGHBOURS


@dataclass(frozen=True, slots=True)
class Scope:
    """The open posts of a person. Without posts nothing is in scope."""

    user_id: int | None
    posts: frozenset[tuple[PostKind, int]] = frozenset()

    def roots(self, kinds: Collection[PostKind] | None = None) -> frozenset[int]:
        """Return the ids of the units whose subtrees posts of these kinds open (None: not auditors')."""
        wanted = frozenset(PostKind) - AUDITORS if kinds is None else kinds
        return frozenset(unit for kind, unit in self.posts if kind in wanted)


def may_give(scope: Scope, kind: PostKind, over: Sequence[int]) -> bool:
    """Tell whether somebody gives and ends posts of a kind in a unit; ``over`` are the ids of its chain.

    An office does for those who work on the ground of its subtree. Posts at a desk come from an office of a
    larger unit, so that nobody gives himself more than he was given.
    """
    above = over if kind in FIELD else over[:-1]
    return not scope.roots(OFFICE).isdisjoint(above)


def scope_of(user: AbstractBaseUser | AnonymousUser) -> Scope:
    """Return the person's open posts as of now; none for who is not logged in or no longer active."""
    if not (user.is_authenticated and user.is_active):
        return Scope(user_id=user.pk)
    posts = Post.objects.filter(holder=user.pk, term__contains=timezone.now())
    return Scope(
        user.pk, frozenset((PostKind(kind), unit) for kind, unit in posts.values_list("kind", "unit"))
    )
