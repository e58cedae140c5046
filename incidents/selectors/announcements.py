"""Announcements as those see them to whom they are addressed, and as those who send them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import NotFound
from gis_grids.models import Post
from gis_grids.people import name_of
from gis_grids.permissions import CENTRE, OFFICE, scope_of
from gis_grids.selectors import chains, descendant_ids
from incidents.models import Addressee, Announcement, AnnouncementReading

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import QuerySet

    from gis_grids.selectors import ChainLink

#: So many are shown, the latest first.
MOST: Final = 50
#: Who is told of an announcement while it is new, or has just ended: longer than this nobody is slow to look.
NEW_FOR: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class AnnouncementForMe:
    """An announcement that counts now for who holds a post below; ``read_at`` null: he hasn't read it.

    ``is_order``: it was sent in an emergency.
    """

    id: int
    text: str
    unit_name: str
    sent_by: str
    sent_at: datetime
    until: datetime
    is_order: bool
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class AnnouncementRow:
    """An announcement as the office lists it, with the chain of its unit, and by how many it was read."""

    announcement: Announcement
    chain: tuple[ChainLink, ...]
    sent_by: str
    readings: int
    is_on: bool


@dataclass(frozen=True, slots=True)
class AddresseeRow:
    """A post to which an announcement is addressed; ``read_at`` null: its holder hasn't read it."""

    post: str
    unit_name: str
    holder: str
    read_at: datetime | None


def announcements_for(user: AbstractBaseUser) -> list[AnnouncementForMe]:
    """Return what is announced to the user now by others, the latest first, at most `MOST`. Five queries."""
    now = timezone.now()
    above = {link.unit_id for chain in chains(scope_of(user).roots()).values() for link in chain}
    to_me = Q(area=None, unit__in=above) | Q(
        pk__in=Addressee.objects.filter(holder=user.pk).values("announcement")
    )
    running = Announcement.objects.filter(to_me, sent_at__lte=now, until__gt=now)
    latest = list(running.exclude(sent_by=user.pk).select_related("sent_by")[:MOST])
    units = chains({each.unit_id for each in latest})
    read = AnnouncementReading.objects.filter(reader=user.pk, announcement__in=latest)
    at = dict(read.values_list("announcement", "at"))
    return [
        AnnouncementForMe(
            id=each.pk,
            text=each.text,
            unit_name=units[each.unit_id][-1].name,
            sent_by=name_of(each.sent_by),
            sent_at=each.sent_at,
            until=each.until,
            is_order=each.emergency_id is not None,
            read_at=at.get(each.pk),
        )
        for each in latest
    ]


def announcements_sent(user: AbstractBaseUser) -> list[AnnouncementRow]:
    """Return what was announced in the subtrees that the user announces to, the latest first."""
    sent = _sent_below(user).select_related("sent_by").annotate(readings_count=Count("readings"))
    found = list(sent[:MOST])
    units, now = chains({each.unit_id for each in found}), timezone.now()
    return [
        AnnouncementRow(
            announcement=each,
            chain=units[each.unit_id],
            sent_by=name_of(each.sent_by),
            readings=each.readings_count,
            is_on=each.until > now,
        )
        for each in found
    ]


def addressees_of(user: AbstractBaseUser, announcement_id: int) -> tuple[Announcement, list[AddresseeRow]]:
    """Return an announcement, and the posts that it is for, those first whose holders haven't read it.

    The posts are those of now, or of its end. Raises `NotFound` (``announcement.unknown``), also to who
    couldn't have sent it. Five queries.
    """
    announcement = _sent_below(user).filter(pk=announcement_id).select_related("sent_by").first()
    if announcement is None:
        raise NotFound("announcement.unknown", _("There is no such announcement."))
    at = min(timezone.now(), announcement.until)
    posts = list(_posts(announcement, at).select_related("holder").order_by("unit__code", "kind", "pk"))
    read = dict(announcement.readings.values_list("reader", "at"))
    units = chains({post.unit_id for post in posts}, at)
    rows = [
        AddresseeRow(
            post=str(post.get_kind_display()),
            unit_name=units[post.unit_id][-1].name,
            holder=name_of(post.holder),
            read_at=read.get(post.holder.pk),
        )
        for post in posts
        if post.holder
    ]
    return announcement, sorted(rows, key=lambda row: row.read_at is not None)


def was_addressed(user: AbstractBaseUser, announcement: Announcement) -> bool:
    """Return whether the user has held a post that it was for, at any time since it was sent.

    One for an area was for those alone who were addressed then.
    """
    if announcement.area:
        return announcement.addressees.filter(holder=user.pk).exists()
    since = Q(term__upper_inf=True) | Q(term__endswith__gt=announcement.sent_at)
    below = descendant_ids([announcement.unit_id])
    return Post.objects.filter(since, holder=user.pk, unit__in=below).exists()


def recent_announcements() -> frozenset[tuple[int, datetime]]:
    """Return those that were sent, or have ended, in the last minutes (`NEW_FOR`): their ids and ends."""
    now = timezone.now()
    is_recent = Q(sent_at__gt=now - NEW_FOR) | Q(until__gt=now - NEW_FOR, until__lte=now)
    return frozenset(Announcement.objects.filter(is_recent).order_by().values_list("pk", "until"))


def addressed_by(announcement_ids: Collection[int]) -> frozenset[int]:
    """Return the ids of the users to whom any of the announcements is addressed now. Three queries."""
    for_units = Announcement.objects.filter(pk__in=announcement_ids, area=None).values_list("unit", flat=True)
    posts = Post.objects.filter(unit__in=descendant_ids(set(for_units)), term__contains=timezone.now())
    workers = Addressee.objects.filter(announcement__in=announcement_ids)
    return frozenset(posts.exclude(holder=None).values_list("holder", flat=True)) | frozenset(
        workers.values_list("holder", flat=True)
    )


def _sent_below(user: AbstractBaseUser) -> QuerySet[Announcement]:
    return Announcement.objects.filter(unit__in=descendant_ids(scope_of(user).roots(CENTRE | OFFICE)))


def _posts(announcement: Announcement, at: datetime) -> QuerySet[Post]:
    if announcement.area:
        return Post.objects.filter(pk__in=announcement.addressees.values("post"))
    below = Post.objects.filter(unit__in=descendant_ids([announcement.unit_id], at), term__contains=at)
    return below.exclude(holder=None).exclude(holder=announcement.sent_by_id)
