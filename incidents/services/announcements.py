"""Announcements: the centre and the offices tell something to all who hold a post below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, NotFound, Refused
from gis_grids.permissions import scope_of
from gis_grids.selectors import chains
from gis_grids.services.texts import clean_text
from incidents.models import Announcement, AnnouncementReading
from incidents.permissions import may_announce
from incidents.selectors.announcements import was_addressed

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import AbstractBaseUser

MAX_ANNOUNCEMENT: Final = 500


@transaction.atomic
def announce(*, actor: AbstractBaseUser, unit_id: int, text: str, until: dt.datetime) -> Announcement:
    """Tell the text to all who hold a post in the subtree of a unit, from now until ``until``.

    Raises `NotFound` (``unit.unknown``), `Refused` (``announcement.not_yours``), `BadInput`
    (``announcement.empty``, ``announcement.over``, ``text.*``).
    """
    _check_may(actor, unit_id)
    text = clean_text(text, limit=MAX_ANNOUNCEMENT)
    if not text:
        raise BadInput("announcement.empty", _("Say what is to be announced."))
    now = timezone.now()
    if until <= now:
        raise BadInput("announcement.over", _("It would be over already. Give a later time."))
    return Announcement.objects.create(
        unit_id=unit_id, text=text, sent_by_id=actor.pk, sent_at=now, until=until
    )


@transaction.atomic
def end_announcement(*, actor: AbstractBaseUser, announcement_id: int) -> Announcement:
    """Take an announcement from the phones now; who has read it stays known.

    Raises `NotFound` (``announcement.unknown``), `Refused` (``announcement.not_yours``), `Conflict`
    (``announcement.ended``).
    """
    announcement = Announcement.objects.select_for_update().filter(pk=announcement_id).first()
    if announcement is None:
        raise _unknown()
    _check_may(actor, announcement.unit_id)
    now = timezone.now()
    if announcement.until <= now:
        raise Conflict("announcement.ended", _("This announcement is over already."))
    announcement.until = now
    announcement.save(update_fields=["until"])
    return announcement


@transaction.atomic
def note_reading(*, reader: AbstractBaseUser, announcement_id: int, at: dt.datetime) -> AnnouncementReading:
    """Note that somebody has read an announcement; the first time counts, again changes nothing.

    It may arrive when the announcement is over, and when he holds another post. A clock that runs ahead is
    brought down to now. Raises `NotFound` (``announcement.unknown``), also if it never was for him.
    """
    announcement = Announcement.objects.filter(pk=announcement_id).first()
    if announcement is None or not was_addressed(reader, announcement):
        raise _unknown()
    at = max(announcement.sent_at, min(at, timezone.now()))
    reading, _is_new = AnnouncementReading.objects.get_or_create(
        announcement=announcement, reader_id=reader.pk, defaults={"at": at}
    )
    return reading


def _check_may(actor: AbstractBaseUser, unit_id: int) -> None:
    chain = chains([unit_id]).get(unit_id)
    if chain is None:
        raise NotFound("unit.unknown", _("There is no such grid."))
    if not may_announce(scope_of(actor), chain):
        raise Refused(
            "announcement.not_yours",
            _("Only the command centre or the office of this grid, or of one above it, announces that."),
        )


def _unknown() -> NotFound:
    return NotFound("announcement.unknown", _("There is no such announcement."))
