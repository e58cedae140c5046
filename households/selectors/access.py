"""The only way to a household for who visits: by a post over its unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import NotFound
from gis_grids.permissions import scope_of
from gis_grids.selectors import descendant_ids
from households.models import Household, HouseholdUnit
from households.permissions import visit_roots

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AbstractBaseUser


def access_household(
    user: AbstractBaseUser, household_id: int, *, also_at: datetime | None = None
) -> Household:
    """Return the household if the user visits there: it lies, or lay ``also_at`` that time, below his posts.

    What was done without a network may arrive after a redraw has given the household to somebody else.
    Raises `NotFound` ("household.not_found") alike when there is none and when it is none of the user's.
    """
    below = descendant_ids(visit_roots(scope_of(user)))
    rows = HouseholdUnit.objects.filter(household=household_id, unit__in=below)
    at = [timezone.now(), *([also_at] if also_at else [])]
    if not any(rows.filter(valid__contains=when).exists() for when in at):
        raise household_not_found()
    return Household.objects.get(pk=household_id)


def household_not_found() -> NotFound:
    """Return the error for a household that there isn't, or that is none of the person's."""
    return NotFound("household.not_found", _("There is no such household in your area."))
