"""Facilities are entered and corrected by the office on whose ground they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, NotFound, Refused
from gis_grids.geometry.points import check_point
from gis_grids.models import Facility
from gis_grids.models.shapes import to_stored
from gis_grids.permissions import OFFICE, scope_of
from gis_grids.selectors.facilities import facilities_under
from gis_grids.selectors.maps import extent
from gis_grids.selectors.under import is_under
from gis_grids.services.corrections import correct
from gis_grids.services.map_versions import bump_map_version
from gis_grids.services.texts import clean_text

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

    from gis_grids.opening import Opening

    LonLat = tuple[float, float]


@transaction.atomic
def save_facility(  # noqa: PLR0913 - what a facility consists of
    *,
    actor: AbstractBaseUser,
    kind: Facility.Kind,
    name: str,
    place: LonLat | None,
    address: str = "",
    contact: str = "",
    area_m2: float | None = None,
    activity_m2: float | None = None,
    built_year: int | None = None,
    opening: Opening | None = None,
    facility_id: int | None = None,
) -> Facility:
    """Enter a facility at a point (lon/lat, degrees), or correct one; without ``place`` it stays where it is.

    Areas are floor space in m². Raises `NotFound` ("facility.unknown"), `Refused` ("place.not_yours"),
    `BadInput` ("facility.no_name", "facility.no_place", "facility.activity") and `InvalidPoint`.
    """
    roots = scope_of(actor).roots(OFFICE)
    values: dict[str, Any] = {
        "kind": kind,
        "name": clean_text(name, limit=100),
        "address": clean_text(address, limit=200),
        "contact": clean_text(contact, limit=40),
        "area_m2": area_m2,
        "activity_m2": activity_m2,
        "built_year": built_year,
        "opening": opening or {},
    }
    if not values["name"]:
        raise BadInput("facility.no_name", _("Give the name."))
    if activity_m2 is not None and (area_m2 is None or activity_m2 > area_m2):
        message = _("What is open to residents can't be more than the whole floor space.")
        raise BadInput("facility.activity", message)
    if place is not None:
        values["geometry"] = to_stored(check_point(*place, extent=extent()))
        check_is_yours(roots, place)
    if facility_id is None:
        if place is None:
            raise BadInput("facility.no_place", _("Mark the place on the map."))
        facility = Facility.objects.create(**values)
    else:
        facility = _facility(actor, facility_id)
        correct(actor=actor, row=facility, values=values)
    bump_map_version(layer="base")
    return facility


@transaction.atomic
def close_facility(*, actor: AbstractBaseUser, facility_id: int) -> None:
    """Close a facility from today on: it counts for nothing, and stays in the list of closed ones.

    Raises `NotFound` ("facility.unknown"), `Refused` ("place.not_yours"), `Conflict` ("facility.closed").
    """
    facility = _facility(actor, facility_id)
    if facility.closed_on is not None:
        raise Conflict("facility.closed", _("This facility is closed already."))
    correct(actor=actor, row=facility, values={"closed_on": timezone.localdate()})
    bump_map_version(layer="base")


@transaction.atomic
def reopen_facility(*, actor: AbstractBaseUser, facility_id: int) -> None:
    """Take a closed facility in use again; when it was closed stays among its corrections.

    Raises `NotFound` ("facility.unknown"), `Refused` ("place.not_yours"), `Conflict` ("facility.open").
    """
    facility = _facility(actor, facility_id)
    if facility.closed_on is None:
        raise Conflict("facility.open", _("This facility is not closed."))
    correct(actor=actor, row=facility, values={"closed_on": None})
    bump_map_version(layer="base")


def check_is_yours(roots: frozenset[int], place: LonLat) -> None:
    """Raise `Refused` ("place.not_yours") for a place outside the units."""
    if not is_under(roots, *place):
        raise not_yours()


def not_yours() -> Refused:
    """Return the refusal of what is on others' ground."""
    return Refused("place.not_yours", _("This place lies outside the units of your office."))


def _facility(actor: AbstractBaseUser, facility_id: int) -> Facility:
    found = Facility.objects.select_for_update().filter(pk=facility_id).first()
    if found is None:
        raise NotFound("facility.unknown", _("There is no such facility."))
    if not facilities_under(scope_of(actor).roots(OFFICE)).filter(pk=facility_id).exists():
        raise not_yours()
    return found
