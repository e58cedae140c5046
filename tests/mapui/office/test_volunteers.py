"""A volunteer who is a resident of the register is tied to him: who is erased there is erased here."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from django.utils import translation

from gis_grids.levels import Level, PostKind
from households.models import Residence, Resident, Volunteer
from households.services import home_households
from tests.factories import UserFactory, inside, make_town, post
from tests.households.making import household

pytestmark = pytest.mark.django_db
NEW = "/office/volunteers/new/"


@pytest.fixture(autouse=True)
def _in_english(client):
    client.cookies.load({"django_language": "en"})
    with translation.override("en"):
        yield


@pytest.fixture
def streets():
    """Two streets; in the western one lives somebody of the register."""
    town = make_town()
    home = household(inside(town.leaf), address="幸福里1号")
    home_households()
    person = Resident.objects.create(name="周小兰", born_on=date(1960, 5, 6))
    Residence.objects.create(resident=person, household=home, days=(date(2020, 1, 1), None))
    return town.units[Level.STREET][:2]


@pytest.fixture
def enter(client):
    def go(unit):
        person = UserFactory()
        post(person, unit, PostKind.OFFICE_CLERK)
        client.force_login(person)
        return client

    return go


def text(answer):
    return unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_who_bears_the_name_of_a_resident_is_asked_for(streets, enter):
    west, _east = streets
    client, resident = enter(west), Resident.objects.get()
    told = {"unit_id": west.pk, "name": "周小兰", "skills": "First aid"}
    asked = client.post(NEW, told)
    assert asked.status_code == 422
    assert "周小兰 · 1960-05-06 · 幸福里1号" in text(asked)
    assert "First aid" in asked.content.decode()
    assert not Volunteer.objects.exists()
    client.post(NEW, {**told, "resident_id": "none"})
    who = Volunteer.objects.get()
    assert who.resident is None
    here = f"/office/volunteers/{who.pk}/"
    assert client.post(here, {**told, "resident_id": resident.pk}).status_code == 302
    who.refresh_from_db()
    assert who.resident == resident
    assert f'value="{resident.pk}" selected' in client.get(here).content.decode()
    twice = client.post(NEW, {**told, "resident_id": resident.pk})
    assert twice.status_code == 422
    assert "registered as a volunteer already" in text(twice)


def test_nobody_of_another_office_is_offered_or_tied(streets, enter):
    _west, east = streets
    client, resident = enter(east), Resident.objects.get()
    told = {"unit_id": east.pk, "name": "周小兰", "resident_id": resident.pk}
    assert "幸福里" not in text(client.post(NEW, told))
    assert Volunteer.objects.get().resident is None
