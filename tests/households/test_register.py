"""The register as columns says of each household what the tables say, however it is asked for."""

from __future__ import annotations

import numpy as np
import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from shapely import box

from gis_grids.levels import Level
from households.models import BuildingPart, Dwelling, HouseholdUnit
from households.selectors import register as columns
from households.selectors.register import HOUSEHOLD, Near, register, register_in_portions
from households.services import home_households
from tests.factories import LONG_AGO, TOWN_BOX, UnitFactory, UserFactory, inside, make_grid
from tests.households.making import building, household

pytestmark = pytest.mark.django_db
WEST, SOUTH, EAST, NORTH = TOWN_BOX
SINCE = DateTimeTZRange(LONG_AGO, None)


@pytest.fixture
def people():
    """Households of every kind: by place, by hand and by entrance, in a part, without a place."""
    units = make_grid(1, 2)
    house = building(box(WEST, SOUTH, WEST + 2e-4, SOUTH + 2e-4), code="B1")
    rooms = [Dwelling.objects.create(building=house, floor=floor, room=f"{floor}01") for floor in (1, 2)]
    BuildingPart.objects.create(
        building=house, lowest=2, highest=2, unit=units[1], set_by=UserFactory(), valid=SINCE
    )
    made = {
        "large": household(inside(units[0]), size=32767),
        "party": household(inside(units[1]), is_party_member_household=True, is_party_hub_household=True),
        "below": household(None, dwelling=rooms[0]),
        "above": household(inside(units[0]), dwelling=rooms[1]),
        "nowhere": household(None),
        "by_hand": household(inside(units[0])),
        "by_entrance": household(inside(units[0])),
    }
    other = UnitFactory(level=Level.RESIDENT_GROUP)
    for source in ("manual", "entrance"):
        name = {"manual": "by_hand", "entrance": "by_entrance"}[source]
        HouseholdUnit.objects.create(household=made[name], unit=other, source=source, valid=SINCE)
    home_households()
    ended = household(inside(units[0]), ended_on="2026-01-01", ended_why="moved_away")
    assert ended.pk
    return {"units": units, "other": other, "house": house, "rooms": rooms, "made": made}


def said(rows, one):
    [row] = rows[rows["id"] == one.pk]
    return dict(zip(HOUSEHOLD.names, row.tolist(), strict=True))


def test_each_row_says_what_the_tables_say(people):
    rows, made, units = register(), people["made"], [unit.pk for unit in people["units"]]
    assert sorted(rows["id"].tolist()) == sorted(one.pk for one in made.values())
    large = said(rows, made["large"])
    assert (large["residents"], large["unit"], large["has_place"]) == (32767, units[0], True)
    assert (large["x"], large["y"]) == made["large"].place.coords
    assert [large[name] for name in ("by_record", "by_hand", "is_party", "is_hub")] == [False] * 4
    party = said(rows, made["party"])
    assert (party["is_party"], party["is_hub"], party["residents"]) == (True, True, 1)
    below, above = said(rows, made["below"]), said(rows, made["above"])
    assert (below["dwelling"], below["part_unit"], below["has_place"]) == (people["rooms"][0].pk, 0, False)
    assert WEST < below["x"] < WEST + 2e-4
    assert (above["part_unit"], above["unit"], above["by_record"]) == (units[1], units[1], True)
    nowhere = said(rows, made["nowhere"])
    assert np.isnan(nowhere["x"])
    assert (nowhere["unit"], nowhere["dwelling"]) == (0, 0)
    how = {name: (said(rows, made[name])["by_record"], said(rows, made[name])["by_hand"]) for name in made}
    assert (how["by_hand"], how["by_entrance"]) == ((True, True), (True, False))
    assert said(rows, made["by_hand"])["unit"] == people["other"].pk


def ordered(rows):
    return np.sort(rows, order="id").tobytes()


def test_however_it_is_asked_for_it_is_the_same(people, monkeypatch):
    rows = register()
    monkeypatch.setattr(columns, "_PORTION", 2)
    portions = list(register_in_portions())
    assert len(portions) > 2
    assert ordered(np.concatenate(portions)) == ordered(register()) == ordered(rows)
    assert ordered(register(household_ids=rows["id"].tolist())) == ordered(rows)
    units = [*people["units"], people["other"]]
    near = register(near=Near(TOWN_BOX, [unit.pk for unit in units]))
    assert ordered(near) == ordered(rows[rows["id"] != people["made"]["nowhere"].pk])


def test_who_is_near_is_found_by_place_by_building_or_by_record(people):
    made = people["made"]
    corner = Near((WEST, SOUTH, WEST + 1e-4, SOUTH + 1e-4), [])
    assert register(near=corner)["id"].tolist() == [made["below"].pk]
    by_record = register(near=Near(None, [people["other"].pk]))
    assert set(by_record["id"].tolist()) == {made["by_hand"].pk, made["by_entrance"].pk}
    assert register(near=Near(None, [])).size == 0


def test_of_nobody_there_is_an_empty_register():
    assert register().size == 0
    assert register(household_ids=[]).size == 0
    assert register().dtype == HOUSEHOLD
