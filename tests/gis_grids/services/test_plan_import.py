"""Somebody else's plan from a file: taken as it is, taken when its repair is agreed to, or refused."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
import shapely
from shapely import affinity
from shapely.geometry import mapping

from gis_grids.errors import BadFile, BadInput, describe
from gis_grids.levels import Level
from gis_grids.models import Plan, PlanOperation
from gis_grids.selectors.plans import draft_of
from gis_grids.services import UnitFields
from gis_grids.services import plans as services
from gis_grids.vectorfiles import read_features
from tests.planning import STEP, draw, key, split

pytestmark = pytest.mark.django_db


def take(
    plan,
    world,
    zones,
    path,
    *,
    decimals=6,
    level=Level.AREA,
    accepted_m2=None,
    fields=("name", "code"),
    **more,
):
    """Write zones (name, code, shape) as a file would have them, and import it."""
    features = [
        {
            "type": "Feature",
            "properties": {"name": name, "code": code},
            "geometry": mapping(shapely.transform(shape, lambda lonlat: lonlat.round(decimals))),
        }
        for name, code, shape in zones
    ]
    file = path / "plan.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return services.import_plan(
        plan_id=plan.pk,
        operation_id=uuid4(),
        source=services.PlanFile(read_features(file), UnitFields(*fields), level, **more),
        actor=world["planner"],
        accepted_m2=accepted_m2,
    )


def zones_of(plan):
    return [(zone.name, zone.code, zone.shape) for zone in draft_of(plan).leaves.values()]


def test_what_another_plan_drew_comes_back_the_same(plan, world, tmp_path):
    other = services.open_plan(
        scope_id=world["west"].pk, level=Level.AREA, title="Elsewhere", actor=world["planner"]
    )
    split(other, world)
    imported = take(plan, world, zones_of(other), tmp_path, decimals=9)
    assert imported.operation is not None
    taken = draft_of(Plan.objects.get(pk=plan.pk))
    assert {z.name: shapely.to_wkb(shapely.normalize(z.shape)) for z in taken.leaves.values()} == {
        name: shapely.to_wkb(shapely.normalize(shape)) for name, _code, shape in zones_of(other)
    }
    assert {k for k in taken.zones if k.startswith("u")} == {
        key(world[n]) for n in ("west00", "west01", "west10", "west11")
    }


def test_six_decimals_of_todays_zones_change_nothing(plan, world, tmp_path):
    draw(plan, world["planner"], kind="rename", zone=key(world["west00"]), name="West")
    before = draft_of(plan).zones
    plan.refresh_from_db()
    assert take(plan, world, zones_of(plan), tmp_path).is_drawn
    assert draft_of(Plan.objects.get(pk=plan.pk)).zones == before


def test_a_gap_is_closed_only_when_the_planner_agrees(plan, world, tmp_path):
    zones = zones_of(plan)
    name, code, shape = zones[0]
    zones[0] = (name, code, affinity.scale(shape, 0.97, 0.97))
    zones[1] = ("New name, new code", "", zones[1][2])
    imported = take(plan, world, zones, tmp_path, accepted_m2=0.0)
    assert imported.operation is None
    assert imported.repair.area > 100
    assert not PlanOperation.objects.filter(plan=plan).exists()
    again = take(plan, world, zones, tmp_path, accepted_m2=imported.repair.area + 1)
    assert again.operation is not None
    assert again.operation.payload["source"]["zones"] == 4


def test_a_plan_of_elsewhere_and_fields_that_are_not_there(plan, world, tmp_path):
    far = [(name, code, affinity.translate(shape, 1)) for name, code, shape in zones_of(plan)]
    with pytest.raises(BadFile):
        take(plan, world, far, tmp_path)
    with pytest.raises(BadFile) as wrong:
        take(plan, world, zones_of(plan), tmp_path, fields=("title", "code"))
    assert wrong.value.code == "file.no_field"


def test_borders_of_an_upper_level_divide_what_lies_below(world, tmp_path):
    """The two communities of the street swap half a column: the areas there are cut, not lost."""
    plan = services.open_plan(
        scope_id=world["street"].pk, level=Level.COMMUNITY, title="Street", actor=world["planner"]
    )
    west, east = (draft_of(plan).shape_of(key(world[side])) for side in ("west", "east"))
    strip = shapely.box(east.bounds[0], east.bounds[1] - 1, east.bounds[0] + STEP / 2, east.bounds[3] + 1)
    zones = [
        ("west", world["west"].code, west.union(east.intersection(strip))),
        ("east", world["east"].code, east.difference(strip)),
    ]
    imported = take(plan, world, zones, tmp_path, level=Level.COMMUNITY, decimals=9)
    assert imported.operation is not None
    draft = draft_of(Plan.objects.get(pk=plan.pk))
    assert draft.shape_of(key(world["west"])).area == pytest.approx(5 * STEP * STEP, rel=1e-6)
    assert {zone.key for zone in draft.at_level(Level.AREA).values() if zone.unit_id} == {
        key(world[f"{side}{n}"]) for side in ("west", "east") for n in ("00", "01", "10", "11")
    }


def test_other_names_in_the_file_are_told_and_taken_when_asked_for(plan, world, tmp_path):
    zones = [(f"{name} of the file", code, shape) for name, code, shape in zones_of(plan)]
    looked = take(plan, world, zones, tmp_path, decimals=9)
    assert (looked.operation, looked.is_drawn) == (None, True)
    assert f"{zones[0][0]}” there" in describe(looked.notes[0])
    imported = take(plan, world, zones, tmp_path, decimals=9, takes_names=True)
    assert imported.operation is not None
    assert imported.notes == []
    assert {z.name for z in draft_of(Plan.objects.get(pk=plan.pk)).leaves.values()} == {z[0] for z in zones}


def test_names_of_zones_that_have_others_below_are_taken_too(world, tmp_path):
    plan = services.open_plan(
        scope_id=world["street"].pk, level=Level.COMMUNITY, title="Street", actor=world["planner"]
    )
    zones = [
        (f"{side} of the file", world[side].code, draft_of(plan).shape_of(key(world[side])))
        for side in ("west", "east")
    ]
    take(plan, world, zones, tmp_path, decimals=9, level=Level.COMMUNITY, takes_names=True)
    draft = draft_of(Plan.objects.get(pk=plan.pk))
    assert {z.name for z in draft.at_level(Level.COMMUNITY).values()} == {name for name, _c, _s in zones}


def test_what_ends_begins_and_keeps_its_name_or_code_is_told(plan, world, tmp_path):
    (a, code, shape), (b, _other, beside), (c, unknown, third), fourth = zones_of(plan)
    zones = [("Another", code, shape), (b, "X-1", beside), (f"{c}, new", "X-2", third), fourth]
    asked = take(plan, world, zones, tmp_path, decimals=9)
    assert (asked.operation, asked.repair.area) == (None, 0)
    imported = take(plan, world, zones, tmp_path, decimals=9, accepted_m2=0.0)
    assert imported.operation is not None
    assert imported.notes == asked.notes
    told = {note.code: note.details for note in imported.notes}
    assert told == {
        "import.ending": {"n": 1, "units": (c,)},
        "import.beginning": {"n": 1, "units": (f"{c}, new",)},
        "import.names_kept": {"n": 1, "a": a, "b": "Another"},
        "import.codes_kept": {"n": 1, "a": b, "b": "X-1"},
    }
    assert all("%(" not in describe(note) for note in imported.notes)
    assert unknown not in {zone.code for zone in draft_of(Plan.objects.get(pk=plan.pk)).leaves.values()}


def test_a_file_of_another_level_is_refused(world, tmp_path):
    plan = services.open_plan(
        scope_id=world["street"].pk, level=Level.COMMUNITY, title="Street", actor=world["planner"]
    )
    areas = [(z.name, z.code, z.shape) for z in draft_of(plan).leaves.values()]
    with pytest.raises(BadFile) as refused:
        take(plan, world, areas, tmp_path, decimals=9, level=Level.COMMUNITY)
    assert refused.value.code == "import.other_level"
    assert areas[0][1] in str(refused.value)
    with pytest.raises(BadInput) as refused:
        take(plan, world, areas, tmp_path, decimals=9, level=Level.AREA)
    assert refused.value.code == "plan.import_level"
    assert not PlanOperation.objects.filter(plan=plan).exists()


@pytest.mark.parametrize("is_known", [True, False])
def test_a_code_that_two_zones_have_is_named(plan, world, tmp_path, is_known):
    (a, code, shape), (_b, _other, beside), *more = zones_of(plan)
    twice = code if is_known else "X-1"
    zones = [(f"{a} I", twice, shape), (f"{a} II", twice, beside), *more]
    with pytest.raises(BadFile, match=f"“{twice}” names more than one zone"):
        take(plan, world, zones, tmp_path, decimals=9)


def test_a_file_without_codes_is_known_by_names(plan, world, tmp_path):
    zones = zones_of(plan)
    assert take(plan, world, zones, tmp_path, decimals=9, fields=("name", "")).is_drawn


def test_a_repair_that_restores_what_is_drawn_is_not_asked_for(plan, world, tmp_path):
    """The gap goes back to whose it is: all is as it was, on a level above leaves as well."""
    name, code, shape = zones_of(plan)[0]
    zones = [(name, code, affinity.scale(shape, 0.97, 0.97)), *zones_of(plan)[1:]]
    looked = take(plan, world, zones, tmp_path, accepted_m2=1e6)
    assert (looked.operation, looked.is_drawn) == (None, True)
    assert looked.repair.changes
    street = services.open_plan(
        scope_id=world["street"].pk, level=Level.COMMUNITY, title="Street", actor=world["planner"]
    )
    sides = [(s, world[s].code, draft_of(street).shape_of(key(world[s]))) for s in ("west", "east")]
    assert take(street, world, sides, tmp_path, level=Level.COMMUNITY).is_drawn
