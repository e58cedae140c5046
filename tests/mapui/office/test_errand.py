"""An errand taken at the counter."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from households.services import home_households
from incidents.models import Incident
from tests.factories import inside
from tests.households.making import household
from tests.incidents.world import make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def home(world):
    made = household(inside(world.town.leaf), householder="张三丰", address="晨曦苑3号楼2单元501")
    home_households()
    return made


def create(client, home, **changes):
    told = {"do": "create", "words": "晨曦苑", "household": home.pk, "matter": "errand", "text": "代缴水费"}
    return client.post(reverse("office_errand_new"), told | {"report_id": str(uuid4())} | changes)


def test_found_by_words_taken_once(client, world, home):
    client.force_login(world.office)
    page = client.post(reverse("office_errand_new"), {"do": "find", "words": "晨曦苑 501"}).content.decode()
    assert "晨曦苑3号楼2单元501" in page
    assert "张三丰" not in page
    report_id = str(uuid4())
    for _ in range(2):
        told = {"report_id": report_id, "opened_at": "2026-11-21T08:00:00+08:00"}
        assert create(client, home, **told).status_code == 302
    case = Incident.objects.get()
    assert (case.household, case.matter.code, case.steps.count()) == (home, "errand", 3)


@pytest.mark.parametrize(
    "changes", [{"household": "9" * 30}, {"matter": "rubbish"}, {"text": "坏\0字"}, {"household": ""}]
)
def test_bad_input_keeps_what_was_typed(client, world, home, changes):
    client.force_login(world.office)
    answer = create(client, home, **changes)
    assert answer.status_code == 422
    assert 'value="晨曦苑"' in answer.content.decode()
    assert not Incident.objects.exists()


def test_others_households_are_not_found(client, world, home):
    client.force_login(world.stranger)
    page = client.post(reverse("office_errand_new"), {"do": "find", "words": "晨曦苑"}).content.decode()
    assert "501" not in page
    assert create(client, home).status_code == 422
