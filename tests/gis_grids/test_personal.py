"""The declaration of personal data: nothing is missing from it, and masks follow it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from gis_grids.personal import DECLARED, Keep, Kind, personal, shown, undeclared


def test_every_field_of_every_table_is_declared():
    assert undeclared(apps.get_models(include_auto_created=True)) == []


def test_a_new_field_is_noticed(monkeypatch):
    field = models.CharField(max_length=9)
    field.set_attributes_from_name("nickname")
    household = apps.get_model("households.Household")
    monkeypatch.setattr(household._meta, "get_fields", lambda include_hidden: [field])
    found = undeclared([household])
    assert "households.Household.nickname" in found
    assert "households.Household.phone" in found  # declared, and not there


def test_no_field_is_declared_twice():
    assert not {label for label, table in DECLARED.items() if table.plain & set(table.personal)}


def test_unknown_fields_are_an_error_and_no_licence():
    with pytest.raises(KeyError):
        personal("households.Household.nickname")
    with pytest.raises(KeyError):
        shown("households.Nothing.name", "张三丰", in_clear=False)


@pytest.mark.parametrize(
    ("field", "value", "masked"),
    [
        ("households.Household.householder", "张三丰", "张*"),
        ("households.Household.phone", "13812341234", "138****1234"),
        ("households.Household.is_party_member_household", True, None),
        ("households.Need.kind", "elderly", None),
        ("households.Visit.note", "病了", None),
        ("households.Household.size", 3, 3),
        ("gis_grids.Post.contact", "0335-1234567", "0335-1234567"),
        ("households.Household.householder", None, None),
    ],
)
def test_masks_follow_the_declaration(field, value, masked):
    assert shown(field, value, in_clear=False) == masked
    assert shown(field, value, in_clear=True) == value


def test_tracks_are_kept_as_tracks_wherever_they_are():
    assert personal("households.Visit.place").keep is Keep.TRACK
    assert personal("incidents.Incident.device_place").keep is Keep.TRACK
    assert personal("households.Visit.note").keep is Keep.VISIT


def test_what_the_law_calls_sensitive_is_sensitive():
    assert personal("households.Household.is_party_member_household").is_sensitive
    assert personal("households.Need.kind").kind is Kind.NEED
    assert not personal("households.Household.householder").is_sensitive
