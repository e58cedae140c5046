"""A phone's queue that comes as a file: in the writer's name, by who may, once however often it comes."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.utils import timezone

from gis_grids.errors import BadInput, Refused
from gis_grids.levels import Level, PostKind
from incidents.models import Attachment, Incident
from incidents.services.announcements import announce
from mapui.office.queue.importing import Outcome, import_queue
from mapui.office.queue.reading import read_queue
from tests.factories import UserFactory, inside, post
from tests.incidents.pictures import declared, picture
from tests.incidents.world import make_world

PICTURE = picture()


@pytest.fixture
def world(db):
    return make_world()


def waiting(world, **changes) -> dict:
    """Return a report as the phone keeps it."""
    lon, lat = inside(world.town.leaf)
    report_id = str(uuid4())
    body = {
        "matter": "rubbish",
        "text": "Kept on the phone",
        "lon": lon,
        "lat": lat,
        "accuracy_m": None,
        "position_source": "pin",
        "observed_at": timezone.now().isoformat(),
        "priority": "normal",
        "attachments": [],
    }
    return {
        "id": report_id,
        "kind": "report",
        "method": "PUT",
        "path": f"reports/{report_id}",
        "body": body | changes,
    }


def exported(world, *items: dict, files: dict | None = None, user: str = "") -> BytesIO:
    """Return the file that the phone writes."""
    listed = {
        "format": "linge-queue",
        "version": 1,
        "user": user or world.worker.username,
        "exported_at": timezone.now().isoformat(),
        "items": items,
    }
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("queue.json", json.dumps(listed))
        for name, content in (files or {}).items():
            archive.writestr(f"files/{name}", content)
    out.seek(0)
    return out


def outcomes(world, file: BytesIO, actor=None) -> list[Outcome]:
    return [each.outcome for each in import_queue(queue=read_queue(file), actor=actor or world.office)]


@pytest.mark.django_db(transaction=True)
def test_what_waited_is_stored_in_the_writer_s_name_with_its_files_and_once(world):
    photo = declared(PICTURE)
    said = {"id": str(photo.id), "name": photo.name, "media_type": photo.media_type}
    said |= {"size": photo.size, "sha256": photo.sha256}
    items = [waiting(world, attachments=[said]), waiting(world, text="Another")]
    file = exported(world, *items, files={photo.id: PICTURE})
    assert outcomes(world, file) == [Outcome.STORED, Outcome.STORED]
    assert set(Incident.objects.values_list("reporter", flat=True)) == {world.worker.pk}
    assert Attachment.objects.get().completed_at is not None
    assert outcomes(world, file) == [Outcome.KNOWN, Outcome.KNOWN]
    assert Incident.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_each_item_stands_alone_and_says_what_is_wrong(world):
    photo = declared(PICTURE)
    said = {"id": str(photo.id), "name": photo.name, "media_type": photo.media_type}
    said |= {"size": photo.size, "sha256": photo.sha256}
    items = [
        waiting(world, matter="unheard-of"),
        waiting(world, lon="west"),
        waiting(world) | {"method": "DELETE"},
        waiting(world, attachments=[said]),
        waiting(world, text="Sound"),
    ]
    file = exported(world, *items)
    findings = import_queue(queue=read_queue(file), actor=world.office)
    refused = Outcome.REFUSED
    assert [each.outcome for each in findings] == [refused, refused, refused, Outcome.PARTLY, Outcome.STORED]
    assert all(each.sentence for each in findings[:4])
    assert photo.name in findings[3].sentence


def test_that_an_announcement_was_read_is_brought_in_as_well(world):
    sent = announce(
        actor=world.operator,
        unit_id=world.town.leaf.pk,
        text="台风",
        until=timezone.now() + timedelta(hours=1),
    )
    call = str(uuid4())
    body = {"announcement": sent.pk, "at": timezone.now().isoformat()}
    item = {"id": call, "kind": "call", "method": "PUT", "path": f"phone/readings/{call}", "body": body}
    assert outcomes(world, exported(world, item)) == [Outcome.STORED]
    assert sent.readings.get().reader == world.worker


def test_only_who_has_a_post_above_the_writer_s_brings_it_in(world):
    file = exported(world, waiting(world))
    elsewhere = UserFactory()
    post(elsewhere, world.town.units[Level.COMMUNITY][-1], PostKind.OFFICE_CLERK)
    worker = UserFactory()
    post(worker, world.town.units[Level.DISTRICT][0], PostKind.GRID_WORKER)
    for stranger in (elsewhere, worker, world.colleague, UserFactory()):
        with pytest.raises(Refused) as error:
            outcomes(world, file, stranger)
        assert error.value.code == "queue.not_yours"
    assert Incident.objects.count() == 0
    assert outcomes(world, file, world.worker) == [Outcome.STORED]


def zipped(name: str, content: str) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"no zip at all", "queue.no_zip"),
        (b"", "queue.no_zip"),
        (zipped("other.json", "{}"), "queue.no_list"),
        (zipped("queue.json", "no json"), "queue.no_list"),
        (zipped("queue.json", '{"format": "other"}'), "queue.no_list"),
    ],
)
def test_what_is_no_export_is_told_so(content, code):
    with pytest.raises(BadInput) as error:
        read_queue(BytesIO(content))
    assert error.value.code == code


@pytest.mark.django_db(transaction=True)
def test_the_page_shows_what_became_of_each(client, world):
    client.force_login(world.office)
    answer = client.post(
        "/office/queue/", {"file": exported(world, waiting(world), waiting(world, matter="x"))}
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'data-outcome="stored"' in page
    assert 'data-outcome="refused"' in page
    assert client.post("/office/queue/", {"file": BytesIO(b"none")}).status_code == 422
    assert client.post("/office/queue/").status_code == 422
