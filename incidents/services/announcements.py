"""Announcements: the centre and the offices tell something to all who hold a post below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, NotFound, Refused
from gis_grids.permissions import scope_of
from gis_grids.selectors import chains
from gis_grids.services.texts import clean_text
from incidents.models import Addressee, Announcement, AnnouncementReading
from incidents.permissions import may_announce
from incidents.selectors.announcements import was_addressed
from incidents.selectors.areas import commanded_area, posts_in

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Sequence
    from uuid import UUID

    from django.contrib.auth.models import AbstractBaseUser

    from incidents.selectors.duty import LonLat

MAX_ANNOUNCEMENT: Final = 500


@transaction.atomic
def announce(*, actor: AbstractBaseUser, unit_id: int, text: str, until: dt.datetime) -> Announcement:
    """Tell the text to all who hold a post in the subtree of a unit, from now until ``until``.

    Raises `NotFound` (``unit.unknown``), `Refused` (``announcement.not_yours``), `BadInput`
    (``announcement.empty``, ``announcement.over``, ``text.*``).
    """
    _check_may(actor, unit_id)
    text = _checked(text)
    now = timezone.now()
    if until <= now:
        raise BadInput("announcement.over", _("It would be over already. Give a later time."))
    return Announcement.objects.create(
        unit_id=unit_id, text=text, sent_by_id=actor.pk, sent_at=now, until=until
    )


@transaction.atomic
def announce_in_area(
    *, actor: AbstractBaseUser, ring: Sequence[LonLat], text: str, until: dt.datetime, call_id: UUID
) -> Announcement:
    """Tell the text to the workers who are responsible in a drawn area now, from now until ``until``.

    The same ``call_id`` again gives the same announcement. Raises what `commanded_area` and `announce` raise,
    `BadInput` ("announcement.nobody"), `Conflict` ("announcement.other_content").
    """
    text = _checked(text)
    lock_call(call_id)
    sent = Announcement.objects.filter(call_id=call_id).first()
    if sent:
        if (sent.sent_by_id, sent.text) != (actor.pk, text):
            raise Conflict(
                "announcement.other_content",
                _("This was sent already, with another text. Close the form and begin anew."),
            )
        return sent
    area = commanded_area(actor, ring)
    now = timezone.now()
    if until <= now:
        raise BadInput("announcement.over", _("It would be over already. Give a later time."))
    announcement = send_to_workers(
        actor,
        Announcement(unit_id=area.unit_id, area=area.stored, text=text, until=until, call_id=call_id),
        area.unit_ids,
    )
    if announcement is None:
        raise BadInput("announcement.nobody", _("No worker but you is responsible there. Draw it larger."))
    return announcement


def send_to_workers(
    actor: AbstractBaseUser, announcement: Announcement, unit_ids: Collection[int]
) -> Announcement | None:
    """Store an announcement of the actor with its addressees: who holds a post on the ground in the units.

    Return None, and store nothing, if there is nobody.
    """
    posts = list(posts_in(unit_ids, but=actor))
    if not posts:
        return None
    announcement.sent_by_id, announcement.sent_at = actor.pk, timezone.now()
    announcement.save()
    Addressee.objects.bulk_create(
        Addressee(announcement=announcement, post=post, holder_id=post.holder_id)
        for post in posts
        if post.holder_id
    )
    return announcement


def lock_call(call_id: UUID) -> None:
    """Let the same call, sent twice at once, be one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(call_id)])


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


def _checked(text: str) -> str:
    text = clean_text(text, limit=MAX_ANNOUNCEMENT)
    if not text:
        raise BadInput("announcement.empty", _("Say what is to be announced."))
    return text


def _unknown() -> NotFound:
    return NotFound("announcement.unknown", _("There is no such announcement."))
