"""Emergencies: a place is run in emergency mode from when people say so until they say it's over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, NotFound, Refused
from gis_grids.permissions import scope_of
from gis_grids.selectors import chains
from gis_grids.services.texts import clean_text
from incidents.models import Emergency
from incidents.permissions import may_declare_emergency

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import AbstractBaseUser

MAX_REASON = 500


@transaction.atomic
def declare_emergency(
    *, actor: AbstractBaseUser, unit_id: int, reason: str, at: dt.datetime | None = None
) -> Emergency:
    """Run the subtree of a unit in emergency mode from ``at`` (default: now) until `end_emergency`.

    What is reported from then on gets the limits of that mode; cases that run keep theirs.

    Raises `NotFound` (``unit.unknown``), `Refused` (``emergency.not_yours``), `BadInput`
    (``emergency.reason``, ``text.*``), `Conflict` (``emergency.declared_already``).
    """
    _check_may(actor, unit_id)
    reason = clean_text(reason, limit=MAX_REASON)
    if not reason:
        raise BadInput("emergency.reason", _("Say what the emergency is."))
    try:
        with transaction.atomic():
            return Emergency.objects.create(
                unit_id=unit_id,
                reason=reason,
                term=DateTimeTZRange(at or timezone.now(), None),
                declared_by_id=actor.pk,
            )
    except IntegrityError as error:
        raise Conflict(
            "emergency.declared_already", _("An emergency is declared for this grid already.")
        ) from error


@transaction.atomic
def end_emergency(*, actor: AbstractBaseUser, emergency_id: int, at: dt.datetime | None = None) -> Emergency:
    """End an emergency at ``at`` (default: now); the row stays as history.

    Raises `NotFound` (``emergency.unknown``), `Refused` (``emergency.not_yours``), `Conflict`
    (``emergency.ended``), `BadInput` (``emergency.ends_before_it_begins``).
    """
    emergency = Emergency.objects.select_for_update().filter(pk=emergency_id).first()
    if emergency is None:
        raise NotFound("emergency.unknown", _("There is no such emergency."))
    _check_may(actor, emergency.unit_id)
    if emergency.term.upper is not None:
        raise Conflict("emergency.ended", _("This emergency has ended already."))
    end = at or timezone.now()
    if end <= emergency.term.lower:
        raise BadInput(
            "emergency.ends_before_it_begins",
            _("An emergency can't end before it begins. Give a later time."),
        )
    emergency.term = DateTimeTZRange(emergency.term.lower, end)
    emergency.ended_by_id = actor.pk
    emergency.save(update_fields=["term", "ended_by"])
    return emergency


def _check_may(actor: AbstractBaseUser, unit_id: int) -> None:
    chain = chains([unit_id]).get(unit_id)
    if chain is None:
        raise NotFound("unit.unknown", _("There is no such grid."))
    if not may_declare_emergency(scope_of(actor), chain):
        raise Refused(
            "emergency.not_yours",
            _("Only the command centre or the office of this grid, or of one above it, decides on that."),
        )
