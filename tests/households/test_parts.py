"""Membership by entrance, by floors and by hand: always exactly one, dated, and as lasting as its unit."""

from __future__ import annotations

import pytest
import shapely
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from gis_grids.errors import BadInput, Conflict, NotFound
from gis_grids.hooks import BoundaryChange, on_boundaries_changed
from gis_grids.levels import Level, PostKind
from households.models import BuildingPart, Dwelling, Entrance, HouseholdUnit
from households.selectors.parts import parts_of
from households.services import home_households
from households.services.parts import end_part, release, set_by_hand, set_part
from tests.factories import (
    LONG_AGO,
    TOWN_BOX,
    UserFactory,
    inside,
    make_grid,
    make_unit,
    post,
    shape_of,
)
from tests.households.making import building, household

pytestmark = pytest.mark.django_db
HERE, THERE, FAR = 0, 1, 2


class Slab:
    """A block in the first of three groups: two entrances of six floors, with a household on each."""

    def __init__(self):
        self.street = make_unit(shapely.box(*TOWN_BOX), level=Level.STREET)
        self.groups = make_grid(1, 3, parent=self.street)
        self.spot = inside(self.groups[HERE])
        self.building = building(shapely.Point(self.spot).buffer(1e-4), code="slab")
        self.entrances = [Entrance.objects.create(building=self.building, number=n) for n in (1, 2)]
        self.households = {
            (entrance.number, floor): household(self.spot, dwelling=self.dwelling(entrance, floor))
            for entrance in self.entrances
            for floor in range(1, 7)
        }
        home_households(when=LONG_AGO)
        self.clerk = self.holder(self.street)

    def dwelling(self, entrance, floor, flat=1):
        return Dwelling.objects.create(
            building=self.building, entrance=entrance, floor=floor, room=f"{floor}0{flat}"
        )

    def holder(self, unit, kind=PostKind.OFFICE_CLERK):
        person = UserFactory()
        post(person, unit, kind)
        return person

    def set(self, **values):
        given = {"building_id": self.building.pk, "unit_id": self.groups[THERE].pk, "actor": self.clerk}
        return set_part(**given | values)

    def members(self, group=THERE):
        rows = HouseholdUnit.objects.filter(valid__upper_inf=True, unit=self.groups[group])
        ids = set(rows.values_list("household", flat=True))
        return {key for key, one in self.households.items() if one.pk in ids}

    def source(self, entrance, floor):
        return self.households[entrance, floor].memberships.get(valid__upper_inf=True).source


@pytest.fixture
def slab():
    return Slab()


ALL = {(entrance, floor) for entrance in (1, 2) for floor in range(1, 7)}
SECOND = {key for key in ALL if key[0] == 2}


def test_an_entrance_that_belongs_to_another_group_takes_its_households_along(slab):
    assert slab.members(HERE) == ALL
    slab.set(entrance_id=slab.entrances[1].pk)
    assert (slab.members(HERE), slab.members(THERE)) == (ALL - SECOND, SECOND)
    assert slab.source(2, 3) == "entrance"
    before, now = slab.households[2, 3].memberships.order_by("valid")
    assert (before.source, before.valid.upper) == ("geometry", now.valid.lower)


def test_floors_of_one_tower_can_be_groups_one_above_the_other(slab):
    slab.set(lowest=5)
    slab.set(lowest=3, highest=4, unit_id=slab.groups[FAR].pk)
    assert slab.members(THERE) == {key for key in ALL if key[1] >= 5}
    assert slab.members(FAR) == {key for key in ALL if key[1] in {3, 4}}
    assert slab.members(HERE) == {key for key in ALL if key[1] <= 2}
    assert [part.lowest for part in parts_of(slab.building.pk)] == [3, 5]


def test_who_moves_in_later_belongs_there_too_and_every_homing_leaves_it_so(slab):
    slab.set(entrance_id=slab.entrances[1].pk)
    late = household(slab.spot, dwelling=slab.dwelling(slab.entrances[1], 6, flat=2))
    home_households(household_ids=[late.pk])
    assert late.memberships.get().unit == slab.groups[THERE]
    assert home_households().settled == 0


def test_a_part_that_ends_gives_its_households_back_to_the_map_and_keeps_what_was(slab):
    part = slab.set(entrance_id=slab.entrances[1].pk)
    by_hand = slab.households[2, 1]
    set_by_hand(household_ids=[by_hand.pk], unit_id=slab.groups[FAR].pk, actor=slab.clerk)
    end_part(part_id=part.pk, actor=slab.clerk)
    assert slab.members(HERE) == ALL - {(2, 1)}
    assert slab.members(FAR) == {(2, 1)}
    assert BuildingPart.objects.get().valid.upper is not None
    assert slab.households[2, 3].memberships.count() == 3
    with pytest.raises(NotFound) as refused:
        end_part(part_id=part.pk, actor=slab.clerk)
    assert refused.value.code == "part.unknown"


