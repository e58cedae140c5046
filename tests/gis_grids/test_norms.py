"""Norms: which holds where, who sets it, and what a light says."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from gis_grids.errors import BadInput, Conflict, NotFound, Refused
from gis_grids.levels import Level, PostKind
from gis_grids.models import Correction, Facility, ServiceNorm, UnitFunds
from gis_grids.norms import NormKind, light
from gis_grids.selectors.norms import norms_for
from gis_grids.services.corrections import correct
from gis_grids.services.norms import begin_with_norms, drop_norm, note_funds, set_norm
from tests.factories import UserFactory, make_town, post

FUNDS = {"service_yuan": Decimal(8000), "office_yuan": Decimal(10000), "benefit_yuan": Decimal(8000)}


@pytest.mark.parametrize(
    ("value", "least", "most", "seen"),
    [
        (None, 1, None, "grey"),
        (18, 18, None, "green"),
        (16.2, 18, None, "yellow"),
        (16.1, 18, None, "red"),
        (300, None, 300, "green"),
        (330, None, 300, "yellow"),
        (331, None, 300, "red"),
        (2, 2, 3, "green"),
        (3.3, 2, 3, "yellow"),
        (0, 2, 3, "red"),
    ],
)
def test_a_light_says_how_a_value_stands_to_its_bounds(value, least, most, seen):
    assert light(value, least, most) == seen


@pytest.fixture
def town(db):
    begin_with_norms()
    return make_town()


def clerk_of(unit, kind=PostKind.OFFICE_CLERK):
    person = UserFactory()
    post(person, unit, kind)
    return person


def set_workers(actor, unit, **values):
    values = {"least": None, "most": 250.0, "basis": "Our own plan", **values}
    return set_norm(actor=actor, kind=NormKind.HOUSEHOLDS_PER_WORKER, scope_id=unit.pk, **values)


def test_the_seeds_norms_hold_everywhere_until_a_district_sets_its_own(town):
    [district], [west, _east] = town.units[Level.DISTRICT], town.units[Level.STREET]
    held = norms_for([town.leaf.pk])[town.leaf.pk]
    assert set(held) == set(NormKind)
    assert held[NormKind.HOUSEHOLDS_PER_WORKER].most == 300
    set_workers(clerk_of(district), district)
    set_workers(clerk_of(district), west, most=200.0)
    inside, outside = town.leaf, town.units[Level.RESIDENT_GROUP][-1]
    found = norms_for([inside.pk, outside.pk])
    assert found[inside.pk][NormKind.HOUSEHOLDS_PER_WORKER].most == 200
    assert found[outside.pk][NormKind.HOUSEHOLDS_PER_WORKER].most == 250


def test_what_held_before_is_kept(town):
    [district] = town.units[Level.DISTRICT]
    actor = clerk_of(district)
    first = set_workers(actor, district)
    second = set_workers(actor, district, most=280.0)
    first.refresh_from_db()
    assert first.valid.upper == second.valid.lower
    assert norms_for([district.pk], first.valid.lower)[district.pk][NormKind.HOUSEHOLDS_PER_WORKER] == first
    drop_norm(actor=actor, norm_id=second.pk)
    assert norms_for([district.pk])[district.pk][NormKind.HOUSEHOLDS_PER_WORKER].most == 300
    with pytest.raises(Conflict) as over:
        drop_norm(actor=actor, norm_id=second.pk)
    assert over.value.code == "norm.over"


@pytest.mark.parametrize("kind", PostKind)
def test_only_the_districts_office_sets_norms(town, kind):
    [district] = town.units[Level.DISTRICT]
    person = clerk_of(district, kind)
    if kind is PostKind.OFFICE_CLERK:
        assert set_workers(person, district).set_by == person
    else:
        with pytest.raises(Refused):
            set_workers(person, district)


def test_a_streets_office_sets_no_norm_not_even_its_own(town):
    west = town.units[Level.STREET][0]
    with pytest.raises(Refused):
        set_workers(clerk_of(west), west)


def test_the_norms_of_everywhere_are_no_districts_to_drop(town):
    [district] = town.units[Level.DISTRICT]
    everywhere = ServiceNorm.objects.filter(scope=None).first()
    with pytest.raises(NotFound):
        drop_norm(actor=clerk_of(district), norm_id=everywhere.pk)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"least": None, "most": None}, "norm.no_bound"),
        ({"least": 3.0, "most": 2.0}, "norm.not_in_order"),
        ({"least": None, "most": 0.0}, "norm.not_in_order"),
        ({"basis": "  "}, "norm.no_basis"),
    ],
)
def test_bad_norms_are_refused_with_a_word(town, values, code):
    [district] = town.units[Level.DISTRICT]
    with pytest.raises(BadInput) as refused:
        set_workers(clerk_of(district), district, **values)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({}, "servicenorm_one_at_a_time"),
        ({"kind": "luck"}, "servicenorm_kind_known"),
        ({"scope": True, "most": 0}, "servicenorm_in_order"),
        ({"scope": True, "most": None}, "servicenorm_says_something"),
        ({"scope": True, "basis": ""}, "servicenorm_has_basis"),
    ],
)
def test_the_database_refuses_what_no_service_writes(town, values, name):
    given = {"kind": "premises", "most": 5, "basis": "x", "valid": DateTimeTZRange(None, None), **values}
    given["scope"] = town.leaf if given.get("scope") else None
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ServiceNorm.objects.create(**given)


def test_funds_are_noted_by_the_units_own_office(town):
    here, there = town.units[Level.COMMUNITY][0], town.units[Level.COMMUNITY][-1]
    actor = clerk_of(here)
    note_funds(actor=actor, unit_id=here.pk, year=2026, **FUNDS)
    note_funds(actor=actor, unit_id=here.pk, year=2026, **{**FUNDS, "office_yuan": Decimal(9000)})
    assert [row.office_yuan for row in UnitFunds.objects.all()] == [9000]
    for person, unit in ((actor, there), (clerk_of(here, PostKind.PLANNER), here)):
        with pytest.raises(Refused):
            note_funds(actor=person, unit_id=unit.pk, year=2026, **FUNDS)


def test_a_correction_keeps_what_stood_there(town):
    person = UserFactory()
    park = Facility.objects.create(kind="park", name="Park", geometry="SRID=4326;POINT(116.31 39.9)")
    assert correct(actor=person, row=park, values={"name": "Garden", "kind": "park"}) == ["name"]
    [kept] = Correction.objects.all()
    assert (kept.model, kept.row, kept.field, kept.before) == (
        "gis_grids.facility",
        str(park.pk),
        "name",
        "Park",
    )
    assert correct(actor=person, row=park, values={"name": "Garden"}) == []
