"""Organisations and their offers are entered and corrected by the office on whose ground they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, NotFound
from gis_grids.geometry.points import check_point
from gis_grids.models.shapes import to_stored
from gis_grids.permissions import scope_of
from gis_grids.selectors import extent
from gis_grids.services.corrections import correct, forget_corrections
from gis_grids.services.facilities import check_is_yours, not_yours
from gis_grids.services.texts import clean_text
from households.models import Offer, Organisation
from households.permissions import named_roots
from households.selectors.organisations import editable
from households.services.days import end_today, from_today

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import QuerySet

    from gis_grids.opening import Opening
    from households.models import OfferKind, OrganisationKind

    LonLat = tuple[float, float]


@transaction.atomic
def save_organisation(  # noqa: PLR0913 - what an organisation consists of
    *,
    actor: AbstractBaseUser,
    kind: OrganisationKind,
    name: str,
    place: LonLat,
    address: str = "",
    contact_name: str = "",
    contact_phone: str = "",
    note: str = "",
    organisation_id: int | None = None,
) -> Organisation:
    """Enter an organisation at a place (lon/lat, degrees) from today on, or correct one.

    Raises `NotFound` ("organisation.unknown"), `Refused` ("place.not_yours"), `Conflict`
    ("organisation.there_already"), `BadInput` ("organisation.no_name") and `InvalidPoint`.
    """
    values: dict[str, Any] = {
        "kind": kind,
        "name": clean_text(name, limit=100),
        "place": to_stored(check_point(*place, extent=extent())),
        "address": clean_text(address, limit=200),
        "contact_name": clean_text(contact_name, limit=50),
        "contact_phone": clean_text(contact_phone, limit=40),
        "note": clean_text(note, limit=500),
    }
    if not values["name"]:
        raise BadInput("organisation.no_name", _("Give the name."))
    check_is_yours(named_roots(scope_of(actor)), place)
    try:
        with transaction.atomic():
            if organisation_id is None:
                return Organisation.objects.create(days=from_today(), **values)
            organisation = _organisation(actor, organisation_id)
            correct(actor=actor, row=organisation, values=values)
            return organisation
    except IntegrityError as error:
        message = _("There is an organisation of this name at this address already.")
        raise Conflict("organisation.there_already", message) from error


@transaction.atomic
def forget_contact_persons(rows: QuerySet[Organisation]) -> int:
    """Take contact person, number and note from organisations, and return how many; in one transaction."""
    ids = list(rows.values_list("pk", flat=True))
    forget_corrections(Organisation, ids)
    return Organisation.objects.filter(pk__in=ids).update(contact_name="", contact_phone="", note="")


@transaction.atomic
def end_organisation(*, actor: AbstractBaseUser, organisation_id: int) -> None:
    """Take an organisation and its offers out of the register from today on; they stay as history.

    Raises `NotFound` ("organisation.unknown"), `Refused` ("place.not_yours").
    """
    organisation = _organisation(actor, organisation_id)
    for offer in organisation.offers.filter(days__upper_inf=True):
        end_today(offer)
    end_today(organisation)


@transaction.atomic
def save_offer(  # noqa: PLR0913 - what an offer consists of
    *,
    actor: AbstractBaseUser,
    organisation_id: int,
    kind: OfferKind,
    title: str,
    opening: Opening,
    terms: str = "",
    offer_id: int | None = None,
) -> Offer:
    """Note what an organisation opens to the neighbourhood from today on, or correct it.

    Raises `NotFound` ("organisation.unknown", "offer.unknown"), `Refused` ("place.not_yours"), `BadInput`
    ("offer.no_title").
    """
    organisation = _organisation(actor, organisation_id)
    values: dict[str, Any] = {
        "kind": kind,
        "title": clean_text(title, limit=100),
        "opening": opening,
        "terms": clean_text(terms, limit=200),
    }
    if not values["title"]:
        raise BadInput("offer.no_title", _("Say what is offered."))
    if offer_id is None:
        return Offer.objects.create(organisation=organisation, days=from_today(), **values)
    offer = _offer(organisation, offer_id)
    correct(actor=actor, row=offer, values=values)
    return offer


@transaction.atomic
def end_offer(*, actor: AbstractBaseUser, organisation_id: int, offer_id: int) -> None:
    """End an offer today; it stays as history. Raises as `save_offer`."""
    end_today(_offer(_organisation(actor, organisation_id), offer_id))


def _organisation(actor: AbstractBaseUser, organisation_id: int) -> Organisation:
    found = Organisation.objects.select_for_update().filter(pk=organisation_id, days__upper_inf=True).first()
    if found is None:
        raise NotFound("organisation.unknown", _("There is no such organisation."))
    if not editable(scope_of(actor), organisation_id):
        raise not_yours()
    return found


def _offer(organisation: Organisation, offer_id: int) -> Offer:
    found = organisation.offers.select_for_update().filter(pk=offer_id, days__upper_inf=True).first()
    if found is None:
        raise NotFound("offer.unknown", _("There is no such offer."))
    return found
