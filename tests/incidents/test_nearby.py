"""What is known near a place: which cases, to whom, how far, and by the index."""

from __future__ import annotations

import math
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pyproj import Geod

from gis_grids.errors import InvalidPoint, Refused
from gis_grids.levels import Level, PostKind
from incidents.models import Incident, Matter
from incidents.selectors.nearby import MOST_NEARBY, near, nearby, similar
from incidents.workflow import Action, Actor, State
from tests.factories import UserFactory, inside, post
from tests.incidents.test_access import grant

EARTH = Geod(ellps="WGS84")


@pytest.fixture
def place(world):
    return inside(world.town.leaf)


def at(place, metres, direction=90):
    """Return the position so far from the place, in degrees clockwise from the north."""
    lon, lat, _back = EARTH.fwd(*place, direction, metres)
    return {"lon": lon, "lat": lat}


def numbers(found):
    return [each.number for each in found]


def test_the_nearest_first_in_metres_on_the_ellipsoid(world, place):
    far, close = (world.case(**at(place, metres, direction)) for metres, direction in ((90, 0), (20.5, 90)))
    world.case(**at(place, 101))
    found = nearby(world.worker, "rubbish", *place)
    assert numbers(found) == [close.number, far.number]
    assert [each.metres for each in found] == pytest.approx([20.5, 90], abs=0.01)
    assert (found[0].state, found[0].matter, found[0].is_mine) == (State.REPORTED, "rubbish", True)


def test_how_near_is_the_matter_s_to_say(world, place):
    case = world.case(**at(place, 30))
    Matter.objects.filter(code="rubbish").update(nearby_m=29)
    assert nearby(world.worker, "rubbish", *place) == []
    Matter.objects.filter(code="rubbish").update(nearby_m=31)
    assert numbers(nearby(world.worker, "rubbish", *place)) == [case.number]


def test_only_of_the_same_matter_in_whichever_version(world, place):
    case = world.case(**at(place, 10))
    world.case(matter="noise", **at(place, 10))
    old = Matter.objects.get(code="rubbish")
    Matter.objects.filter(pk=old.pk).update(is_current=False)
    old.pk, old.version, old.is_current = None, 2, True
    old.save()
    assert numbers(nearby(world.worker, "rubbish", *place)) == [case.number]
    assert nearby(world.worker, "dragons", *place) == []


def test_what_is_open_counts_for_ever_and_what_ended_for_a_while(world, place):
    hours = timedelta(hours=Matter.objects.get(code="rubbish").nearby_hours)
    ended, still_open = world.bring(State.CLOSED), world.bring(State.NEED_INFO)
    soon, late = ended.state_since + hours, ended.state_since + hours + timedelta(seconds=1)
    assert set(numbers(nearby(world.worker, "rubbish", *place, now=soon))) == {
        ended.number,
        still_open.number,
    }
    assert numbers(nearby(world.worker, "rubbish", *place, now=late)) == [still_open.number]


def test_a_void_report_and_a_duplicate_say_nothing(world, place):
    world.bring(State.VOID)
    duplicate = world.bring(State.DUPLICATE)
    assert numbers(nearby(world.worker, "rubbish", *place)) == [duplicate.merged_into.number]


def test_at_most_ten(world, place):
    for metres in range(MOST_NEARBY + 1):
        world.case(**at(place, metres + 1))
    found = nearby(world.worker, "rubbish", *place)
    assert [round(each.metres) for each in found] == list(range(1, MOST_NEARBY + 1))


