"""Files of cases: by pieces, exactly the bytes that were declared, and nothing in them but what is seen."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image

from gis_grids.errors import BadInput, Conflict, NotFound, Refused
from incidents.models import Attachment, Incident
from incidents.selectors.attachments import (
    Size,
    attachment_shown,
    attachment_state,
    attachments_of,
    partial_path,
)
from incidents.services.attachments import MAX_PIECE, declare, receive
from incidents.services.forgetting import empty_errands
from incidents.workflow import Action, Actor, State
from tests.factories import inside
from tests.households.making import household
from tests.incidents.pictures import HTML, MP4, SVG, declared, packets_of, padded, picture, video
from tests.incidents.sending import put, send, shown, with_file


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def kept(media):
    """Return what is kept of whole files."""
    return [path for path in media.rglob("*") if path.is_file() and path.parent.name != "partial"]


def test_a_picture_comes_in_pieces_and_is_complete_with_the_last(
    world, media, django_capture_on_commit_callbacks
):
    content = picture()
    case, file = with_file(world, content)
    for offset in range(0, len(content), 500):
        before = attachment_state(world.worker, file.id)
        assert (before.received, before.completed_at) == (offset, None)
        with pytest.raises(NotFound):
            attachment_shown(world.worker, file.id)
        with django_capture_on_commit_callbacks(execute=True):
            put(world, file, offset, content[offset : offset + 500])
    [row] = attachments_of(case.pk)
    assert row.received == len(content)
    assert row.completed_at
    # Kept under the hash of what was sent, which itself is gone with all that the camera wrote into it.
    sha = hashlib.sha256(content).hexdigest()
    kept = {path.relative_to(media).as_posix() for path in media.rglob("*") if path.is_file()}
    assert kept == {f"{sha[:2]}/{sha}.jpg", f"{sha[:2]}/{sha}.thumb.jpg"}
    event = case.events.latest("seq")
    assert (event.action, event.actor, event.to_state) == (Action.ATTACH, None, State.REPORTED)
    assert event.details | {"attachment": str(file.id), "complete": 1, "declared": 1} == event.details


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_is_kept_of_a_picture_has_nothing_but_the_pixels(world, kind):
    content = picture(kind, size=(3000, 1200), colour="teal")
    assert Image.open(BytesIO(content)).getexif()
    _case, file = with_file(world, content, f"image/{kind.lower()}")
    send(world, file, content)
    # Turned as the camera was held, and not bigger than a screen needs, or a list.
    for size, pixels in ((Size.FULL, (1024, 2560)), (Size.THUMB, (192, 480))):
        said = attachment_shown(world.lead, file.id, size)
        assert (said.media_type, said.name) == ("image/jpeg", "现场.jpg")
        clean = shown(world, file, size)
        with Image.open(BytesIO(clean)) as seen:
            assert (seen.format, seen.size, dict(seen.getexif())) == ("JPEG", pixels, {})
            assert not {"exif", "xmp", "comment", "icc_profile"} & set(seen.info)
        assert b"Secret" not in clean
        assert b"GPS" not in clean


@pytest.mark.parametrize(("kind", "media_type"), [("mp4", "video/mp4"), ("mov", "video/quicktime")])
def test_what_is_kept_of_a_video_is_what_is_seen_and_heard(world, kind, media_type):
    content = video(kind, turned=-90)
    assert b"+39.9000+116.3000" in content
    assert b"SecretTitle" in content
    content = padded(content, len(content) + 5000) + HTML
    _case, file = with_file(world, content, media_type, name=f"v.{kind}")
    send(world, file, content, step=1000)
    said = attachment_shown(world.worker, file.id)
    assert (said.media_type, said.name) == ("video/mp4", "v.mp4")
    kept = shown(world, file)
    for hidden in (b"Secret", b"39.9", b"<script", b"ISO6709"):
        assert hidden not in kept
    assert len(kept) < len(content) - 4000
    # It begins to play before all of it has come: what is where stands in front.
    assert 0 < kept.index(b"moov") < kept.index(b"mdat")
    assert packets_of(kept) == packets_of(content)
    assert {kind for kind, _bytes in packets_of(kept)} == {"video", "audio"}


@pytest.mark.parametrize(
    ("turned", "size", "blue"), [(0, (320, 240), (80, 60)), (-90, (240, 320), (180, 80))]
)
def test_a_video_has_a_picture_for_lists(world, turned, size, blue):
    content = video(turned=turned, sound=False)
    _case, file = with_file(world, content, "video/mp4")
    send(world, file, content)
    said = attachment_shown(world.worker, file.id, Size.THUMB)
    assert (said.media_type, said.name) == ("image/jpeg", "现场.jpg")
    with Image.open(BytesIO(shown(world, file, Size.THUMB))) as poster:
        assert poster.size == size
        red, _green, blueness = poster.getpixel(blue)
        assert blueness > 150
        assert red < 100


def test_a_wrong_offset_is_told_the_right_one(world):
    content = picture()
    _case, file = with_file(world, content)
    put(world, file, 0, content[:700])
    for wrong in (0, 300, 701, 10**9):
        with pytest.raises(Conflict) as error:
            put(world, file, wrong, content[:10])
        assert (error.value.code, error.value.details) == ("attachment.offset", {"received": 700})
    assert send(world, file, content, start=700).completed_at


def test_a_complete_file_answers_every_further_piece(world):
    content = picture()
    case, file = with_file(world, content)
    done = send(world, file, content)
    assert put(world, file, 0, b"other") == done
    assert put(world, file, len(content), b"") == done
    assert case.events.filter(action=Action.ATTACH).count() == 1


def test_a_piece_that_was_written_but_not_counted_is_written_over(world):
    content = picture()
    _case, file = with_file(world, content)
    put(world, file, 0, content[:700])
    with partial_path(file.id).open("ab") as cut_off:
        cut_off.write(b"x" * 2000)
    assert send(world, file, content, start=700).completed_at


def test_bytes_that_the_disk_lost_are_asked_for_again(world):
    content = picture()
    _case, file = with_file(world, content)
    put(world, file, 0, content[:700])
    partial_path(file.id).unlink()
    with pytest.raises(Conflict) as error:
        put(world, file, 700, content[700:])
    assert (error.value.code, error.value.details) == ("attachment.offset", {"received": 0})
    assert send(world, file, content).completed_at


def test_other_bytes_than_declared_are_thrown_away_and_can_be_sent_again(
    world, django_capture_on_commit_callbacks
):
    content = picture()
    case, file = with_file(world, content)
    wrong = content[:-1] + bytes([content[-1] ^ 1])
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(Conflict) as error:
        send(world, file, wrong)
    assert (error.value.code, error.value.details) == ("attachment.hash", {"received": 0})
    assert attachment_state(world.worker, file.id).received == 0
    assert not partial_path(file.id).exists()
    assert not case.events.filter(action=Action.ATTACH).exists()
    assert send(world, file, content).completed_at


def test_more_bytes_than_declared_are_refused(world):
    content = picture()
    _case, file = with_file(world, content)
    with pytest.raises(BadInput) as error:
        put(world, file, 0, content + b"x")
    assert error.value.code == "attachment.too_long"
    with pytest.raises(BadInput) as error:
        put(world, file, 0, b"x" * (MAX_PIECE + 1))
    assert error.value.code == "attachment.piece"
    assert attachment_state(world.worker, file.id).received == 0


@pytest.mark.parametrize(
    ("content", "media_type", "code"),
    [
        (SVG, "image/png", "attachment.other_type"),
        (HTML, "image/jpeg", "attachment.other_type"),
        (HTML, "video/mp4", "attachment.other_type"),
        (picture("PNG"), "image/jpeg", "attachment.other_type"),
        (MP4, "image/webp", "attachment.other_type"),
        (b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + b"\0" * 99, "video/mp4", "attachment.other_type"),
        (b"\0\0\0\x18ftypheic\0\0\0\0isommp41" + b"\0" * 99, "video/mp4", "attachment.other_type"),
        (b"\xff", "image/jpeg", "attachment.other_type"),
        (picture()[:600], "image/jpeg", "attachment.broken"),
        (picture("PNG")[:500], "image/png", "attachment.broken"),
        (picture("WEBP", size=(2000, 2000))[:300], "image/webp", "attachment.broken"),
        (picture("PNG", size=(8000, 7000)), "image/png", "attachment.too_many_pixels"),
        (MP4[: len(MP4) // 2], "video/mp4", "attachment.broken"),
        (MP4[:28] + b"\0" * 500, "video/mp4", "attachment.broken"),
        (video(codec="mpeg4"), "video/mp4", "attachment.codec"),
        (video(seconds=302, sound=False), "video/mp4", "attachment.too_many_seconds"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_picture_or_video_is_refused(world, media, content, media_type, code):
    case, file = with_file(world, content, media_type)
    with pytest.raises(BadInput) as error:
        send(world, file, content)
    assert error.value.code == code
    assert str(error.value)
    assert attachment_state(world.worker, file.id).completed_at is None
    assert attachment_state(world.worker, file.id).received == 0
    assert not kept(media)
    assert not case.events.filter(action=Action.ATTACH).exists()


def test_two_cases_share_equal_bytes(world, media):
    content = picture()
    files = [with_file(world, content)[1] for _ in range(2)]
    for file in files:
        assert send(world, file, content).completed_at
    assert len({attachment_shown(world.worker, file.id).stored for file in files}) == 1
    assert len(kept(media)) == 2  # in full, and small


def test_pictures_of_an_errand_go_with_the_household_and_those_that_others_show_stay(
    world, media, django_capture_on_commit_callbacks
):
    home = household(inside(world.town.leaf))
    content, own = picture(), picture(colour="red")
    for bytes_, is_errand in ((content, True), (own, True), (content, False)):
        case, file = with_file(world, bytes_)
        send(world, file, bytes_)
        Incident.objects.filter(pk=case.pk).update(household=home if is_errand else None)
    assert len(kept(media)) == 4
    with django_capture_on_commit_callbacks(execute=True):
        empty_errands([home.pk])
    assert Attachment.objects.get().incident.household is None
    assert len(kept(media)) == 2  # in full, and small


def test_equal_bytes_of_another_case_must_be_sent_too(world):
    """Who knows the hash of a file doesn't get the file by it."""
    content = picture()
    _case, file = with_file(world, content)
    send(world, file, content)
    _case, other = with_file(world, content)
    assert put(world, other, 0, b"").completed_at is None
    with pytest.raises(NotFound):
        attachment_shown(world.worker, other.id)


