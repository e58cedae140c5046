"""Publications and the lines that units share: new vertices go to all levels, every map has one line."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import timedelta

import pytest
import shapely
from django.utils import timezone
from shapely import box
from shapely.geometry import shape

from gis_grids.geometry.lattice import to_storage
from gis_grids.levels import Level, PostKind
from gis_grids.models import UnitOutline, UnitVersion
from gis_grids.models.shapes import from_stored
from gis_grids.services import draw_outlines
from gis_grids.services import plans as services
from tests.factories import UserFactory, post
from tests.planning import SOUTH, STEP, WEST, draw, key, published, unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ground_floor_alone")]

SCOPE = "建外街道"


def assert_that_all_share_their_lines(when):
    """On each level, and between levels, what lies along the west's border has it vertex by vertex."""
    for level in (Level.AREA, Level.COMMUNITY):
        versions = UnitVersion.objects.filter(valid__contains=when, depth=level.depth)
        assert shapely.coverage_is_valid([from_stored(version.boundary) for version in versions])
    border = box(WEST, SOUTH, WEST + 2 * STEP, SOUTH + 2 * STEP).exterior.buffer(STEP / 1000)
    for above in UnitVersion.objects.filter(valid__contains=when, depth__lt=Level.AREA.depth):
        below = UnitVersion.objects.filter(valid__contains=when, parent=above.unit)
        union = shapely.coverage_union_all([from_stored(version.boundary) for version in below])
        own, theirs = (
            {(x, y) for x, y in shapely.get_coordinates(one) if shapely.intersects_xy(border, x, y)}
            for one in (from_stored(above.boundary), union)
        )
        assert own >= theirs


def outlines_of(unit):
    versions = UnitOutline.objects.filter(version__unit=unit, version__valid__contains=timezone.now())
    return {band: shape.wkt for band, shape in versions.values_list("band", "shape")}


def test_the_neighbour_across_the_scopes_border_gets_the_vertex(plan, world):
    """A line that ends on the border to the next community: both sides have its end, exactly."""
    line = [(WEST + STEP / 2, SOUTH + STEP / 3), (WEST + 3 * STEP, SOUTH + STEP / 2.9)]
    line = [(WEST - 0.001, SOUTH + STEP / 3), *line]
    draw(plan, world["planner"], kind="merge", keep=key(world["west00"]), others=[key(world["west10"])])
    draw(plan, world["planner"], kind="split", zone=key(world["west00"]), line=line)
    published(plan, world)
    assert_that_all_share_their_lines(timezone.now())


def test_so_does_he_who_changes_on_a_day_to_come(plan, world):
    """The neighbour's grids of tomorrow are published already when the vertex comes on the border."""
    tomorrow = timezone.now() + timedelta(days=1)
    beside = services.open_plan(
        scope_id=world["east"].pk, level=Level.AREA, title="Tomorrow", actor=world["planner"]
    )
    merged = [key(world[f"east{n}"]) for n in ("00", "10", "01", "11")]
    draw(beside, world["planner"], kind="merge", keep=merged[0], others=merged[1:])
    published(beside, world, effective_at=tomorrow)
    line = [(WEST + STEP, SOUTH + STEP / 3), (WEST + 3 * STEP, SOUTH + STEP / 2.9)]
    draw(plan, world["planner"], kind="split", zone=key(world["west10"]), line=[(WEST, SOUTH), *line])
    published(plan, world)
    for when in (timezone.now(), tomorrow):
        assert_that_all_share_their_lines(when)


def test_a_new_name_alone_leaves_no_map_without_its_outlines(plan, world):
    draw_outlines(unit_ids=None, when=timezone.now())
    was = outlines_of(world["west00"])
    assert was
    draw(plan, world["planner"], kind="rename", zone=key(world["west00"]), name="Another")
    published(plan, world)
    assert outlines_of(world["west00"]) == was


# --- on real ground ----------------------------------------------------------------------------------------


