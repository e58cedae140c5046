"""Announcements: who may send them, who gets them, and that they are read once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from gis_grids.errors import BadInput, Conflict, NotFound, Refused
from gis_grids.levels import Level, PostKind
from gis_grids.services import end_post
from incidents.models import Announcement
from incidents.selectors.announcements import (
    addressed_by,
    addressees_of,
    announcements_for,
    announcements_sent,
    recent_announcements,
)
from incidents.services.announcements import announce, end_announcement, note_reading
from tests.factories import UserFactory, post

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def street(world):
    return world.town.units[Level.STREET][0]


@pytest.fixture
def send(world, street):
    def make(actor=None, unit=None, text="台风蓝色预警", until=None):
        return announce(
            actor=actor or world.operator,
            unit_id=(unit or street).pk,
            text=text,
            until=until or timezone.now() + HOUR,
        )

    return make


def holder(unit, kind=PostKind.GRID_WORKER):
    user = UserFactory()
    user.the_post = post(user, unit, kind)
    return user


def texts(user):
    return [each.text for each in announcements_for(user)]


def test_those_below_get_it_and_no_others(world, send):
    beside = holder(world.town.units[Level.RESIDENT_GROUP][-1])
    above = holder(world.town.units[Level.DISTRICT][0], PostKind.PLANNER)
    sent = send(text=" 台风 ")
    assert (sent.text, sent.sent_by) == ("台风", world.operator)
    assert texts(world.worker) == ["台风"]
    assert texts(beside) == texts(above) == texts(world.stranger) == []
    assert world.worker.pk in addressed_by([sent.pk])
    assert not {beside.pk, above.pk} & addressed_by([sent.pk])
    assert (sent.pk, sent.until) in recent_announcements()


def test_who_sends_it_is_not_told(world, send):
    clerk = holder(world.town.units[Level.STREET][0], PostKind.OFFICE_CLERK)
    sent = send(actor=clerk)
    assert texts(clerk) == []
    assert clerk.username not in {row.holder for row in addressees_of(clerk, sent.pk)[1]}


@pytest.mark.parametrize("who", ["worker", "colleague", "lead", "stranger"])
def test_others_neither_send_nor_end_nor_see_who_has_read(world, send, who):
    person = getattr(world, who)
    with pytest.raises(Refused) as refused:
        send(actor=person)
    assert refused.value.code == "announcement.not_yours"
    sent = send()
    with pytest.raises(Refused):
        end_announcement(actor=person, announcement_id=sent.pk)
    with pytest.raises(NotFound):
        addressees_of(person, sent.pk)
    assert announcements_sent(person) == []
    assert texts(world.worker) == [sent.text]


def test_an_office_sends_to_its_own_units_and_below_not_above_or_beside(world, send, street):
    clerk = holder(world.town.units[Level.COMMUNITY][0], PostKind.OFFICE_CLERK)
    for unit in (street, world.town.units[Level.COMMUNITY][1]):
        with pytest.raises(Refused):
            send(actor=clerk, unit=unit)
    send(actor=clerk, unit=world.town.leaf)
    above = send()
    assert [row.announcement.unit for row in announcements_sent(clerk)] == [world.town.leaf]
    with pytest.raises(NotFound):
        addressees_of(clerk, above.pk)


def test_what_can_not_be_announced(world, send):
    for told, code in (
        ({"text": "  "}, "announcement.empty"),
        ({"text": "长" * 501}, "text.too_long"),
        ({"until": timezone.now()}, "announcement.over"),
    ):
        with pytest.raises(BadInput) as refused:
            send(**told)
        assert refused.value.code == code
    with pytest.raises(NotFound):
        announce(actor=world.operator, unit_id=0, text="台风", until=timezone.now() + HOUR)
    assert not Announcement.objects.exists()


def test_the_database_keeps_its_own_rules(world, street):
    now = timezone.now()
    told = {"unit": street, "sent_by": world.operator, "sent_at": now}
    for wrong in ({"text": "", "until": now + HOUR}, {"text": "台风", "until": now}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Announcement.objects.create(**told, **wrong)


def test_it_is_read_once_the_first_time_counts(world, send):
    sent, now = send(), timezone.now()
    first = note_reading(reader=world.worker, announcement_id=sent.pk, at=now + HOUR)
    assert sent.sent_at <= first.at <= timezone.now()  # a clock that runs ahead
    again = note_reading(reader=world.worker, announcement_id=sent.pk, at=now)
    assert (again.pk, again.at) == (first.pk, first.at)
    assert [each.read_at for each in announcements_for(world.worker)] == [first.at]
    [row] = announcements_sent(world.operator)
    assert row.readings == 1
    _sent, rows = addressees_of(world.operator, sent.pk)
    assert [row.read_at for row in rows if row.read_at] == [first.at]
    assert rows[-1].read_at == first.at  # who hasn't comes first


def test_only_those_read_it_for_whom_it_is_or_was(world, send):
    mover, sent = holder(world.town.leaf), send()
    end_post(post_id=mover.the_post.pk)
    assert texts(mover) == []
    note_reading(reader=mover, announcement_id=sent.pk, at=timezone.now())
    beside, earlier = holder(world.town.units[Level.RESIDENT_GROUP][-1]), holder(world.town.leaf)
    end_post(post_id=earlier.the_post.pk, at=sent.sent_at - HOUR)
    for person in (beside, earlier, world.stranger):
        with pytest.raises(NotFound):
            note_reading(reader=person, announcement_id=sent.pk, at=timezone.now())


def test_one_that_is_over_is_gone_from_phones_and_still_can_have_been_read(world, send):
    sent = send()
    end_announcement(actor=world.office, announcement_id=sent.pk)
    assert texts(world.worker) == []
    note_reading(reader=world.worker, announcement_id=sent.pk, at=timezone.now())
    [row] = announcements_sent(world.operator)
    assert (row.is_on, row.readings) == (False, 1)
    with pytest.raises(Conflict):
        end_announcement(actor=world.office, announcement_id=sent.pk)
