"""Emergencies: who declares and ends them, and for where and when they count."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from gis_grids.errors import BadInput, Conflict, NotFound, Refused
from gis_grids.levels import Level, PostKind
from gis_grids.selectors import chains
from incidents.models import Mode
from incidents.selectors.duty import mode_of
from incidents.services.emergencies import declare_emergency, end_emergency
from tests.factories import UserFactory, post

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def street(world):
    return world.town.units[Level.STREET][0]


def mode(unit, at=None):
    return mode_of(chains([unit.pk])[unit.pk], at or timezone.now())


def test_the_subtree_is_in_emergency_until_it_is_ended(world, street):
    now = timezone.now()
    emergency = declare_emergency(actor=world.operator, unit_id=street.pk, reason=" 台风 ", at=now)
    assert (emergency.reason, emergency.declared_by) == ("台风", world.operator)
    assert mode(world.town.leaf, now) is mode(street, now) is Mode.EMERGENCY
    assert mode(world.town.leaf, now - HOUR) is Mode.NORMAL
    assert mode(world.town.units[Level.DISTRICT][0], now) is Mode.NORMAL
    assert mode(world.town.units[Level.STREET][1], now) is Mode.NORMAL
    end_emergency(actor=world.office, emergency_id=emergency.pk, at=now + HOUR)
    assert mode(world.town.leaf, now + HOUR) is Mode.NORMAL
    assert mode(world.town.leaf, now) is Mode.EMERGENCY
    emergency.refresh_from_db()
    assert emergency.ended_by == world.office


@pytest.mark.parametrize("who", ["worker", "colleague", "lead", "stranger"])
def test_others_are_refused(world, street, who):
    with pytest.raises(Refused, match="command centre") as refused:
        declare_emergency(actor=getattr(world, who), unit_id=street.pk, reason="台风")
    assert refused.value.code == "emergency.not_yours"
    emergency = declare_emergency(actor=world.operator, unit_id=street.pk, reason="台风")
    with pytest.raises(Refused):
        end_emergency(actor=getattr(world, who), emergency_id=emergency.pk)
    assert mode(street) is Mode.EMERGENCY


def test_an_office_decides_for_its_own_and_below_not_above(world, street):
    clerk = UserFactory()
    post(clerk, world.town.units[Level.COMMUNITY][0], PostKind.OFFICE_CLERK)
    with pytest.raises(Refused):
        declare_emergency(actor=clerk, unit_id=street.pk, reason="台风")
    declare_emergency(actor=clerk, unit_id=world.town.leaf.pk, reason="台风")


def test_what_can_not_be_declared(world, street):
    with pytest.raises(BadInput, match="what the emergency is"):
        declare_emergency(actor=world.operator, unit_id=street.pk, reason="  ")
    with pytest.raises(NotFound):
        declare_emergency(actor=world.operator, unit_id=0, reason="台风")
    declare_emergency(actor=world.operator, unit_id=street.pk, reason="台风")
    with pytest.raises(Conflict, match="already"):
        declare_emergency(actor=world.operator, unit_id=street.pk, reason="台风")


def test_what_can_not_be_ended(world, street):
    with pytest.raises(NotFound):
        end_emergency(actor=world.operator, emergency_id=0)
    emergency = declare_emergency(actor=world.operator, unit_id=street.pk, reason="台风")
    with pytest.raises(BadInput):
        end_emergency(actor=world.operator, emergency_id=emergency.pk, at=emergency.term.lower)
    end_emergency(actor=world.operator, emergency_id=emergency.pk)
    with pytest.raises(Conflict):
        end_emergency(actor=world.operator, emergency_id=emergency.pk)
    declare_emergency(actor=world.operator, unit_id=street.pk, reason="又一次台风")
