"""The only ways to one household: for who visits, and for who keeps or reads the register."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import NotFound, Refused
from gis_grids.permissions import scope_of
from gis_grids.selectors import descendant_ids
from households.models import Household, HouseholdUnit
from households.permissions import named_roots, register_roots, visit_roots
from households.selectors.coverage import visible

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import QuerySet


def access_household(
    user: AbstractBaseUser, household_id: int, *, also_at: datetime | None = None
) -> Household:
    """Return the household if the user visits there: it lies, or lay ``also_at`` that time, below his posts.

    What was done without a network may arrive after a redraw has given the household to somebody else.
    One that no unit has yet is for the office that finds it on its lists (`visible`).
    Raises `NotFound` ("household.not_found") alike when there is none and when it is none of the user's.
    """
    scope, now = scope_of(user), timezone.now()
    rows = HouseholdUnit.objects.filter(household=household_id, unit__in=descendant_ids(visit_roots(scope)))
    is_theirs = any(rows.filter(valid__contains=when).exists() for when in (now, also_at) if when)
    if not is_theirs and not visible(named_roots(scope), now).filter(pk=household_id).exists():
        raise household_not_found()
    return Household.objects.get(pk=household_id)


def household_not_found() -> NotFound:
    """Return the error for a household that there isn't, or that is none of the person's."""
    return NotFound("household.not_found", _("There is no such household in your area."))


@dataclass(frozen=True, slots=True)
class Reached:
    """A household of the register as somebody may read it; ``is_named``: unmasked, and he may edit it."""

    household: Household
    is_named: bool


def access_register(user: AbstractBaseUser, household_id: int) -> Reached:
    """Return a household, current or ended, that the user may read in the register.

    Raises `NotFound` ("household.not_found") alike when there is none and when it is none of the user's.
    """
    scope, now = scope_of(user), timezone.now()
    found = kept(register_roots(scope), now).filter(pk=household_id)
    household = found.select_related("dwelling__building", "dwelling__entrance").first()
    if household is None:
        raise household_not_found()
    return Reached(household, kept(named_roots(scope), now).filter(pk=household_id).exists())


def kept(roots: Collection[int], at: datetime) -> QuerySet[Household]:
    """Return the households of the register under the roots: the `visible` ones, and those that have ended.

    What has ended stays with the unit that it belonged to last.
    """
    last = HouseholdUnit.objects.filter(household=OuterRef("pk")).order_by("-valid")
    over = Household.objects.exclude(ended_on=None).annotate(last_unit=Subquery(last.values("unit")[:1]))
    ended = over.filter(last_unit__in=descendant_ids(roots, at))
    return Household.objects.filter(Q(pk__in=visible(roots, at).values("pk")) | Q(pk__in=ended.values("pk")))


def household_to_edit(actor: AbstractBaseUser, household_id: int) -> Household:
    """Return the household, locked, if the actor keeps the register there.

    Raises `NotFound` ("household.not_found"), and `Refused` ("household.read_only") to who may only read it.
    """
    if not access_register(actor, household_id).is_named:
        raise Refused(
            "household.read_only", _("Only the office that keeps this household's record can change it.")
        )
    return Household.objects.select_for_update(of=("self",)).get(pk=household_id)
