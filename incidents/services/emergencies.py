"""Emergencies: a place is run in emergency mode from when people say so until they say it's over."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, cast

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, NotFound, Refused
from gis_grids.models.shapes import from_stored
from gis_grids.permissions import scope_of
from gis_grids.selectors import area_in, chains
from gis_grids.services.texts import clean_text
from incidents.models import Announcement, Emergency, EmergencyEntry
from incidents.permissions import may_declare_emergency
from incidents.selectors.areas import commanded_area, count_area, numbers_of
from incidents.selectors.orders import answers_to
from incidents.services.announcements import MAX_ANNOUNCEMENT, lock_call, send_to_workers

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from django.contrib.auth.models import AbstractBaseUser
    from shapely import MultiPolygon

    from gis_grids.selectors import Area
    from incidents.selectors.duty import LonLat

MAX_REASON = 500
#: An order ends with its emergency; one that nobody ends doesn't stay on the phones for ever.
ORDER_LASTS: Final = timedelta(days=30)


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
    reason = _checked(reason)
    term = DateTimeTZRange(at or timezone.now(), None)
    try:
        with transaction.atomic():
            emergency = Emergency.objects.create(
                unit_id=unit_id, reason=reason, term=term, declared_by_id=actor.pk
            )
    except IntegrityError as error:
        raise Conflict(
            "emergency.declared_already", _("An emergency is declared for this grid already.")
        ) from error
    _log(emergency, EmergencyEntry.Deed.DECLARED, actor)
    return emergency


@transaction.atomic
def declare_in_area(
    *, actor: AbstractBaseUser, ring: Sequence[LonLat], reason: str, order: str, call_id: UUID
) -> Emergency:
    """Run a drawn area in emergency mode from now until `end_emergency`, and order all posts inside.

    Without an ``order``, or where nobody holds a post on the ground, none is sent. What was in the area goes
    into the log, in numbers. The same ``call_id`` again gives the same emergency.

    Raises what `commanded_area` raises, `BadInput` (``emergency.reason``, ``text.*``), `Conflict`
    (``emergency.other_content``).
    """
    reason = _checked(reason)
    lock_call(call_id)
    declared = Emergency.objects.filter(call_id=call_id).first()
    if declared:
        if (declared.declared_by_id, declared.reason) != (actor.pk, reason):
            raise Conflict(
                "emergency.other_content",
                _("This was declared already, with another reason. Close the form and begin anew."),
            )
        return declared
    area = commanded_area(actor, ring)
    emergency = Emergency.objects.create(
        unit_id=area.unit_id,
        area=area.stored,
        reason=reason,
        term=DateTimeTZRange(timezone.now(), None),
        declared_by_id=actor.pk,
        call_id=call_id,
    )
    _log(emergency, EmergencyEntry.Deed.DECLARED, actor, numbers_of(count_area(actor, area)))
    if clean_text(order, limit=MAX_ANNOUNCEMENT):
        _order(emergency, area, actor, order)
    return emergency


@transaction.atomic
def give_order(*, actor: AbstractBaseUser, emergency_id: int, order: str, call_id: UUID) -> Announcement:
    """Give a further order to all posts in the area of an emergency that goes on.

    The same ``call_id`` again gives the same order. Raises `NotFound` (``emergency.unknown``), `Refused`
    (``emergency.not_yours``), `Conflict` (``emergency.ended``, ``emergency.whole_unit``), `BadInput`
    (``announcement.*``, ``text.*``).
    """
    lock_call(call_id)
    emergency = _going_on(actor, emergency_id)
    given = Announcement.objects.filter(call_id=call_id, emergency=emergency, sent_by=actor.pk).first()
    if given:
        return given
    if emergency.area is None:
        raise Conflict(
            "emergency.whole_unit",
            _("This emergency is for a whole grid. Announce it there, to all who hold a post."),
        )
    area = area_in(cast("MultiPolygon", from_stored(emergency.area)), [emergency.unit_id])
    if not clean_text(order, limit=MAX_ANNOUNCEMENT):
        raise BadInput("announcement.empty", _("Say what is to be announced."))
    announcement = _order(emergency, area, actor, order, call_id)
    if announcement is None:
        raise BadInput("announcement.nobody", _("No worker but you is responsible there. Draw it larger."))
    return announcement


@transaction.atomic
def end_emergency(*, actor: AbstractBaseUser, emergency_id: int, at: dt.datetime | None = None) -> Emergency:
    """End an emergency at ``at`` (default: now), and take its orders from the phones; the rows stay.

    Raises `NotFound` (``emergency.unknown``), `Refused` (``emergency.not_yours``), `Conflict`
    (``emergency.ended``), `BadInput` (``emergency.ends_before_it_begins``).
    """
    emergency = _going_on(actor, emergency_id)
    end = at or timezone.now()
    if end <= emergency.term.lower:
        raise BadInput(
            "emergency.ends_before_it_begins",
            _("An emergency can't end before it begins. Give a later time."),
        )
    emergency.term = DateTimeTZRange(emergency.term.lower, end)
    emergency.ended_by_id = actor.pk
    emergency.save(update_fields=["term", "ended_by"])
    now = timezone.now()
    emergency.orders.filter(until__gt=now).update(until=now)
    _log(emergency, EmergencyEntry.Deed.ENDED, actor, answers_to(emergency))
    return emergency


def _going_on(actor: AbstractBaseUser, emergency_id: int) -> Emergency:
    """Return the emergency, locked, that goes on and that the actor commands."""
    emergency = Emergency.objects.select_for_update().filter(pk=emergency_id).first()
    if emergency is None:
        raise NotFound("emergency.unknown", _("There is no such emergency."))
    _check_may(actor, emergency.unit_id)
    if emergency.term.upper is not None:
        raise Conflict("emergency.ended", _("This emergency has ended already."))
    return emergency


def _order(
    emergency: Emergency, area: Area, actor: AbstractBaseUser, text: str, call_id: UUID | None = None
) -> Announcement | None:
    order = Announcement(
        unit_id=emergency.unit_id,
        area=emergency.area,
        emergency=emergency,
        text=clean_text(text, limit=MAX_ANNOUNCEMENT),
        until=timezone.now() + ORDER_LASTS,
        call_id=call_id,
    )
    sent = send_to_workers(actor, order, area.unit_ids)
    if sent:
        people = sent.addressees.values("holder").distinct().count()
        _log(emergency, EmergencyEntry.Deed.ORDERED, actor, {"order": sent.pk, "people": people})
    return sent


def _log(
    emergency: Emergency,
    deed: EmergencyEntry.Deed,
    actor: AbstractBaseUser,
    details: Mapping[str, object] | None = None,
) -> None:
    EmergencyEntry.objects.create(
        emergency=emergency, deed=deed, at=timezone.now(), actor_id=actor.pk, details=dict(details or {})
    )


def _checked(reason: str) -> str:
    reason = clean_text(reason, limit=MAX_REASON)
    if not reason:
        raise BadInput("emergency.reason", _("Say what the emergency is."))
    return reason


def _check_may(actor: AbstractBaseUser, unit_id: int) -> None:
    chain = chains([unit_id]).get(unit_id)
    if chain is None:
        raise NotFound("unit.unknown", _("There is no such grid."))
    if not may_declare_emergency(scope_of(actor), chain):
        raise Refused(
            "emergency.not_yours",
            _("Only the command centre or the office of this grid, or of one above it, decides on that."),
        )
