"""The buildings of a steward: two or three of his unit (S1); without any he is there for all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Refused
from gis_grids.levels import PostKind
from gis_grids.permissions import may_give, scope_of
from gis_grids.selectors import ancestors
from gis_grids.services.posts import locked_post
from households.models import BuildingCare
from households.selectors.cares import CARERS, houses_in

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.contrib.auth.models import AbstractBaseUser

    from gis_grids.hooks import HandOver

_REFUSED: Final = _("To give or end this post is not for you. Ask the office above.")


@transaction.atomic
def set_buildings(*, actor: AbstractBaseUser, post_id: int, buildings: Collection[int]) -> None:
    """Say which buildings of its unit a post is there for; none: all of them.

    Raises `Refused` ("post.not_yours"), `NotFound` ("post.unknown"), `Conflict` ("post.ended"), `BadInput`
    ("post.other_kind", "post.other_ground").
    """
    post = locked_post(post_id, timezone.now())
    kind = PostKind(post.kind)
    if not may_give(scope_of(actor), kind, ancestors([post.unit_id]).get(post.unit_id, ())):
        raise Refused("post.not_yours", _REFUSED)
    if kind not in CARERS:
        raise BadInput("post.other_kind", _("A post of this kind is there for its whole unit."))
    wanted = set(buildings)
    if wanted - set(houses_in(post.unit_id).values_list("pk", flat=True)):
        raise BadInput("post.other_ground", _("One of the buildings doesn't stand in this unit."))
    BuildingCare.objects.filter(post=post).exclude(building__in=wanted).delete()
    cares = [BuildingCare(post=post, building_id=pk) for pk in sorted(wanted)]
    BuildingCare.objects.bulk_create(cares, ignore_conflicts=True)


def pass_buildings_on(passed: HandOver) -> int:
    """Give the successor in a post the buildings of the old holder (the ground floor's hook); no tasks."""
    theirs = BuildingCare.objects.filter(post=passed.post_id).values_list("building", flat=True)
    BuildingCare.objects.bulk_create(
        BuildingCare(post_id=passed.successor_id, building_id=building) for building in theirs
    )
    return 0
