"""Ground that changes hands because its buildings are picked: whatever stands where, it can be given."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import affinity, box

from gis_grids.levels import Level, PostKind
from gis_grids.models import Plan
from gis_grids.models.shapes import as_multipolygon, to_boundary
from gis_grids.selectors.plans import draft_of
from gis_grids.services import plans as services
from households.models import Building
from mapui.planning.buildings import piece_of
from tests.factories import UserFactory, make_unit, post
from tests.gis_grids.geometry.tilings import degrees, jittered_grid, metres

pytestmark = pytest.mark.django_db
COLUMNS, ROWS = 3, 3


@pytest.fixture
def plan():
    """A draft of a community: two areas of leaves, with buildings near to their crooked borders."""
    tiling = jittered_grid(COLUMNS, ROWS, seed=4)
    shapes = tiling.lonlat()
    community = make_unit(tiling.parent(), level=Level.COMMUNITY, code="110105001001")
    sides = {"west": [], "east": []}
    for n, shape in enumerate(shapes):
        sides["west" if n % COLUMNS == 0 else "east"].append(shape)
    n = 0
    for side, own in enumerate(sides.values(), start=1):
        code = f"110105001001{side:03}"
        area = make_unit(shapely.union_all(own), level=Level.AREA, parent=community, code=code)
        for number, shape in enumerate(own, start=1):
            make_unit(shape, level=Level.BUILDING_GROUP, parent=area, code=f"{code}{number:02}")
            for way in (-10, 10):
                n += 1
                centre = metres(shape).centroid
                house = box(centre.x + way - 7, centre.y - 5, centre.x + way + 7, centre.y + 5)
                turned = affinity.rotate(house, 7 * n)
                Building.objects.create(code=f"b{n}", footprint=to_boundary(as_multipolygon(degrees(turned))))
    planner = UserFactory(username="planner")
    post(planner, community, PostKind.PLANNER)
    return services.open_plan(scope_id=community.pk, level=Level.AREA, title="A plan", actor=planner)


def test_each_building_goes_over_alone(plan):
    draft = draft_of(Plan.objects.get(pk=plan.pk))
    west, east = sorted((z for z in draft.zones.values() if z.level == Level.AREA), key=lambda z: z.code)
    given = 0
    for building in Building.objects.order_by("pk"):
        asked = piece_of(plan, west.key, [building.pk])
        assert not asked.more  # one piece: nothing is cut off by a hair
        if not shapely.contains(draft.shape_of(east.key), middle_of(building)):
            continue
        after = asked.apply(draft, (f"n{n}" for n in range(99))).after
        stands = next(k for k, z in draft.leaves.items() if shapely.intersects(z.shape, middle_of(building)))
        ground = {k: z.shape for k, z in draft.leaves.items() if k != stands and z.parent == east.key}
        moved = [shapely.symmetric_difference(after[k].shape, ground[k]) for k in ground.keys() & after]
        assert shapely.area(metres(moved)).sum() < 1  # others gain a vertex at most
        areas = [shapely.area(metres(zone.shape)) for zone in after.values() if zone.shape is not None]
        assert np.min(areas) >= 1
        given += 1
    assert given == 2 * (COLUMNS - 1) * ROWS


def test_a_leaf_whose_buildings_are_all_given_goes_whole(plan):
    draft = draft_of(Plan.objects.get(pk=plan.pk))
    west, east = sorted((z for z in draft.zones.values() if z.level == Level.AREA), key=lambda z: z.code)
    leaf = next(z for z in draft.leaves.values() if z.parent == east.key)
    own = [b.pk for b in Building.objects.all() if shapely.intersects(leaf.shape, middle_of(b))]
    assert len(own) == 2
    edit = piece_of(plan, west.key, own).apply(draft, (f"n{n}" for n in range(99)))
    assert {key: zone.parent for key, zone in edit.after.items()} == {leaf.key: west.key}


def middle_of(building):
    return shapely.from_wkb(bytes(building.footprint.wkb)).representative_point()