def test_a_household_set_by_hand_stays_there_until_it_is_released(slab):
    one = slab.households[1, 1]
    assert set_by_hand(household_ids=[one.pk], unit_id=slab.groups[FAR].pk, actor=slab.clerk) == 1
    assert set_by_hand(household_ids=[one.pk], unit_id=slab.groups[FAR].pk, actor=slab.clerk) == 0
    slab.set(entrance_id=slab.entrances[0].pk)
    home_households()
    assert (slab.members(FAR), slab.source(1, 1)) == ({(1, 1)}, "manual")
    release(household_ids=[one.pk], actor=slab.clerk)
    assert (slab.members(FAR), slab.source(1, 1)) == (set(), "entrance")
    assert {(change.what, change.actor) for change in one.changes.all()} == {("unit", slab.clerk)}


def test_one_released_where_the_map_says_the_same_goes_by_the_map_from_then_on(slab):
    one = slab.households[1, 1]
    set_by_hand(household_ids=[one.pk], unit_id=slab.groups[HERE].pk, actor=slab.clerk)
    release(household_ids=[one.pk], actor=slab.clerk)
    assert slab.source(1, 1) == "geometry"


@pytest.mark.parametrize(
    "more",
    [{}, {"lowest": 4}, {"entrance": 1}, {"entrance": 1, "lowest": 1, "highest": 6}, {"highest": 5}],
)
def test_parts_that_overlap_are_refused_by_the_database_itself(slab, more):
    slab.set(entrance_id=slab.entrances[1].pk, lowest=5)
    values = {**more, "entrance_id": slab.entrances[more["entrance"]].pk} if "entrance" in more else more
    values.pop("entrance", None)
    with pytest.raises(Conflict) as refused:
        slab.set(unit_id=slab.groups[FAR].pk, **values)
    assert refused.value.code == "part.taken"
    with pytest.raises(IntegrityError), transaction.atomic():
        BuildingPart.objects.create(
            building=slab.building,
            unit=slab.groups[FAR],
            set_by=slab.clerk,
            valid=DateTimeTZRange(timezone.now(), None),
            **values,
        )
    assert slab.members(THERE) == {(2, 5), (2, 6)}


def test_what_makes_no_part_is_refused(slab):
    with pytest.raises(BadInput, match="floor"):
        slab.set(lowest=5, highest=3)
    elsewhere = Entrance.objects.create(
        building=building(shapely.Point(inside(slab.groups[FAR])).buffer(1e-4), code="other"), number=1
    )
    with pytest.raises(BadInput, match="entrance"):
        slab.set(entrance_id=elsewhere.pk)
    with pytest.raises(NotFound, match="smallest unit"):
        slab.set(unit_id=slab.street.pk)
    assert not BuildingPart.objects.exists()


@pytest.mark.parametrize("kind", [kind for kind in PostKind if kind != PostKind.OFFICE_CLERK])
def test_only_the_office_says_which_part_belongs_where(slab, kind):
    other = slab.holder(slab.street, kind)
    for act in (
        lambda: slab.set(actor=other),
        lambda: set_by_hand(
            household_ids=[slab.households[1, 1].pk], unit_id=slab.groups[FAR].pk, actor=other
        ),
        lambda: release(household_ids=[slab.households[1, 1].pk], actor=other),
    ):
        with pytest.raises(NotFound):
            act()
    assert slab.members(HERE) == ALL


def test_an_office_gives_nothing_to_units_that_are_not_its_own(slab):
    here, there = (slab.holder(slab.groups[which]) for which in (HERE, THERE))
    with pytest.raises(NotFound, match="smallest unit"):
        slab.set(actor=here)
    with pytest.raises(NotFound, match="building"):
        slab.set(actor=there)
    with pytest.raises(NotFound, match="household"):
        set_by_hand(household_ids=[slab.households[1, 1].pk], unit_id=slab.groups[THERE].pk, actor=there)
    assert slab.members(HERE) == ALL


def tell(units, when, **more):
    for hook in on_boundaries_changed:
        hook(BoundaryChange(frozenset(unit.pk for unit in units), when, **more))


def test_a_redraw_leaves_parts_alone_as_long_as_their_unit_is_there(slab):
    slab.set(entrance_id=slab.entrances[1].pk)
    tell(slab.groups, timezone.now())
    assert (slab.members(HERE), slab.members(THERE)) == (ALL - SECOND, SECOND)


def test_parts_end_with_their_unit_and_follow_it_to_another_code(slab):
    slab.set(entrance_id=slab.entrances[1].pk)
    slab.set(entrance_id=slab.entrances[0].pk, lowest=6, unit_id=slab.groups[FAR].pk)
    when, gone, renumbered = timezone.now(), slab.groups[FAR], slab.groups[THERE]
    shape = shape_of(renumbered)
    for unit in (gone, renumbered):
        unit.versions.update(valid=DateTimeTZRange(LONG_AGO, when))
    again = make_unit(shape, parent=slab.street, level=Level.COMMUNITY, valid=DateTimeTZRange(when, None))
    tell([gone, renumbered, again], when, renumbered={renumbered.pk: again.pk})
    slab.groups[THERE] = again
    assert (slab.members(THERE), slab.members(HERE)) == (SECOND, ALL - SECOND)
    assert [part.unit for part in BuildingPart.objects.filter(valid__upper_inf=True)] == [again]
    assert BuildingPart.objects.count() == 3
