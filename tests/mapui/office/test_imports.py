"""The pages of imports: upload, what is asked, what was found, the way back, and who sees nothing of it."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from households.models import AccessRecord, Household, ImportHeading, ImportRun
from mapui.office.imports import forms
from tests.factories import UserFactory, post
from tests.households.imports.making import World, workbook

pytestmark = pytest.mark.django_db

HEAD = ["地址", "当家的", "电话"]
GOOD, BAD = ["阳光花园1号楼1单元101", "张三", "13800000001"], ["不知道哪里", "李四", "138"]


@pytest.fixture
def world():
    return World()


@pytest.fixture
def desk(client, world):
    """Ask for a page as the office, in English."""
    client.cookies["django_language"] = "en"
    client.force_login(world.clerk)

    def ask(path, data=None):
        answer = client.get(path) if data is None else client.post(path, data, follow=True)
        return answer, answer.content.decode() if "html" in answer["Content-Type"] else ""

    return ask


def upload(desk, world, data, name="list.xlsx"):
    file = SimpleUploadedFile(name, data)
    return desk("/office/imports/", {"kind": "households", "unit": world.unit.pk, "file": file})


def test_a_file_goes_the_whole_way(desk, world):
    _answer, page = upload(desk, world, workbook(HEAD, GOOD, BAD))
    run = ImportRun.objects.get()
    assert "Being read" in page
    assert 'http-equiv="refresh"' in page
    world.work(run)
    _answer, page = desk(f"/office/imports/{run.pk}/")
    assert "Checked, nothing written yet" in page
    assert "This is no telephone number" in page
    address = f"/office/imports/{run.pk}"
    keys = {"column-0": "address", "column-1": "householder", "column-2": "phone", "crs": "", "crs_other": ""}
    desk(f"{address}/columns/", keys)
    assert ImportHeading.objects.get(heading="当家的").key == "householder"
    world.work(run)
    answer, _page = desk(f"{address}/rows.xlsx", {})
    assert AccessRecord.objects.get().detail == "import.xlsx"
    headings, bad = load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
    assert headings == (*HEAD, "Row in the file", "Remarks")
    assert bad[:4] == (*BAD, 3)
    assert "电话: This is no telephone number" in bad[4]
    desk(f"{address}/import/", {"with_changes": "on", "others": "leave"})
    world.work(run)
    _answer, page = desk(f"{address}/")
    assert "Undo the import" in page
    assert Household.objects.get().householder == "张三"
    desk(f"{address}/undo/", {})
    world.work(run)
    _answer, page = desk(f"{address}/")
    assert "Undone" in page
    assert not Household.objects.exists()


def test_what_was_said_of_a_heading_is_known_next_time(desk, world):
    ImportHeading.objects.create(unit=world.unit, kind="households", heading="当家的", key="householder")
    upload(desk, world, workbook(HEAD, GOOD))
    assert world.work(ImportRun.objects.get()).places == {"address": 0, "householder": 1, "phone": 2}


def test_nothing_that_a_file_says_is_in_an_address_or_the_log(desk, world, caplog):
    caplog.set_level("INFO")
    upload(desk, world, workbook(HEAD, GOOD, BAD))
    run = world.work(ImportRun.objects.get())
    desk(f"/office/imports/{run.pk}/cancel/", {})
    assert "李四" not in caplog.text
    assert f"import {run.pk}: cancel by user" in caplog.text


def test_what_can_not_be_done_is_said(desk, world):
    answer, page = upload(desk, world, b"")
    assert (answer.status_code, "is empty" in page) == (422, True)
    upload(desk, world, workbook(HEAD, GOOD))
    run = world.work(ImportRun.objects.get())
    _answer, page = desk(f"/office/imports/{run.pk}/undo/", {})
    assert "That can&#x27;t be done now" in page
    _answer, page = desk(f"/office/imports/{run.pk}/columns/", {"column-0": "phone", "column-1": "phone"})
    assert "Two columns can&#x27;t hold the same" in page
    assert desk(f"/office/imports/{run.pk}/burn/", {})[0].status_code == 404


def test_a_file_that_is_too_big_is_refused_in_words(desk, world, monkeypatch):

    monkeypatch.setattr(forms, "LARGE", replace(forms.LARGE, data=10))
    answer, page = upload(desk, world, workbook(HEAD, GOOD))
    assert (answer.status_code, "A file can have at most" in page) == (422, True)


def test_an_empty_table_has_the_headings_that_are_known(desk):
    answer, _page = desk("/office/imports/templates/households.xlsx")
    [headings] = load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
    assert {"Address", "Householder", "Phone"} <= set(headings)


def test_another_office_and_other_posts_see_nothing(client, world):
    run = world.begin(workbook(HEAD, GOOD))
    stranger, leader = UserFactory(), UserFactory()
    post(stranger, world.elsewhere, "office_clerk")
    post(leader, world.unit, "grid_leader")
    for person, status in ((stranger, 404), (leader, 403)):
        client.force_login(person)
        assert client.get(f"/office/imports/{run.pk}/").status_code == status
        for path in ("rows.xlsx", "cancel/"):
            assert client.post(f"/office/imports/{run.pk}/{path}").status_code == status
    client.force_login(stranger)
    assert "list.xlsx" not in client.get("/office/imports/").content.decode()
    begun = client.post("/office/imports/", {"kind": "households", "unit": world.unit.pk})
    assert begun.status_code == 422
