"""Private matters: who has leave to see their cases."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from gis_grids.selectors import descendant_ids
from incidents.models import MatterGrant

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
    from django.db.models import QuerySet

#: The code of a private matter, and the unit in whose subtree its cases may be seen.
Grant = tuple[str, int]


def open_grants(user: AbstractBaseUser | AnonymousUser) -> frozenset[Grant]:
    """Return the grants that the user has as of now; none for who is not active. One query."""
    if not (user.is_authenticated and user.is_active):
        return frozenset()
    grants = MatterGrant.objects.filter(holder=user.pk, term__contains=timezone.now())
    return frozenset(grants.values_list("matter_code", "unit"))


def grants_below(scope_roots: Collection[int]) -> QuerySet[MatterGrant]:
    """Return all grants for units in these subtrees, also those that have ended, the latest first."""
    grants = MatterGrant.objects.filter(unit__in=descendant_ids(scope_roots))
    return grants.select_related("holder", "granted_by", "unit").order_by("-term", "-pk")


def seen_below(scope_roots: Collection[int], grants: Collection[Grant]) -> Q:
    """Return the condition that a case is seen by whose posts and grants these are.

    It lies in the subtree of one of the units; that of a private matter also in that of a grant for it.
    """
    open_to_him = Q(matter__is_private=False)
    units: dict[str, list[int]] = defaultdict(list)
    for code, unit in grants:
        units[code].append(unit)
    for code, granted in sorted(units.items()):
        open_to_him |= Q(matter__code=code, unit__in=descendant_ids(granted))
    return Q(unit__in=descendant_ids(scope_roots)) & open_to_him