@pytest.fixture
def beijing(shared_data):
    """A street in the middle of Beijing and all that touch it, in their districts; one community in each."""
    document = json.loads((shared_data / "beijing/streets_331.geojson").read_text())
    streets = {item["properties"]["town"]: item for item in document["features"]}
    grounds = {town: to_storage(shape(item["geometry"])) for town, item in streets.items()}
    near = [town for town in grounds if grounds[town].intersects(grounds[SCOPE])]
    districts = defaultdict(list)
    for town in near:
        districts[streets[town]["properties"]["county"]].append(town)
    assert len(districts) > 1
    union = to_storage(shapely.coverage_union_all([grounds[town] for town in near]))
    made = {"city": unit("1101", Level.CITY, None, union)}
    for n, (name, towns) in enumerate(districts.items()):
        whole = to_storage(shapely.coverage_union_all([grounds[town] for town in towns]))
        made[name] = unit(f"11010{n}", Level.DISTRICT, made["city"], whole, name)
        for m, town in enumerate(towns):
            made[town] = unit(f"11010{n}00{m}", Level.STREET, made[name], grounds[town], town)
            unit(f"11010{n}00{m}001", Level.COMMUNITY, made[town], grounds[town], town)
    for name, kind in (("planner", PostKind.PLANNER), ("clerk", PostKind.OFFICE_CLERK)):
        made[name] = UserFactory(username=name)
        post(made[name], made["city"], kind)
    draw_outlines(unit_ids=None, when=timezone.now())
    return made


def in_force():
    versions = UnitVersion.objects.filter(valid__contains=timezone.now())
    rows = versions.values_list("unit", "parent", "depth", "boundary")
    return [(one, parent, depth, from_stored(boundary)) for one, parent, depth, boundary in rows]


def vertices(ground):
    return {*map(tuple, shapely.get_coordinates(ground).tolist())}


def assert_that_levels_agree():
    units = in_force()
    for level in {depth for _unit, _parent, depth, _ground in units}:
        assert shapely.coverage_is_valid([ground for _u, _p, depth, ground in units if depth == level]), level
    for one, _parent, _depth, ground in units:
        below = [child for _unit, parent, _depth, child in units if parent == one]
        if below:
            assert vertices(ground) == vertices(shapely.coverage_union_all(below))


def outlines():
    rows = UnitOutline.objects.filter(version__valid__contains=timezone.now())
    return {
        (one, band): shapely.normalize(from_stored(outline)).wkb
        for one, band, outline in rows.values_list("version__unit", "band", "shape")
    }


def test_leaves_and_all_above_them_share_the_new_vertices(beijing):
    assert_that_levels_agree()
    plan = services.open_plan(
        scope_id=beijing[SCOPE].pk, level=Level.COMMUNITY, title="Halves", actor=beijing["planner"]
    )
    [community] = UnitVersion.objects.filter(parent=beijing[SCOPE]).values_list("unit", flat=True)
    ground = from_stored(UnitVersion.objects.get(unit=community).boundary)
    west, south, east, north = ground.bounds
    middle = ground.centroid
    for zone, line in (
        (f"u{community}", [(west - 0.01, middle.y - 0.0011), (east + 0.01, middle.y + 0.0007)]),
        (f"u{community}", [(middle.x - 0.0013, south - 0.01), (middle.x + 0.0005, north + 0.01)]),
    ):
        draw(plan, beijing["planner"], kind="split", zone=zone, line=line)
    before = {one: vertices(ground) for one, _parent, _depth, ground in in_force()}
    published(plan, beijing)
    assert_that_levels_agree()
    after = {one: vertices(ground) for one, _parent, _depth, ground in in_force()}
    gained = {one for one, was in before.items() if was < after.get(one, was)}
    levels = UnitVersion.objects.filter(unit__in=gained).values_list("depth", flat=True)
    assert {*levels} >= {Level.DISTRICT.depth, Level.STREET.depth, Level.COMMUNITY.depth}

    kept = outlines()
    UnitOutline.objects.all().delete()
    draw_outlines(unit_ids=None, when=timezone.now())
    assert outlines() == kept
