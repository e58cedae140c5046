"""The office's pages of announcements: who sends, ends, and sees who has read them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gis_grids.levels import Level
from incidents.models import Announcement
from incidents.services.announcements import note_reading
from tests.incidents.world import make_world

pytestmark = pytest.mark.django_db
LIST = "office_announcements"


@pytest.fixture
def world():
    return make_world()


def area(world):
    """The area that the worker's grid is in: the office announces nothing to smaller ones."""
    return world.town.units[Level.AREA][0]


def said(unit, **changes):
    until = timezone.localtime(timezone.now() + timedelta(days=1))
    return {"unit_id": unit.pk, "text": "明早八点开会", "until": until.strftime("%Y-%m-%dT%H:%M")} | changes


def test_an_announcement_is_sent_read_and_ended(client, world):
    client.force_login(world.operator)
    answer = client.post(reverse(LIST), said(area(world), text="  "))
    assert answer.status_code == 422
    assert client.post(reverse(LIST), said(area(world), until="2020-01-01T08:00")).status_code == 422
    assert not Announcement.objects.exists()
    assert client.post(reverse(LIST), said(area(world))).status_code == 302
    sent = Announcement.objects.get()
    note_reading(reader=world.worker, announcement_id=sent.pk, at=timezone.now())
    page = client.get(reverse("office_announcement", args=[sent.pk])).content.decode()
    assert world.worker.username in page
    assert "明早八点开会" in client.get(reverse(LIST)).content.decode()
    client.post(reverse("office_announcement_end", args=[sent.pk]))
    sent.refresh_from_db()
    assert sent.until <= timezone.now()


def test_who_may_not_send_sees_nothing_and_changes_nothing(client, world):
    client.force_login(world.operator)
    client.post(reverse(LIST), said(area(world)))
    sent = Announcement.objects.get()
    client.force_login(world.lead)
    page = client.get(reverse(LIST)).content.decode()
    assert "明早八点开会" not in page
    assert "<textarea" not in page
    assert client.post(reverse(LIST), said(area(world))).status_code == 422
    assert client.get(reverse("office_announcement", args=[sent.pk])).status_code == 404
    client.post(reverse("office_announcement_end", args=[sent.pk]))
    sent.refresh_from_db()
    assert sent.until > timezone.now()
    assert Announcement.objects.count() == 1
