"""Households that become one, and one that becomes two: each keeps the number and the history it had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict
from households.models import EndedWhy, Household, HouseholdChange, HouseholdUnit, Need, Residence
from households.selectors.access import household_to_edit
from households.services.ending import end
from households.services.ledger import note, past
from households.services.places import home_households, record_by_hand
from households.services.standing import keep_in_step
from households.services.stays import close, living, store

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from django.contrib.auth.models import AbstractBaseUser

_RELATION = Residence.Relation
_MOST_PEOPLE: Final = 30
"""Of a need: what its constraint allows."""


@transaction.atomic
def merge_households(*, actor: AbstractBaseUser, household_id: int, other_id: int, day: date) -> Household:
    """Merge another household into this one from a day on, and return this one.

    Residents, those counted only, and needs come over; the head of the other one and his relatives are
    "other" here, until somebody says what they are. The other one ends and keeps its visits. Raises what
    `household_to_edit` raises, `BadInput` ("household.merged_with_itself", "day.*"), `Conflict`
    ("household.ended").
    """
    if household_id == other_id:
        raise BadInput("household.merged_with_itself", _("Choose another household to merge with this one."))
    # Locked in one order, so that two clerks never wait for each other.
    both = {pk: household_to_edit(actor, pk) for pk in sorted((household_id, other_id))}
    household, other = both[household_id], both[other_id]
    if household.ended_on is not None or other.ended_on is not None:
        raise Conflict("household.ended", _("This household has ended. Reopen it first."))
    coming = list(living(other_id, past(day)))
    _take_needs_over(other_id, household_id, day)
    end(other, day=day, why=EndedWhy.MERGED, actor=actor, merged_into=household)
    for residence in coming:
        _follow(residence, household, day, _RELATION.OTHER)
    keep_in_step(household_ids=[household_id], size_by={household_id: other.size})
    note(HouseholdChange.What.MERGED, household_id=household_id, actor=actor, day=day)
    return household


@transaction.atomic
def split_household(
    *,
    actor: AbstractBaseUser,
    household_id: int,
    residence_ids: Collection[int],
    head_id: int,
    day: date,
) -> Household:
    """Split residents off as a household of their own in the same dwelling from a day on, and return that.

    ``head_id`` is the residence of its head, one of ``residence_ids``; the others are "other" to the head
    until somebody says what they are. Another dwelling is a correction of the new household. Raises what
    `household_to_edit` raises, `BadInput` ("household.split_nobody", "household.split_all",
    "household.split_head", "residence.too_short", "day.*"), `Conflict` ("household.ended").
    """
    household = household_to_edit(actor, household_id)
    if household.ended_on is not None:
        raise Conflict("household.ended", _("This household has ended. Reopen it first."))
    residents = living(household_id)
    going = list(residents.filter(pk__in=residence_ids))
    if not going:
        raise BadInput("household.split_nobody", _("Choose who is to be a household of their own."))
    if len(going) == household.size:
        raise BadInput(
            "household.split_all", _("Somebody must stay. If all move, correct the address instead.")
        )
    if head_id not in {residence.pk for residence in going}:
        raise BadInput("household.split_head", _("The new head is one of those who are split off."))
    new = _beside(household, past(day))
    for residence in going:
        close(residence, day, Residence.LeftFor.OTHER_HOUSEHOLD)
    for residence in going:
        relation = _RELATION.HEAD if residence.pk == head_id else _RELATION.OTHER
        _follow(residence, new, day, relation)
    keep_in_step(household_ids=[household_id, new.pk], size_by={household_id: -len(going)})
    for one in (household, new):
        note(HouseholdChange.What.SPLIT, household_id=one.pk, actor=actor, day=day)
    new.refresh_from_db()
    return new


def _beside(household: Household, day: date) -> Household:
    """Open a household at the place of another one, in the same unit by the same right."""
    new = Household.objects.create(
        dwelling_id=household.dwelling_id,
        address=household.address,
        tenure=household.tenure,
        since=day,
        size=1,
        place=household.place,
        place_source=household.place_source,
        place_accuracy_m=household.place_accuracy_m,
        placed_on=household.placed_on,
        split_from=household,
    )
    home_households(household_ids=[new.pk])
    by_hand = HouseholdUnit.objects.filter(
        household=household, valid__upper_inf=True, source=HouseholdUnit.Source.MANUAL
    ).first()
    if by_hand is not None:
        record_by_hand(household_ids=[new.pk], unit_id=by_hand.unit_id)
    return new


def _follow(residence: Residence, household: Household, day: date, relation: Residence.Relation) -> None:
    """Have somebody who left one household with a day live in another from it on."""
    store(
        Residence(
            resident_id=residence.resident_id,
            household=household,
            days=DateRange(day, None),
            relation=_RELATION.TENANT if residence.relation == _RELATION.TENANT else relation,
            registration=residence.registration,
        )
    )


def _take_needs_over(source_id: int, target_id: int, day: date) -> None:
    """Give the needs that last beyond a day to another household; of one kind they are counted together."""
    for need in Need.objects.filter(household=source_id).exclude(days__endswith__lte=day):
        lasts = DateRange(max(day, need.days.lower or day), need.days.upper)
        known = Need.objects.filter(household=target_id, kind=need.kind, days__overlap=lasts).first()
        if known is None:
            Need.objects.create(
                household_id=target_id,
                kind=need.kind,
                people=need.people,
                purpose=need.purpose,
                days=lasts,
            )
        else:
            known.people = min(known.people + need.people, _MOST_PEOPLE)
            known.save(update_fields=["people"])
