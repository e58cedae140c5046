from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from incidents.models import Incident, Matter
from incidents.workflow import State


@pytest.fixture(autouse=True)
def _plain_static_files(settings):
    storage = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": storage}}


@pytest.fixture
def admin_page(client, world):
    client.force_login(User.objects.create(username="root", is_staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize("model", ["incident", "incidentevent", "matter"])
def test_the_lists_and_pages_are_shown(admin_page, world, model):
    case = world.bring(State.CLOSED)
    listed = admin_page.get(reverse(f"admin:incidents_{model}_changelist"))
    assert listed.status_code == 200
    pk = {"incident": case.pk, "incidentevent": 1, "matter": case.matter_id}[model]
    page = admin_page.get(reverse(f"admin:incidents_{model}_change", args=[pk]))
    assert page.status_code == 200


def test_cases_events_and_matters_are_neither_added_changed_nor_deleted(admin_page, world):
    case = world.case()
    for model, pk in (("incident", case.pk), ("incidentevent", 1), ("matter", case.matter_id)):
        assert admin_page.get(reverse(f"admin:incidents_{model}_add")).status_code == 403
        assert admin_page.post(reverse(f"admin:incidents_{model}_change", args=[pk])).status_code == 403
        assert admin_page.post(reverse(f"admin:incidents_{model}_delete", args=[pk])).status_code == 403
    assert Incident.objects.get(pk=case.pk).version == 1
    assert Matter.objects.get(pk=case.matter_id).is_current


def test_the_number_of_a_case_is_named_in_chinese(admin_page, world):
    case = world.case()
    listed = admin_page.get(
        reverse("admin:incidents_incident_changelist"), headers={"accept-language": "zh-hans"}
    )
    page = admin_page.get(
        reverse("admin:incidents_incident_change", args=[case.pk]), headers={"accept-language": "zh-hans"}
    )
    for shown in (listed.content.decode(), page.content.decode()):
        assert "编号" in shown
        assert case.number in shown
