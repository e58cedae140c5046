"""Who is responsible here: by record before the map, up the tree, with vacancies and deputies said."""

from __future__ import annotations

import pytest
import shapely
from django.contrib.gis.geos import Point

from gis_grids.levels import Level, PostKind
from gis_grids.models import Post
from households.models import Dwelling, Entrance
from households.selectors.addresses import Match
from households.selectors.responsibility import responsible_at, responsible_for
from households.services import home_households
from households.services.parts import set_by_hand, set_part
from tests.factories import OPEN, TOWN_BOX, UserFactory, inside, make_grid, make_unit, post
from tests.households.making import building, household

pytestmark = pytest.mark.django_db


class Street:
    """Two groups of a street; in the first a block with two entrances, a household at each."""

    def __init__(self):
        self.street = make_unit(shapely.box(*TOWN_BOX), level=Level.STREET)
        self.here, self.there = make_grid(1, 2, parent=self.street)
        self.spot = inside(self.here)
        self.block = building(shapely.Point(self.spot).buffer(1e-4), code="b", name="阳光花园3号楼")
        self.doors = [
            Entrance.objects.create(building=self.block, number=n, point=Point(*self.spot)) for n in (1, 2)
        ]
        self.homes = {
            door.number: household(
                self.spot,
                dwelling=Dwelling.objects.create(building=self.block, entrance=door, floor=5, room="501"),
            )
            for door in self.doors
        }
        home_households()
        self.clerk = self.hold(self.street, PostKind.OFFICE_CLERK)

    def hold(self, unit, kind, **values):
        person = UserFactory()
        post(person, unit, kind, **values)
        return person

    def vacant(self, unit, kind):
        Post.objects.create(unit=unit, kind=kind, term=OPEN)


@pytest.fixture
def street():
    return Street()


def first(answer):
    unit, held = answer.first
    return unit.unit_id, held.holder_id, held.is_deputy


def test_the_smallest_unit_answers_and_all_above_are_told(street):
    worker = street.hold(street.here, PostKind.GRID_WORKER)
    answer = responsible_at(*street.spot)
    assert first(answer) == (street.here.pk, worker.pk, False)
    assert [unit.unit_id for unit in answer.chain] == [street.street.pk, street.here.pk]
    assert (answer.outside_m, answer.is_by_record) == (None, False)


def test_a_vacant_post_is_told_and_its_deputy_answers_or_else_who_is_above(street):
    street.vacant(street.here, PostKind.GRID_WORKER)
    leader = street.hold(street.street, PostKind.GRID_LEADER)
    answer = responsible_at(*street.spot)
    assert [held.holder_id for held in answer.chain[-1].posts] == [None]
    assert first(answer) == (street.street.pk, leader.pk, False)
    deputy = street.hold(street.here, PostKind.GRID_WORKER, is_deputy=True)
    assert first(responsible_at(*street.spot)) == (street.here.pk, deputy.pk, True)


def test_who_sits_at_a_desk_is_not_who_answers_on_the_ground(street):
    assert responsible_at(*street.spot).first is None


def test_outside_every_unit_the_nearest_is_named_with_its_distance(street):
    assert responsible_at(TOWN_BOX[2] + 0.001, TOWN_BOX[1]).outside_m > 50


def test_an_address_is_answered_by_the_map_where_nothing_else_is_recorded(street):
    found, answer = responsible_for("阳光花园3号楼1单元501")
    assert (found.match, answer.chain[-1].unit_id) == (Match.DWELLING, street.here.pk)
    assert responsible_for("阳光花园8号楼")[1] is None
    assert responsible_for("8号楼")[0].candidates == ()


def test_an_entrance_of_another_group_is_answered_by_its_record_not_by_the_map(street):
    set_part(
        building_id=street.block.pk,
        entrance_id=street.doors[1].pk,
        lowest=3,
        unit_id=street.there.pk,
        actor=street.clerk,
    )
    for text, unit in {
        "阳光花园3号楼2单元501": street.there,
        "阳光花园3号楼2单元701": street.there,  # of no dwelling that is known, but on floor 7
        "阳光花园3号楼2单元201": street.here,
        "阳光花园3号楼1单元501": street.here,
    }.items():
        _found, answer = responsible_for(text)
        assert (answer.chain[-1].unit_id, answer.is_by_record) == (unit.pk, unit is street.there), text


def test_a_household_set_by_hand_decides_for_its_address(street):
    set_by_hand(household_ids=[street.homes[1].pk], unit_id=street.there.pk, actor=street.clerk)
    _found, answer = responsible_for("阳光花园3号楼1单元501")
    assert (answer.chain[-1].unit_id, answer.is_by_record) == (street.there.pk, True)


def test_whoever_chooses_among_several_is_answered_for_the_door_that_the_address_says(street):
    other = building(shapely.Point(inside(street.there)).buffer(1e-4), code="o", name="幸福里3号楼")
    found, answer = responsible_for("3号楼2单元")
    assert (answer, {each.building_id for each in found.candidates}) == (None, {street.block.pk, other.pk})
    set_part(
        building_id=street.block.pk,
        entrance_id=street.doors[1].pk,
        unit_id=street.there.pk,
        actor=street.clerk,
    )
    found, answer = responsible_for("3号楼2单元", building_id=street.block.pk)
    assert (found.entrance_id, answer.chain[-1].unit_id) == (street.doors[1].pk, street.there.pk)
