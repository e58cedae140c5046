"""People who are erased: their rows stay as history, under a number instead of a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from gis_grids.services.corrections import forget_corrections
from households import hooks
from households.models import (
    AccessRecord,
    Household,
    HouseholdChange,
    Need,
    Residence,
    Resident,
    Visit,
    Volunteer,
)
from households.selectors.access import household_to_edit
from households.services.access import record_access
from households.services.imports.forgetting import forget_imported, forget_imported_households
from households.services.ledger import note
from households.services.party.forgetting import forget_contacts, forget_members
from households.services.residents import latest_residence
from households.services.standing import keep_in_step
from households.services.volunteers import forget_volunteers

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from django.contrib.auth.models import AbstractBaseUser


@transaction.atomic
def erase_resident(*, actor: AbstractBaseUser, resident_id: int, reason: str) -> None:
    """Erase who a resident is at his own request; that somebody lived there, as what, from when on, stays.

    Raises `NotFound` ("resident.not_found", "household.not_found"), `Refused` ("household.read_only") and
    what `record_access` does.
    """
    household_id = latest_residence(resident_id).household_id
    household_to_edit(actor, household_id)
    what = AccessRecord.What.ERASURE
    record_access(reader=actor, what=what, about=resident_id, named=1, reason=reason)
    pseudonymise([resident_id])
    person = HouseholdChange.What.PERSON
    note(person, household_id=household_id, actor=actor, resident_id=resident_id, fields=["erased"])


def pseudonymise(resident_ids: Collection[int]) -> None:
    """Take everything from these residents by which they could be known; in the caller's transaction."""
    residents = list(Resident.objects.select_for_update().filter(pk__in=resident_ids))
    stays = Residence.objects.filter(resident__in=resident_ids)
    households = sorted(set(stays.values_list("household", flat=True)))
    for resident in residents:
        _leave_typed_households(resident, households)
        resident.name, resident.note, resident.phone = f"#{resident.pk}", "", ""
        resident.gender, resident.born_on = "", None
        resident.identity_digest, resident.identity_last_four, resident.identity_number = None, "", ""
        resident.save()
    stays.update(moved_from="", moved_to="")
    forget_volunteers(Volunteer.objects.filter(resident__in=resident_ids))
    forget_members(resident_ids)
    forget_corrections(Resident, resident_ids)
    forget_imported(resident_ids)
    keep_in_step(household_ids=households)
    empty_households(_without_names(households))


def empty_households(household_ids: Collection[int]) -> None:
    """Take name, number, needs and words from households of which nobody is known by name any more."""
    if not household_ids:
        return
    Household.objects.filter(pk__in=household_ids).update(householder="", phone="", phone_digest=None)
    Visit.objects.filter(household__in=household_ids).exclude(note="").update(note="")
    forget_contacts(Q(link__household__in=household_ids))
    Need.objects.filter(household__in=household_ids).delete()
    forget_corrections(Household, household_ids)
    forget_imported_households(household_ids)
    for emptied in hooks.on_emptied:
        emptied(household_ids)


def _leave_typed_households(resident: Resident, households: Sequence[int]) -> None:
    """Take the name from households where it was typed, and never that of a head."""
    typed = Household.objects.filter(pk__in=households, householder=resident.name)
    typed.update(householder="", phone="", phone_digest=None)


def _without_names(household_ids: Collection[int]) -> list[int]:
    """Return the households of which every resident that there is, or was, has been erased."""
    named = Residence.objects.filter(household=OuterRef("pk")).exclude(resident__name__startswith="#")
    return list(Household.objects.filter(~Exists(named), pk__in=household_ids).values_list("pk", flat=True))