def test_nobody_sends_another_s_file_or_sees_that_it_is_there(world):
    content = picture()
    _case, file = with_file(world, content)
    for other in (world.lead, world.colleague, world.stranger):
        with pytest.raises(NotFound) as error:
            put(world, file, 0, content, by=other)
        assert error.value.code == "attachment.not_found"
    with pytest.raises(NotFound):
        receive(attachment_id=uuid4(), offset=0, piece=b"x", actor=world.worker)
    world.worker.is_active = False
    with pytest.raises(NotFound):
        put(world, file, 0, content)


def test_a_stranger_can_not_look(world):
    content = picture()
    _case, file = with_file(world, content)
    send(world, file, content)
    for seen_by in (world.worker, world.lead, world.operator):
        assert attachment_shown(seen_by, file.id)
    for read in (attachment_shown, attachment_state):
        with pytest.raises(NotFound):
            read(world.stranger, file.id)


def test_what_was_declared_in_time_arrives_after_the_end_of_the_case(world):
    content = picture()
    case, file = with_file(world, content)
    world.act(case.pk, Action.CANCEL, Actor.REPORTER)
    assert send(world, file, content).completed_at
    assert case.events.latest("seq").to_state == State.CANCELLED


def test_a_file_of_a_duplicate_completes_with_the_master(world):
    content = picture()
    case, file = with_file(world, content)
    put(world, file, 0, content[:500])
    world.act(case.pk, Action.MERGE, Actor.GRID_LEAD)
    case.refresh_from_db()
    send(world, file, content, start=500)
    assert [row.id for row in attachments_of(case.merged_into_id)] == [file.id]
    assert case.merged_into.events.filter(action=Action.ATTACH).count() == 1


