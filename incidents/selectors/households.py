"""Whom an errand can be for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from gis_grids.models import Post
from gis_grids.permissions import scope_of
from gis_grids.personal import shown
from gis_grids.selectors import ancestors, chains, descendant_ids
from households.models import HouseholdUnit

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.contrib.auth.models import AbstractBaseUser

#: So many households are shown of those that were found.
MOST_FOUND: Final = 20


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


@dataclass(frozen=True, slots=True)
class HouseholdFound:
    """A household that somebody looked for; the name of its head is masked."""

    household_id: int
    address: str
    householder: str
    unit_name: str


def find_households(user: AbstractBaseUser, words: str) -> list[HouseholdFound]:
    """Return the households in the subtrees of somebody's posts whose address has all the words.

    At most `MOST_FOUND`, by address. Without words none.
    """
    parts = words.split()
    if not parts:
        return []
    below = descendant_ids(scope_of(user).roots())
    rows = HouseholdUnit.objects.filter(unit__in=below, valid__upper_inf=True)
    for part in parts:
        rows = rows.filter(household__address__icontains=part)
    found = list(rows.select_related("household").order_by("household__address")[:MOST_FOUND])
    names = {unit: chain[-1].name for unit, chain in chains({row.unit_id for row in found}).items()}
    return [
        HouseholdFound(
            row.household_id,
            row.household.address,
            shown("households.Household.householder", row.household.householder, in_clear=False),
            names.get(row.unit_id, ""),
        )
        for row in found
    ]
