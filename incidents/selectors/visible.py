"""Which cases somebody may see, as a condition of the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from gis_grids.permissions import scope_of
from gis_grids.selectors import descendant_ids
from incidents.models import CoReporter, Incident, MatterGrant

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import QuerySet


def visible_cases(user: AbstractBaseUser) -> QuerySet[Incident]:
    """Return the cases that the user may see, as `access_incident` decides for each of them.

    Those in the subtrees of his open posts, of private matters only with a grant, and those in which he
    has a part: as reporter, as co-reporter, or because he is assigned.
    """
    scope = scope_of(user)
    if scope.user_id is None or not user.is_active:
        return Incident.objects.none()
    merged = CoReporter.objects.filter(user=user.pk).values("incident")
    own = Q(reporter=user.pk) | Q(assignee=user.pk) | Q(pk__in=merged)
    in_reach = Q(unit__in=descendant_ids(scope.roots())) & (Q(matter__is_private=False) | _granted(user))
    return Incident.objects.filter(in_reach | own)


def _granted(user: AbstractBaseUser) -> Q:
    """Return the condition that a grant opens the case to the user; of none, one that never holds."""
    found = Q(pk__in=())
    grants = MatterGrant.objects.filter(holder=user.pk, term__contains=timezone.now())
    for code, unit in grants.values_list("matter_code", "unit"):
        found |= Q(matter__code=code, unit__in=descendant_ids([unit]))
    return found
