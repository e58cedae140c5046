"""Grid proposals of a plan: made of the register's buildings, or of buildings and roads alone."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations
from uuid import uuid4

import pytest
import shapely
from shapely import box
from shapely.geometry import shape

from gis_grids.geometry.lattice import to_storage
from gis_grids.levels import Level, PostKind
from gis_grids.models import Facility, MapFeature
from gis_grids.models.shapes import to_stored
from gis_grids.selectors.plans import draft_of, problems_of
from gis_grids.services import plans as services
from gis_grids.vectorfiles import read_features
from households.models import Building, Dwelling
from households.services import import_buildings
from households.services.proposals import (
    Parameters,
    ask_for_proposals,
    make_proposals,
    proposal_of,
    taken,
)
from tests.factories import UserFactory, make_town, make_unit, post
from tests.households.making import building, household

pytestmark = pytest.mark.django_db

#: About a thousand of the 5,438 buildings.
PART = box(113.9178, 22.5186, 113.9298, 22.5306)
LEVELS = (("community", 3000), ("area", 500), ("building_group", 150), ("resident_group", 50))


def _is_in(box, geometry):
    return geometry is not None and box.contains(geometry.centroid)


@pytest.fixture
def nanshan(shared_data):
    """A street around real buildings and roads of a part of Nanshan, undivided; and its planner."""
    folder = shared_data / "shenzhen_nanshan"
    file = read_features(folder / "buildings.geojson")
    part = replace(file, features=tuple(f for f in file.features if _is_in(PART, f.geometry)))
    import_buildings(file=part)
    for road in json.loads((folder / "roads.geojson").read_text())["features"]:
        is_arterial = road["properties"]["highway"] in {"trunk", "primary", "motorway"}
        kind = MapFeature.Kind.ARTERIAL if is_arterial else MapFeature.Kind.STREET
        MapFeature.objects.create(kind=kind, geometry=to_stored(shape(road["geometry"])))
    ground = shapely.union_all(
        [shapely.from_wkb(bytes(f.wkb)) for f in Building.objects.values_list("footprint", flat=True)]
    )
    street = make_unit(
        to_storage(ground.convex_hull.buffer(0.0005)), level=Level.STREET, code="440305001", name="Nanshan"
    )
    planner = UserFactory()
    post(planner, street, PostKind.PLANNER)
    return street, planner


def proposed(plan, planner, **parameters):
    proposal = ask_for_proposals(plan_id=plan.pk, parameters=Parameters(**parameters), actor=planner)
    make_proposals(proposal_id=proposal.pk)
    return proposal_of(plan.pk, proposal.pk)


def test_a_city_without_grids_gets_four_levels(nanshan):
    street, planner = nanshan
    plan = services.open_plan(scope_id=street.pk, level=Level.COMMUNITY, title="New", actor=planner)
    levels = [{"level": level, "target": target} for level, target in LEVELS]
    proposal = proposed(plan, planner, level="community", levels=levels)
    assert (proposal.state, proposal.error) == ("done", "")
    assert len(proposal.candidates) == 3
    services.draw(
        plan_id=plan.pk, operation_id=uuid4(), base_rev=1, request=taken(proposal, 0, []), actor=planner
    )
    plan.refresh_from_db()
    draft = draft_of(plan)
    assert [level.value for level in draft.levels] == [level for level, _target in LEVELS]
    assert all(zone.level == Level.RESIDENT_GROUP for zone in draft.leaves.values())
    assert not drawn_badly(plan)
    areas_of_whole_groups(plan, planner, draft)


def test_a_walled_compound_of_several_groups_comes_to_one_area():
    town = make_town()
    community, planner = town.units[Level.COMMUNITY][0], UserFactory()
    post(planner, community, PostKind.PLANNER)
    plan = services.open_plan(scope_id=community.pk, level=Level.AREA, title="New", actor=planner)
    draft = draft_of(plan)
    for leaf in draft.leaves.values():
        house = building(leaf.shape.representative_point().buffer(0.0001), code=leaf.code)
        household(None, dwelling=Dwelling.objects.create(building=house, floor=1, room="101"))
    group_of = draft.on_level(Level.BUILDING_GROUP)
    one, other = next(  # two groups beside each other, today of two areas
        (group_of[a], group_of[b])
        for a, b in combinations(draft.leaves, 2)
        if draft.on_level(Level.AREA)[a] != draft.on_level(Level.AREA)[b]
        and shapely.intersection(draft.shape_of(a), draft.shape_of(b)).length
    )
    wall = shapely.union_all([draft.shape_of(one), draft.shape_of(other)])
    Facility.objects.create(kind=Facility.Kind.COMPOUND, name="Walls", geometry=to_stored(wall))
    wished = {"level": "area", "target": len(draft.leaves) / 2, "tolerance": 0.5, "least_change": True}
    for keeps in (True, False):
        proposal = proposed(plan, planner, keep_compounds=keeps, **wished)
        assert proposal.error == ""
        assert proposal.candidates
        splits = [candidate["metrics"]["compounds_split"] for candidate in proposal.candidates]
        assert any(splits) is not keeps


def areas_of_whole_groups(plan, planner, draft):
    """Have the areas of the largest community proposed anew, of its groups, and take each candidate."""
    community = max(draft.children[""], key=lambda key: len(draft.children[key]))
    groups = {group for area in draft.children[community] for group in draft.children[area]}
    proposal = proposed(plan, planner, zone=community, level="area", target=600)
    assert len(proposal.candidates) == 3
    for n, candidate in enumerate(proposal.candidates):
        assert candidate["metrics"]["contiguous"]
        services.draw(
            plan_id=plan.pk,
            operation_id=uuid4(),
            base_rev=plan.rev,
            request=taken(proposal, n, []),
            actor=planner,
        )
        plan.refresh_from_db()
        after = draft_of(plan)
        assert {g for area in after.children[community] for g in after.children[area]} == groups
        assert not drawn_badly(plan)


def drawn_badly(plan):
    """The checks of the tiling that a plan does not pass."""
    found = {problem.code for problem in problems_of(plan)}
    return found & {"E01", "E02", "E03", "E04", "E05", "E06"}
