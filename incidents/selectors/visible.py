"""Which cases somebody may see, as a condition of the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from gis_grids.permissions import scope_of
from incidents.models import CoReporter, Incident
from incidents.selectors.grants import open_grants, seen_below

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
    return Incident.objects.filter(seen_below(scope.roots(), open_grants(user)) | own)