class TestWhoReports:
    """He learns that something is known, and nothing about anybody."""

    def test_hears_of_others_cases_outside_his_unit_too(self, world, place):
        case = world.case(**at(place, 5))
        found = nearby(world.stranger, "rubbish", *place)
        assert [(each.number, each.is_mine) for each in found] == [(case.number, False)]

    def test_no_person_and_no_text(self, world, place):
        world.case(**at(place, 5))
        [found] = nearby(world.stranger, "rubbish", *place)
        fields = {"number", "matter", "state", "metres", "received_at", "is_mine"}
        assert {name for kind in type(found).__mro__ for name in getattr(kind, "__slots__", ())} == fields

    def test_nothing_of_a_private_matter_not_even_with_a_grant(self, world, place):
        world.case(**at(place, 5))
        Matter.objects.filter(code="rubbish").update(is_private=True)
        grant(world.lead, world.town.units[Level.CITY][0], code="rubbish")
        for user in (world.worker, world.lead, world.stranger):
            assert nearby(user, "rubbish", *place) == []

    def test_nothing_that_was_private_when_it_was_reported(self, world, place):
        world.case(**at(place, 5))
        old = Matter.objects.get(code="rubbish")
        Matter.objects.filter(pk=old.pk).update(is_current=False, is_private=True)
        old.pk, old.version, old.is_current, old.is_private = None, 2, True, False
        old.save()
        assert nearby(world.worker, "rubbish", *place) == []

    def test_without_a_post_nothing(self, world, place):
        with pytest.raises(Refused) as refused:
            nearby(UserFactory(password="x"), "rubbish", *place)
        assert refused.value.code == "report.no_post"

    @pytest.mark.parametrize(("lon", "lat"), [(math.nan, 40), (200, 10), (116, 91)])
    def test_a_position_that_is_none(self, world, lon, lat):
        with pytest.raises(InvalidPoint):
            nearby(world.worker, "rubbish", lon, lat)

    @pytest.mark.parametrize("place", [(180.0, 0.0), (-180.0, 89.99999), (0.0, -90.0), (179.9999, 52.0)])
    def test_the_ends_of_the_earth(self, world, place):
        case = world.case()
        there = at(place, 40)
        Incident.objects.filter(pk=case.pk).update(place=Point(there["lon"], there["lat"], srid=4326))
        found = nearby(world.worker, "rubbish", *place)
        assert [each.metres for each in found] == pytest.approx([40], abs=0.01)


class TestWhoTriages:
    """He sees what he may see anyway, with its text."""

    def test_sees_them_with_the_text(self, world, place):
        case, other = world.case(), world.case(text="灯坏了", **at(place, 12))
        [found] = similar(world.lead, case)
        assert (found.incident_id, found.text, round(found.metres)) == (other.pk, "灯坏了", 12)

    def test_nothing_from_outside_his_subtree(self, world, place):
        case = world.case()
        world.case(**at(place, 12))
        below = UserFactory(password="x")
        post(below, world.town.units[Level.RESIDENT_GROUP][1], PostKind.GRID_LEADER)
        for user in (world.stranger, below, UserFactory(password="x")):
            assert similar(user, case) == []

    def test_of_private_matters_only_with_a_grant(self, world, place):
        case, other = world.case(), world.case(**at(place, 12))
        Matter.objects.filter(code="rubbish").update(is_private=True)
        case.matter.refresh_from_db()
        assert similar(world.lead, case) == []
        grant(world.lead, world.town.leaf, code="rubbish")
        assert [each.incident_id for each in similar(world.lead, case)] == [other.pk]

    def test_neither_itself_nor_its_parts(self, world):
        case = world.bring(State.ACCEPTED)
        world.act(case.pk, Action.SPLIT, Actor.GRID_LEAD)
        [part] = case.children.all()
        assert similar(world.lead, case) == similar(world.lead, part) == []


def test_the_index_of_places_finds_them(world, place):
    case = world.case()
    same = {field.attname: getattr(case, field.attname) for field in Incident._meta.concrete_fields}
    for name in ("id", "report_id", "place"):
        del same[name]
    far = [Point(place[0] - n % 40, place[1] - n / 40, srid=4326) for n in range(1, 801)]
    Incident.objects.bulk_create(Incident(report_id=uuid4(), place=point, **same) for point in far)
    cases = near(
        Incident.objects.all(), Matter.objects.get(code="rubbish"), Point(*place, srid=4326), timezone.now()
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE incidents_incident")
    assert "incident_where" in cases.explain()


def test_the_queries_do_not_grow(world, place):
    world.case()
    with CaptureQueriesContext(connection) as few:
        nearby(world.worker, "rubbish", *place)
    for _ in range(5):
        world.case()
    with CaptureQueriesContext(connection) as many:
        nearby(world.worker, "rubbish", *place)
    assert len(many) == len(few) == 3
