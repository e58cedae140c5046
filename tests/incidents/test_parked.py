"""Beginnings of files whose rest never came, and copies that were cut off."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.utils import timezone

from incidents.jobs import remove_parked_files
from incidents.models import Attachment
from incidents.selectors.attachments import AWAITED, attachments_of, partial_folder, partial_path
from tests.incidents.pictures import picture
from tests.incidents.sending import put, send, with_file


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def age(path, days):
    at = (timezone.now() - timedelta(days=days)).timestamp()
    os.utime(path, (at, at))


def test_nothing_to_remove(db):
    remove_parked_files(0)


def test_a_beginning_goes_after_a_while_is_missed_and_can_be_sent_after_all(world, caplog):
    content = picture()
    case, file = with_file(world, content)
    _case, young = with_file(world, content)
    for each in (file, young):
        put(world, each, 0, content[:700])
    age(partial_path(file.id), AWAITED.days + 1)
    age(partial_path(young.id), AWAITED.days - 1)
    Attachment.objects.filter(pk=file.id).update(declared_at=timezone.now() - AWAITED - timedelta(days=1))
    remove_parked_files(0)
    assert [path.name for path in partial_folder().iterdir()] == [str(young.id)]
    assert "Removed 1 beginnings of files, 700 bytes" in caplog.text
    [missing] = attachments_of(case.pk)
    assert (missing.received, missing.completed_at, missing.is_missing) == (0, None, True)
    assert Attachment.objects.get(pk=young.id).received == 700
    assert send(world, file, content).completed_at
    [there] = attachments_of(case.pk)
    assert not there.is_missing


def test_what_a_crash_left_goes_too(world):
    content = picture()
    _case, file = with_file(world, content)
    send(world, file, content)
    left = partial_folder() / f"{file.id}.x7"
    left.mkdir()
    (left / "full").write_bytes(b"x")
    for path in (left, partial_path(file.id)):
        age(path, AWAITED.days + 1)
    remove_parked_files(0)
    assert not list(partial_folder().iterdir())
    assert Attachment.objects.get(pk=file.id).received == len(content)
