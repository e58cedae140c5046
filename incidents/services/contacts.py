"""Telephone numbers of residents without account: sealed, read with a reason, forgotten in time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, NotFound, Refused
from gis_grids.services.texts import clean_text
from incidents.models import ContactReading, Incident, ResidentContact
from incidents.permissions import READS_NAMES
from incidents.selectors.access import access_incident
from incidents.workflow import ENDED, State

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import AbstractBaseUser

#: How long a number is kept after the end of the case, in days: as long as the case can come back.
KEPT_DAYS = 30
MAX_REASON = 200


def new_contact(incident_id: int, phone: str, at: dt.datetime) -> ResidentContact:
    """Return the row, not stored yet, of a number (from `read_phone`) that was given with a report."""
    return ResidentContact(incident_id=incident_id, phone=phone, given_at=at)


@transaction.atomic
def read_contact(*, actor: AbstractBaseUser, incident_id: int, reason: str) -> str:
    """Return the number in clear to who handles the case; that he read it, and why, is written down.

    Raises `NotFound` (``incident.not_found``, ``contact.none``, ``sealed.key``), `Refused`
    (``contact.not_yours``), `BadInput` (``contact.reason``, ``text.*``).
    """
    access = access_incident(actor, incident_id)
    if READS_NAMES.isdisjoint(access.actors):
        raise Refused("contact.not_yours", _("The number is for who handles the case."))
    why = clean_text(reason, limit=MAX_REASON)
    if not why:
        raise BadInput("contact.reason", _("Say in a few words what you need the number for."))
    contact = ResidentContact.objects.filter(incident=incident_id).first()
    if contact is None:
        raise NotFound("contact.none", _("There is no number to this case, or it was deleted already."))
    ContactReading.objects.create(incident=access.incident, reader_id=actor.pk, reason=why, at=timezone.now())
    return contact.phone


def forget_contacts(now: dt.datetime | None = None) -> int:
    """Delete the numbers of cases that ended more than `KEPT_DAYS` ago; return how many.

    A duplicate ends with its master, which may still be open.
    """
    until = (now or timezone.now()) - timedelta(days=KEPT_DAYS)
    ended = Q(state__in=ENDED - {State.DUPLICATE}, state_since__lt=until)
    merged = Q(merged_into__state__in=ENDED, merged_into__state_since__lt=until)
    count, _by_model = ResidentContact.objects.filter(
        incident__in=Incident.objects.filter(ended | merged)
    ).delete()
    return count
