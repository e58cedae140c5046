"""The names and numbers of one household, for who works where it lives: only `services.access` calls it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils import timezone

from gis_grids.permissions import scope_of
from gis_grids.selectors import descendant_ids
from households.models import Household, HouseholdUnit, Residence
from households.permissions import reveal_roots
from households.selectors.access import household_not_found

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


@dataclass(frozen=True, slots=True)
class Revealed:
    """A household with its householder's name and telephone number in clear, and those of its residents."""

    household_id: int
    address: str
    householder: str = field(repr=False)
    phone: str = field(repr=False)
    residents: list[tuple[str, str]] = field(default_factory=list, repr=False)
    """Name and telephone number of each who lives there today and has a number."""


def in_clear(user: AbstractBaseUser, household_id: int) -> Revealed:
    """Return a household below the user's posts that may ask for names.

    Raises `NotFound` ("household.not_found") alike when there is none and when it is none of the user's.
    """
    below = descendant_ids(reveal_roots(scope_of(user)))
    open_rows = HouseholdUnit.objects.filter(household=household_id, unit__in=below, valid__upper_inf=True)
    if not open_rows.exists():
        raise household_not_found()
    row = Household.objects.get(pk=household_id)
    living = Residence.objects.filter(household=household_id, days__contains=timezone.localdate())
    residents = [
        (one.resident.name, one.resident.phone)
        for one in living.select_related("resident").order_by("pk")
        if one.resident.phone
    ]
    return Revealed(row.pk, row.address, row.householder, row.phone, residents)
