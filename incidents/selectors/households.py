"""Whom an errand can be for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from gis_grids.models import Post
from gis_grids.selectors import ancestors
from households.models import HouseholdUnit

if TYPE_CHECKING:
    from collections.abc import Collection


def visible_households(asked: Collection[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    """Return those of the pairs (user, household) whose user has the household's unit in his scope.

    No query if nothing is asked, else three.
    """
    if not asked:
        return frozenset()
    open_rows = HouseholdUnit.objects.filter(household__in={pair[1] for pair in asked}, valid__upper_inf=True)
    homes = dict(open_rows.values_list("household", "unit"))
    posts = Post.objects.filter(
        holder__in={pair[0] for pair in asked}, holder__is_active=True, term__contains=timezone.now()
    )
    held = set(posts.values_list("holder", "unit"))
    above = ancestors(homes.values())
    return frozenset(
        (user, household)
        for user, household in asked
        if household in homes and any((user, unit) in held for unit in above[homes[household]])
    )
