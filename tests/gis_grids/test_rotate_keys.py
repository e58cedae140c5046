"""Keys change and columns get sealed while people work: nothing is lost, and what was begun goes on."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection

from gis_grids.errors import Conflict
from gis_grids.models.sealed import SealedTextField
from gis_grids.sealing import is_sealed_with_first, phone_digest, unseal
from gis_grids.services import sealed_columns
from gis_grids.services.sealed_columns import rotate_keys, seal_column
from households.models import Household
from tests.households.making import household

pytestmark = pytest.mark.django_db
PLACE = (116.4, 39.9)


def sealed():
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM households_household WHERE phone <> '' ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture
def homes(monkeypatch):
    monkeypatch.setattr(sealed_columns, "_BATCH", 2)
    return [household(PLACE, phone=f"1000000000{n}" if n else "") for n in range(6)]


def phones():
    return list(Household.objects.order_by("pk").values_list("phone", flat=True))


def test_after_a_rotation_the_old_key_can_go(homes, settings, capsys):
    before, old = phones(), settings.DATA_KEYS
    settings.DATA_KEYS = (Fernet.generate_key().decode(), *old)
    call_command("rotate_keys")
    told = capsys.readouterr()
    assert "5" in told.out
    assert "households_household.phone: 5/5" in told.err
    assert not any(number in told.err for number in before if number)
    settings.DATA_KEYS = settings.DATA_KEYS[:1]
    assert phones() == before
    assert rotate_keys(watch=lambda *_: None) == 0


def test_a_rotation_that_was_stopped_goes_on(homes, settings):
    settings.DATA_KEYS = (Fernet.generate_key().decode(), *settings.DATA_KEYS)

    def stop(column, done, _total):
        if column == "households_household.phone" and done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate_keys(watch=stop)
    assert [is_sealed_with_first(one) for one in sealed()] == [True, True, False, False, False]
    assert rotate_keys(watch=lambda *_: None) == 3
    assert all(is_sealed_with_first(one) for one in sealed())


def test_a_key_that_is_missing_is_said(homes, settings):
    settings.DATA_KEYS = (Fernet.generate_key().decode(),)
    with pytest.raises(CommandError):
        call_command("rotate_keys")


def test_every_sealed_field_is_among_the_columns():
    names = {str(column) for column in sealed_columns.sealed_columns()}
    assert {"households_household.phone", "incidents_residentcontact.phone"} <= names
    assert isinstance(Household._meta.get_field("phone"), SealedTextField)


@pytest.fixture
def old_table(db, monkeypatch):
    monkeypatch.setattr(sealed_columns, "_BATCH", 2)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE old_people (id bigserial PRIMARY KEY, phone varchar(20) NOT NULL)")
        cursor.executemany("INSERT INTO old_people (phone) VALUES (%s)", [["1001"], [""], ["1002"], ["1003"]])


def rows_of_old_table():
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, phone_digest FROM old_people ORDER BY id")
        return cursor.fetchall()


def test_a_column_in_clear_becomes_a_sealed_one(old_table, monkeypatch):
    once = sealed_columns._seal_batch
    calls = []

    def stopped(*arguments):
        calls.append(arguments)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return once(*arguments)

    monkeypatch.setattr(sealed_columns, "_seal_batch", stopped)
    with pytest.raises(KeyboardInterrupt):
        seal_column("old_people", "phone", digest_for="phone")
    monkeypatch.undo()
    seal_column("old_people", "phone", digest_for="phone")
    seal_column("old_people", "phone", digest_for="phone")  # once more does nothing
    found = rows_of_old_table()
    assert [text and unseal(text) for text, _ in found] == ["1001", b"", "1002", "1003"]
    assert [one for _, one in found] == [phone_digest(p) for p in ("1001", "", "1002", "1003")]


def test_without_a_key_a_column_in_clear_stays_as_it_is(old_table, settings):
    settings.DATA_KEYS = ()
    with pytest.raises(Conflict):
        seal_column("old_people", "phone")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM old_people WHERE phone <> ''")
        assert cursor.fetchone() == (3,)
