"""Telephone numbers of residents without account: sealed, read with a reason, forgotten in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import NotFound, Refused
from households.models import AccessRecord
from households.services.access import record_access
from incidents.models import ResidentContact
from incidents.permissions import READS_NAMES
from incidents.selectors.access import access_incident

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import AbstractBaseUser


def new_contact(incident_id: int, phone: str, at: dt.datetime) -> ResidentContact:
    """Return the row, not stored yet, of a number (from `read_phone`) that was given with a report."""
    return ResidentContact(incident_id=incident_id, phone=phone, given_at=at)


@transaction.atomic
def read_contact(*, actor: AbstractBaseUser, incident_id: int, reason: str) -> str:
    """Return the number in clear to who handles the case; that he read it, and why, is written down.

    Raises `NotFound` (``incident.not_found``, ``contact.none``, ``sealed.key``), `Refused`
    (``contact.not_yours``), and what `record_access` does.
    """
    access = access_incident(actor, incident_id)
    if READS_NAMES.isdisjoint(access.actors):
        raise Refused("contact.not_yours", _("The number is for who handles the case."))
    contact = ResidentContact.objects.filter(incident=incident_id).first()
    if contact is None:
        raise NotFound("contact.none", _("There is no number to this case, or it was deleted already."))
    record_access(reader=actor, what=AccessRecord.What.CONTACT, about=incident_id, named=1, reason=reason)
    return contact.phone
