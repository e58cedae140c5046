"""A household is entered in the register, and its own record put right."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict
from gis_grids.permissions import scope_of
from gis_grids.services.corrections import correct
from gis_grids.services.texts import clean_text, read_phone
from households.models import Household, HouseholdChange, Residence
from households.permissions import named_roots
from households.selectors.access import household_to_edit
from households.selectors.coverage import visible
from households.services.ledger import note, past
from households.services.loading import place_by_building
from households.services.places import home_households, record_by_hand
from households.services.residences import Role, move_in
from households.services.stays import living

if TYPE_CHECKING:
    from datetime import date

    from django.contrib.auth.models import AbstractBaseUser

    from households.services.residents import Person

_LONGEST_ADDRESS: Final = 200
_LONGEST_NAME: Final = 50
_LARGEST: Final = 99
#: What the head's record says, once there has been one.
_OF_THE_HEAD: Final = ("householder", "phone")


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdFields:
    """What is known of a household itself. ``householder`` and ``phone`` count only until it has a head.

    ``phone`` None is not told: what is known stays.
    """

    address: str = ""
    dwelling_id: int | None = None
    tenure: str = ""
    since: date | None = None
    size: int = 1
    householder: str = field(default="", repr=False)
    phone: str | None = field(default=None, repr=False)


@transaction.atomic
def open_household(
    *,
    actor: AbstractBaseUser,
    fields: HouseholdFields,
    head: Person | None = None,
    unit_id: int | None = None,
    shares: bool = False,
) -> Household:
    """Enter a household that the register doesn't have yet, with the place of its dwelling, and its head.

    Without a dwelling it belongs to ``unit_id``, by hand, until it has a place. ``shares`` says that it lives
    in one dwelling with another household. Raises `BadInput` ("household.no_address", "household.no_unit",
    "household.elsewhere", "household.size", "day.*", "contact.phone", "text.*"), `Conflict`
    ("household.dwelling_taken"), and for the head what `move_in` raises.
    """
    values = _read(fields)
    dwelling_id = values["dwelling_id"]
    if dwelling_id and not shares and Household.objects.current().filter(dwelling=dwelling_id).exists():
        raise Conflict(
            "household.dwelling_taken",
            _("A household lives in this dwelling already. If both live there, say so."),
        )
    household = Household.objects.create(**values)
    now = timezone.now()
    if dwelling_id:
        place_by_building(household_ids=[household.pk], when=now)
        home_households(household_ids=[household.pk], when=now)
    elif unit_id:
        record_by_hand(household_ids=[household.pk], unit_id=unit_id)
    else:
        raise BadInput(
            "household.no_unit", _("Choose the unit: the address has no dwelling in the register.")
        )
    _check_ours(actor, household)
    note(HouseholdChange.What.OPENED, household_id=household.pk, actor=actor, day=household.since)
    if head is not None:
        role = Role(relation=Residence.Relation.HEAD)
        move_in(
            actor=actor,
            household_id=household.pk,
            person=head,
            role=role,
            since=household.since,
            was_counted=True,
        )
    return household


@transaction.atomic
def correct_household(*, actor: AbstractBaseUser, household_id: int, fields: HouseholdFields) -> Household:
    """Put the household's own record right; a dwelling that changes gives it its place and unit anew.

    Once it has had a head, householder and telephone stay the head's. Raises what `household_to_edit` raises,
    `BadInput` ("household.no_address", "household.elsewhere", "household.size": less than who is known by
    name, "day.*", "contact.phone", "text.*").
    """
    household = household_to_edit(actor, household_id)
    values = _read(fields)
    if Residence.objects.filter(household=household, relation=Residence.Relation.HEAD).exists():
        values = {name: value for name, value in values.items() if name not in _OF_THE_HEAD}
    named = living(household_id).count()
    if values["size"] < named:
        raise BadInput(
            "household.size",
            _("%(named)s residents are known by name: no less can live there."),
            {"named": named},
        )
    changed = correct(actor=actor, row=household, values=values)
    if not changed:
        return household
    household.save(update_fields=["phone_digest"])
    if "dwelling_id" in changed and household.dwelling_id is not None:
        _place_anew(household)
        _check_ours(actor, household)
    note(HouseholdChange.What.CORRECTED, household_id=household.pk, actor=actor, fields=changed)
    return household


def _place_anew(household: Household) -> None:
    household.place, household.place_source = None, ""
    household.place_accuracy_m = household.placed_on = None
    household.save(update_fields=["place", "place_source", "place_accuracy_m", "placed_on"])
    place_by_building(household_ids=[household.pk], when=timezone.now())
    home_households(household_ids=[household.pk])


def _read(fields: HouseholdFields) -> dict[str, Any]:
    address = clean_text(fields.address, limit=_LONGEST_ADDRESS)
    if not address:
        raise BadInput("household.no_address", _("Give the address."))
    if not 0 < fields.size <= _LARGEST:
        raise BadInput("household.size", _("A household has 1 to 99 residents."))
    return {
        "address": address,
        "dwelling_id": fields.dwelling_id,
        "tenure": fields.tenure,
        "since": past(fields.since) if fields.since else None,
        "size": fields.size,
        "householder": clean_text(fields.householder, limit=_LONGEST_NAME),
        **({} if fields.phone is None else {"phone": read_phone(fields.phone)}),
    }


def _check_ours(actor: AbstractBaseUser, household: Household) -> None:
    """Keep the clerk from entering a household in somebody else's grid, where he would not see it again."""
    roots = named_roots(scope_of(actor))
    if not visible(roots, timezone.now()).filter(pk=household.pk).exists():
        raise BadInput(
            "household.elsewhere",
            _("This address belongs to a grid that another office keeps the record of."),
        )
