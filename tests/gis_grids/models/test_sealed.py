"""Sealed columns: nobody reads them in the database; equal ones are found by their digest."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError
from django.db import connection, models

from gis_grids.errors import Conflict, NotFound
from gis_grids.models.sealed import DigestField, SealedTextField, sealed_value, with_digests
from gis_grids.sealing import digest, is_sealed_with_first, reseal, seal, unseal

pytestmark = pytest.mark.django_db
PHONE = "13812341234"


class Note(models.Model):  # noqa: DJ008
    phone = SealedTextField(max_length=20, blank=True)
    phone_digest = DigestField(of="phone", purpose="phone")

    class Meta:
        app_label = "tests_sealed"


@pytest.fixture
def notes(db):
    with connection.schema_editor() as editor:
        editor.create_model(Note)
    return Note.objects


def stored(pk):
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, phone_digest FROM tests_sealed_note WHERE id = %s", [pk])
        return cursor.fetchone()


def test_it_is_text_in_python_and_sealed_in_the_database(notes):
    note = notes.create(phone=PHONE)
    assert notes.get().phone == PHONE
    assert notes.values_list("phone", flat=True).get() == PHONE
    phone, kept = stored(note.pk)
    assert PHONE.encode() not in phone
    assert unseal(phone) == PHONE
    assert kept == digest(PHONE, "phone")


def test_equal_ones_are_sealed_differently_and_found_by_their_digest(notes):
    first, second = notes.bulk_create([Note(phone=PHONE), Note(phone="１３８ 1234-1234")])
    assert stored(first.pk)[0] != stored(second.pk)[0]
    assert notes.filter(phone_digest=digest(PHONE, "phone")).count() == 2


def test_a_part_that_is_saved_takes_its_digest_along(notes):
    note = notes.create(phone=PHONE)
    note.phone = "10000000001"
    note.save(update_fields=with_digests(Note, ["phone"]))
    assert stored(note.pk)[1] == digest("10000000001", "phone")
    assert with_digests(Note, ["id"]) == ["id"]


def test_empty_needs_no_key(notes, settings):
    settings.DATA_KEYS = ()
    note = notes.create(phone="")
    assert stored(note.pk) == (b"", None)
    assert notes.get(phone="").phone == ""
    assert not notes.exclude(phone="").exists()


def test_without_a_key_nothing_is_stored_in_clear(notes, settings):
    settings.DATA_KEYS = ()
    with pytest.raises(Conflict):
        notes.create(phone=PHONE)


def test_what_no_key_opens_is_an_error_and_not_empty(notes, settings):
    notes.create(phone=PHONE)
    settings.DATA_KEYS = (Fernet.generate_key().decode(),)
    with pytest.raises(NotFound):
        notes.get()


@pytest.mark.parametrize("asked", [{"phone": PHONE}, {"phone__icontains": "138"}, {"phone__gt": ""}])
def test_it_cannot_be_compared(notes, asked):
    with pytest.raises(FieldError):
        notes.filter(**asked).exists()


def test_forms_ask_for_text_of_the_right_length():
    field = Note._meta.get_field("phone").formfield()
    assert field.max_length == 20
    assert field.clean("138") == "138"


def test_a_new_key_seals_and_the_old_one_still_opens(settings):
    old = seal(PHONE)
    settings.DATA_KEYS = (Fernet.generate_key().decode(), *settings.DATA_KEYS)
    assert unseal(old) == PHONE
    assert not is_sealed_with_first(old)
    new = reseal(old)
    assert is_sealed_with_first(new)
    settings.DATA_KEYS = settings.DATA_KEYS[:1]
    assert unseal(new) == PHONE
    assert unseal(sealed_value(PHONE)) == PHONE
    assert sealed_value("") == b""
    assert sealed_value(None) is None
