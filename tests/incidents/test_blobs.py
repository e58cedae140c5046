"""Files of cases under bad luck: a disk that is full, a crash, two who send the same at once."""

from __future__ import annotations

import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from django.db import connection
from PIL import Image

from gis_grids.errors import Conflict, LingeError
from incidents.models import Attachment, IncidentEvent
from incidents.selectors.attachments import attachment_state, partial_path
from incidents.services import blobs
from incidents.workflow import Action
from tests.incidents.pictures import MP4, declared, padded, picture
from tests.incidents.sending import put, send, shown, with_file
from tests.incidents.world import make_world


@pytest.fixture
def transactional_world(transactional_db):
    return make_world()


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def small_disk(settings, tmp_path):
    """A disk of one megabyte, really."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "linge-test", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a small disk can't be mounted here: {mounted.stderr.decode().strip()}")
    settings.MEDIA_ROOT = folder
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_loses_nothing(world, small_disk):
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 700_000)
    content = padded(MP4, 610_000)
    case, file = with_file(world, content, "video/mp4")
    put(world, file, 0, content[:200_000])
    with pytest.raises(blobs.DiskFull) as error:
        put(world, file, 200_000, content[200_000:])
    assert error.value.code == "attachment.disk_full"
    assert attachment_state(world.worker, file.id).received == 200_000
    assert partial_path(file.id).read_bytes() == content[:200_000]
    case.refresh_from_db()
    assert case.text == world.report().text
    # A report is taken all the same, and when there is room the file goes on where it was.
    assert world.case(attachments=(declared(b"x"),))
    ballast.unlink()
    assert send(world, file, content, start=200_000).completed_at
    assert shown(world, file).startswith(MP4[:8])


def test_a_disk_that_is_full_for_the_clean_copy_alone(world, small_disk):
    noise = BytesIO()
    Image.effect_noise((700, 700), 90).save(noise, "JPEG", quality=10)
    content = noise.getvalue()
    ballast = small_disk / "ballast"
    case, file = with_file(world, content)
    put(world, file, 0, content[:100])
    ballast.write_bytes(b"x" * (1024 * 1024 - len(content) - 100_000))
    with pytest.raises(blobs.DiskFull):
        send(world, file, content, start=100)
    state = attachment_state(world.worker, file.id)
    assert (state.received, state.completed_at) == (len(content), None)
    assert {path.name for path in small_disk.rglob("*") if path.is_file()} == {str(file.id), "ballast"}
    assert not case.events.filter(action=Action.ATTACH).exists()
    ballast.unlink()
    assert put(world, file, len(content), b"").completed_at
    assert shown(world, file)


@pytest.mark.django_db(transaction=True)
def test_the_same_file_sent_by_two_at_once_is_stored_once(transactional_world):
    world, content = transactional_world, picture(size=(1500, 1500))
    case, file = with_file(world, content)
    start = threading.Barrier(4)

    def sender(_n):
        offset = 0
        start.wait()
        try:
            while True:
                try:
                    state = put(world, file, offset, content[offset : offset + 700])
                except Conflict as conflict:
                    offset = conflict.details["received"]
                    continue
                if state.completed_at:
                    return state
                offset = state.received
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        ends = set(pool.map(sender, range(4)))
    assert len(ends) == 1
    assert case.events.filter(action=Action.ATTACH).count() == 1
    Image.open(BytesIO(shown(world, file))).load()


@pytest.mark.django_db(transaction=True)
def test_a_crash_between_the_disk_and_the_commit_is_made_good(transactional_world, monkeypatch):
    world, content = transactional_world, picture()
    case, file = with_file(world, content)

    def crash(**_told):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("incidents.services.attachments.act", crash)
        with pytest.raises(RuntimeError):
            send(world, file, content)
    state = attachment_state(world.worker, file.id)
    assert (state.received, state.completed_at) == (len(content), None)
    assert put(world, file, len(content), b"").completed_at
    assert IncidentEvent.objects.filter(incident=case, action=Action.ATTACH).count() == 1
    assert not partial_path(file.id).exists()


@pytest.mark.django_db(transaction=True)
def test_two_cases_at_once_can_not_both_have_an_id(transactional_world):
    world, file = transactional_world, declared(b"x")
    start = threading.Barrier(6)

    def report(_n):
        start.wait()
        try:
            world.case(attachments=(file,))
        except LingeError as error:
            return error.code
        finally:
            connection.close()
        return "stored"

    with ThreadPoolExecutor(6) as pool:
        outcomes = sorted(pool.map(report, range(6)))
    assert outcomes == ["attachment.other_content"] * 5 + ["stored"]
    assert Attachment.objects.count() == 1
