"""Persons of the register: known again by their identity number, and corrected where something was wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, NotFound
from gis_grids.identity import read_identity
from gis_grids.services.corrections import correct
from gis_grids.services.texts import clean_text, read_phone
from households.models import HouseholdChange, Residence, Resident
from households.selectors.access import household_to_edit
from households.services.ledger import note, past
from households.services.standing import keep_in_step
from households.services.stays import check_born

if TYPE_CHECKING:
    from datetime import date

    from django.contrib.auth.models import AbstractBaseUser

_LONGEST_NAME: Final = 50
_LONGEST_NOTE: Final = 200

#: What an identity number says itself, and what is kept of it.
_OF_IDENTITY: Final = ("identity_digest", "identity_last_four", "identity_number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who somebody is, as it was written down.

    ``phone`` None and ``identity`` empty are not told: what is known of them stays. Where the identity number
    is told, day of birth and gender are those that it says.
    """

    name: str = field(repr=False)
    gender: str = ""
    born_on: date | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    identity: str = field(default="", repr=False)
    note: str = field(default="", repr=False)


def read_person(person: Person) -> dict[str, Any]:
    """Return the fields of `Resident` that a person's words give, checked.

    Raises `BadInput` ("resident.no_name", "day.in_future", "day.too_early", "contact.phone", "identity.*",
    "text.*").
    """
    name = clean_text(person.name, limit=_LONGEST_NAME)
    if not name:
        raise BadInput("resident.no_name", _("Give the name."))
    values: dict[str, Any] = {
        "name": name,
        "gender": person.gender,
        "born_on": past(person.born_on) if person.born_on else None,
        "note": clean_text(person.note, limit=_LONGEST_NOTE),
    }
    if person.phone is not None:
        values["phone"] = read_phone(person.phone)
    if person.identity.strip():
        identity = read_identity(person.identity, today=timezone.localdate())
        values |= {
            "gender": Resident.Gender.MALE if identity.is_male else Resident.Gender.FEMALE,
            "born_on": identity.born_on,
            "identity_digest": identity.digest,
            "identity_last_four": identity.last_four,
            "identity_number": identity.number if settings.KEEP_IDENTITY_NUMBERS else "",
        }
    return values


def resident_for(person: Person) -> Resident:
    """Return the resident with this identity number, his record brought up to date; or a new one.

    What is not told leaves what is known. Raises what `read_person` raises.
    """
    values = read_person(person)
    known = None
    if values.get("identity_digest"):
        known = Resident.objects.select_for_update().filter(identity_digest=values["identity_digest"]).first()
    if known is None:
        return Resident.objects.create(**values)
    for name, value in values.items():
        if value:
            setattr(known, name, value)
    known.save()
    return known


def lives_here_already(household_id: int, person: Person) -> bool:
    """Tell whether one of this name lives in the household whom no day of birth or number tells apart."""
    values = read_person(person)
    born_on, digest = values["born_on"], values.get("identity_digest")
    alike = Resident.objects.filter(
        name=values["name"],
        residences__household=household_id,
        residences__days__contains=timezone.localdate(),
    )
    if born_on:
        alike = alike.filter(Q(born_on=None) | Q(born_on=born_on))
    if digest:
        alike = alike.filter(identity_digest=None)  # of the same number is himself
    return alike.exists()


@transaction.atomic
def correct_resident(*, actor: AbstractBaseUser, resident_id: int, person: Person) -> Resident:
    """Put right who somebody is; an identity number that isn't told stays as it is.

    The households that he is the head of follow. Raises `NotFound` ("resident.not_found",
    "household.not_found"), `Refused` ("household.read_only"), `BadInput` ("residence.before_birth"),
    `Conflict` ("resident.identity_taken") and what `read_person` raises.
    """
    residence = latest_residence(resident_id)
    household_to_edit(actor, residence.household_id)
    resident = Resident.objects.select_for_update().get(pk=resident_id)
    values = read_person(person)
    digest = values.get("identity_digest")
    if digest and Resident.objects.exclude(pk=resident_id).filter(identity_digest=digest).exists():
        raise Conflict(
            "resident.identity_taken",
            _("Somebody else is registered with this identity number. Compare it with the card."),
        )
    stays = Residence.objects.filter(resident=resident_id)
    check_born(values["born_on"], stays.aggregate(first=Min("days__startswith"))["first"])
    changed = correct(actor=actor, row=resident, values=values)
    if changed:
        resident.save(update_fields=["phone_digest"])
        fields = {"identity" if name in _OF_IDENTITY else name for name in changed}
        what = HouseholdChange.What.PERSON
        note(what, household_id=residence.household_id, actor=actor, resident_id=resident_id, fields=fields)
        keep_in_step(household_ids=[residence.household_id])
    return resident


def latest_residence(resident_id: int) -> Residence:
    """Return where somebody lives, or lived last. Raises `NotFound` ("resident.not_found")."""
    found = Residence.objects.filter(resident=resident_id).order_by("-days").first()
    if found is None:
        raise NotFound("resident.not_found", _("There is no such resident in your area."))
    return found