def test_who_handles_the_case_shows_what_was_done(world):
    case = world.bring(State.IN_PROGRESS)
    content = picture()
    file = declared(content)
    [row] = declare(actor=world.colleague, incident_id=case.pk, purpose="result", files=[file])
    assert (row.purpose, row.sender_id, row.received) == ("result", world.colleague.pk, 0)
    assert declare(actor=world.colleague, incident_id=case.pk, purpose="result", files=[file]) == [row]
    assert send(world, file, content, by=world.colleague).completed_at
    for changed in (replace(file, name="x.jpg"), replace(file, size=file.size + 1)):
        with pytest.raises(Conflict) as error:
            declare(actor=world.colleague, incident_id=case.pk, purpose="result", files=[changed])
        assert error.value.code == "attachment.other_content"
    with pytest.raises(Conflict):
        declare(actor=world.lead, incident_id=case.pk, purpose="result", files=[file])


@pytest.mark.parametrize(
    ("who", "purpose", "error"),
    [
        ("worker", "report", None),
        ("worker", "result", Refused),
        ("colleague", "result", None),
        ("lead", "result", None),
        ("operator", "report", None),
        ("office", "report", Refused),
        ("stranger", "report", NotFound),
        ("worker", "selfie", BadInput),
    ],
)
def test_who_may_declare(world, who, purpose, error):
    case = world.bring(State.IN_PROGRESS)

    def try_it():
        return declare(
            actor=getattr(world, who), incident_id=case.pk, purpose=purpose, files=[declared(b"x")]
        )

    if error is None:
        assert try_it()
        return
    with pytest.raises(error):
        try_it()
    assert not Attachment.objects.exists()


def test_nothing_is_declared_for_a_case_that_has_ended(world):
    case = world.bring(State.CLOSED)
    with pytest.raises(Conflict) as error:
        declare(actor=world.worker, incident_id=case.pk, purpose="report", files=[declared(b"x")])
    assert error.value.code == "attachment.case_ended"


def test_a_case_has_not_too_many_files(world):
    case = world.case()

    def more(count):
        files = [declared(b"x") for _ in range(count)]
        declare(actor=world.worker, incident_id=case.pk, purpose="report", files=files)

    for _ in range(5):
        more(9)
    with pytest.raises(Conflict) as error:
        more(6)
    assert error.value.code == "attachment.case_full"
    more(5)
