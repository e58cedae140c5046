"""All that the register knows of one resident, for himself (PIPL art. 45)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from django.db.backends.postgresql.psycopg_any import Range
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_grids.errors import NotFound, Refused
from households.models import (
    AccessRecord,
    Need,
    PartyAffiliation,
    Residence,
    Resident,
    ServiceRecord,
    Visit,
    Volunteer,
)
from households.selectors.access import access_register

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import Model

    from gis_grids.sheets import Value

    Section = tuple[str, list[dict[str, Value]]]
    """A title, and rows of what people read by the headings they read."""


_STAY: Final = (
    "household",
    "days",
    "relation",
    "registration",
    "is_representative",
    "moved_from",
    "moved_to",
    "left_for",
)


def resident_to_copy(user: AbstractBaseUser, resident_id: int) -> Resident:
    """Return a resident whose household, where he lives or lived last, is kept by the user.

    Raises `NotFound` ("resident.not_found", "household.not_found") and `Refused` ("household.read_only").
    """
    last = Residence.objects.filter(resident=resident_id).order_by("-days").select_related("resident").first()
    if last is None:
        raise NotFound("resident.not_found", _("There is no such resident in your area."))
    if not access_register(user, last.household_id).is_named:
        raise Refused(
            "household.read_only", _("Only the office that keeps this household's record may do this.")
        )
    return last.resident


def all_about(resident: Resident) -> list[Section]:
    """Return everything that the register knows about a resident, by sections. Nine queries."""
    stays = Residence.objects.filter(resident=resident).order_by("days").select_related("household")
    homes = [stay.household_id for stay in stays]
    needs = Need.objects.filter(household__in=homes).order_by("pk")
    visits = Visit.objects.filter(household__in=homes).order_by("at")
    party = PartyAffiliation.objects.filter(member__resident=resident).select_related(
        "organisation", "member"
    )
    volunteer = Volunteer.objects.filter(resident=resident).order_by("pk")
    served = ServiceRecord.objects.filter(volunteer__resident=resident).order_by("done_on")
    read = AccessRecord.objects.filter(what="household", about__in=homes).order_by("at")
    read = read.union(AccessRecord.objects.filter(what__in=["copy", "erasure"], about=resident.pk))
    return [
        (_("Person"), [_person(resident)]),
        (_("Residences"), _rows(stays, _STAY)),
        (_("Needs of the households"), _rows(needs, ("kind", "people", "purpose", "days"))),
        (_("Visits to the households"), _rows(visits, ("at", "result", "note"))),
        (_("Party organisations"), _rows(party, ("organisation", "days"))),
        (_("Volunteer"), _rows(volunteer, ("name", "phone", "skills", "days"))),
        (_("Volunteer service"), _rows(served, ("done_on", "hours", "what"))),
        (_("Who has read names and numbers"), _rows(read, ("at", "what", "reason"))),
    ]


def _person(resident: Resident) -> dict[str, Value]:
    names = ("name", "gender", "born_on", "phone", "identity_last_four", "identity_number", "note")
    return _row(resident, names)


def _rows(found: Iterable[Model], names: Iterable[str]) -> list[dict[str, Value]]:
    return [_row(each, names) for each in found]


def _row(one: Model, names: Iterable[str]) -> dict[str, Value]:
    """Return the fields of a row by what they are called, with the words for stored values."""
    told: dict[str, Value] = {}
    for name in names:
        field = one._meta.get_field(name)  # noqa: SLF001 - public, whatever its name
        value = getattr(one, f"get_{name}_display", lambda name=name: getattr(one, name))()
        told[str(field.verbose_name)] = _plain(value)  # type: ignore[union-attr]
    return told


def _plain(value: Any) -> Value:  # noqa: ANN401 - of any field
    if isinstance(value, datetime):
        return timezone.localtime(value)
    if isinstance(value, Range):
        return f"{value.lower or '…'} – {value.upper or '…'}"
    if value is None or isinstance(value, str | int | float | bool | date):
        return value
    return str(value)
