"""What concerns many households: their homes, the checks and the report of a plan, and its publication."""

from __future__ import annotations

from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING
from uuid import uuid4

import numpy as np
import shapely
from django.db import connection, transaction

from gis_grids.drafts import operations
from gis_grids.drafts.images import images_of
from gis_grids.drafts.requests import Replace
from gis_grids.geometry.gates import check_tiling
from gis_grids.geometry.lattice import to_storage
from gis_grids.geometry.redraw import CannotDrawError
from gis_grids.levels import Level
from gis_grids.models import Plan
from gis_grids.models.shapes import as_multipolygon
from gis_grids.selectors.plans import draft_of, problems_of
from gis_grids.selectors.plans.drafts import comparison
from gis_grids.selectors.plans.impact import impact_report
from gis_grids.services.plans import draw, open_plan, publish, take_step
from households.selectors.census import Census
from households.services import home_households
from tests.bench import planner_plain as plain
from tests.bench.city import LEAVES
from tests.bench.timing import Times, timed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from gis_grids.drafts import Draft
    from gis_grids.drafts.comparison import Comparison
    from tests.bench.city import City
    from tests.bench.city_store import Settled
    from tests.bench.planner import Extent
    from tests.bench.table import Figure

_IN_MEMORY = "plain shapely, places and zones in memory"
#: What planner.md 3.1 to 3.7 reached, in ms: sound, edges shared, gaps and overlaps; the matrix; publishing.
_GATE_MS, _CITY_GATE_MS, _MATRIX_MS, _PUBLISH_MS = 9, 1340, 12, 310
_PROBLEMS_MS = 300


def homing(city: City, settled: Settled, extent: Extent) -> Iterator[Figure]:
    """Yield how long it takes to find, and to write down, the leaf of every household."""
    leaves = np.array([one.shape for one in city.units if one.level == Level.RESIDENT_GROUP], dtype=object)
    places = shapely.get_coordinates(city.places)
    plainly = timed(lambda: plain.homes(leaves, places), extent.repeats, computes=True)
    written = timed(home_households, 1)
    yield from written.figures(f"{len(places):,} households given their leaf and written down")
    again = timed(home_households, extent.repeats)
    yield from again.figures("all households looked at again, none moves", plainly, _IN_MEMORY)
    few = settled.units[Level.RESIDENT_GROUP][: LEAVES[0]]
    some = timed(lambda: home_households(unit_ids=few), 4 * extent.repeats)
    yield from some.figures(f"the households of {len(few)} leaves looked at again")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def judging(city: City, _settled: Settled, extent: Extent) -> Iterator[Figure]:
    """Yield how long it takes to judge, and to report on, the plans that were drawn before."""
    for name, gate_goal, goal, matrix_goal in (
        ("a community", _GATE_MS, _PROBLEMS_MS, _MATRIX_MS),
        ("the whole city", _CITY_GATE_MS, None, None),
    ):
        plan = Plan.objects.get(title=name)
        draft, compared = draft_of(plan), comparison(plan)
        places = shapely.get_coordinates(city.places)
        inside = places[shapely.intersects_xy(draft.ground, *places.T)]
        before, after = _leaves(compared.before), _leaves(compared.after)
        names = [""] * len(after)
        repeats = extent.repeats * (4 if gate_goal == _GATE_MS else 1)
        plainly = timed(lambda a=after, d=draft: _judge(a, d), repeats, computes=True)
        limit = "plain shapely: valid, edges shared, gaps, overlaps"
        gate = timed(
            lambda a=after, d=draft, n=names: check_tiling(list(a), d.ground, names=n, allow_parts=True),
            repeats,
            computes=True,
        )
        yield from gate.figures(f"the tiling of {name} judged (E01 to E06)", plainly, limit, gate_goal)
        problems = timed(lambda p=plan: problems_of(p), repeats)
        yield from problems.figures(f"all checks of {name}", plainly, limit, goal)
        matrix = timed(lambda b=before, a=after, i=inside: plain.moves(b, a, i), repeats, computes=True)
        census = timed(lambda c=compared: _who_moves(c), repeats)
        yield from census.figures(f"who moves where in {name}, read anew", matrix, _IN_MEMORY, matrix_goal)
        report = timed(lambda p=plan: impact_report(comparison(p)), extent.repeats)
        yield from report.figures(f"impact report of {name}", matrix, _IN_MEMORY)


def _judge(leaves: NDArray[np.object_], draft: Draft) -> object:
    union = shapely.union_all(leaves)
    gaps = shapely.area(shapely.difference(draft.ground, union))
    overlaps = shapely.STRtree(leaves).query(leaves, predicate="overlaps")
    return plain.tiles(leaves), gaps, overlaps


def _who_moves(compared: Comparison) -> None:
    census = Census.of(compared)
    _ = census.before, census.after


def _leaves(draft: Draft) -> NDArray[np.object_]:
    return np.array([zone.shape for zone in draft.leaves.values()], dtype=object)


def publishing(city: City, settled: Settled, extent: Extent) -> Iterator[Figure]:
    """Yield how long it takes to publish communities in which nearly every leaf changes."""
    published, plainly, moved = Times(), Times(), []
    for community in settled.units[Level.COMMUNITY][1 : extent.publications + 1]:
        plan = _approved(city, settled, community)
        rows = _rows_to_write(plan)
        plainly.taken += timed(lambda r=rows: _write_plainly(*r), 1).taken
        with published.one():
            publish(plan_id=plan.pk, actor=settled.planner)
        moved.append(len(rows[1]))
        zones = len(rows[0])
    yield from published.figures(
        f"a community published: {zones} leaves changed, {int(np.mean(moved)):,} households moved",
        plainly,
        "plain psycopg: the rows of versions and records alone",
        _PUBLISH_MS,
    )


def _approved(city: City, settled: Settled, community: int) -> Plan:
    """Have a plan drawn and approved in which each leaf gives a building to the next one."""
    plan = open_plan(scope_id=community, level=Level.RESIDENT_GROUP, title="shift", actor=settled.planner)
    draft = draft_of(plan)
    zones = images_of(_shifted(draft, city.buildings).zones)
    asked = Replace(kind="import", zone="", images=zones)
    draw(plan_id=plan.pk, operation_id=uuid4(), base_rev=0, request=asked, actor=settled.planner)
    plan.refresh_from_db()
    plan.reasons = {problem.mark: "so be it" for problem in problems_of(plan)}
    plan.save()
    take_step(plan_id=plan.pk, step="submit", actor=settled.planner)
    take_step(plan_id=plan.pk, step="approve", actor=settled.clerk)
    return plan


def _shifted(draft: Draft, buildings: NDArray[np.object_]) -> Draft:
    """Return the draft after each leaf that can spare a building has given one to the leaf east of it."""
    near = buildings[shapely.STRtree(buildings).query(draft.ground, predicate="intersects")]
    new = (f"y{n}" for n in count())
    for source, target in list(_eastward(draft)):
        own = np.flatnonzero(shapely.contains(draft.zones[source].shape, near))
        if len(own) > 1:
            last = int(shapely.get_x(shapely.centroid(near[own])).argmax())
            cells = plain.grounds(near[own], draft.zones[source].shape)
            piece = to_storage(cells[last])
            with suppress(CannotDrawError):  # where it would fall apart
                edit = operations.transfer(draft, target, piece, new=new, sources=[source])
                draft = draft.with_zones(edit)
    return draft


def _eastward(draft: Draft) -> Iterator[tuple[str, str]]:
    """Yield each leaf and the one east of it, from west to east."""
    keys, shapes = [*draft.leaves], _leaves(draft)
    x, y = shapely.get_coordinates(shapely.centroid(shapes)).T
    tree = shapely.STRtree(shapes)
    for n in np.argsort(x):
        near = tree.query(shapes[n], predicate="touches")
        east = near[(x[near] - x[n] - 2 * abs(y[near] - y[n])).argmax()]
        if x[east] > x[n]:
            yield keys[n], keys[east]


def _rows_to_write(plan: Plan) -> tuple[list[tuple[int, str]], list[tuple[int, int]]]:
    """Return the leaves that change with their shapes, and the households that move with their new leaf."""
    compared = comparison(plan)
    census = Census.of(compared)
    after = compared.after.zones
    leaves = [
        (zone.unit_id, shapely.to_wkb(shapely.set_srid(as_multipolygon(zone.shape), 4326), hex=True,
                                      include_srid=True))
        for key, zone in compared.after.leaves.items()
        if not shapely.equals_exact(zone.shape, compared.before.zones[key].shape)
    ]  # fmt: skip
    households = [
        (int(id_), after[new].unit_id)
        for id_, old, new in zip(census.rows["id"], census.before.zones(), census.after.zones(), strict=True)
        if old != new
    ]
    return leaves, households


@transaction.atomic
def _write_plainly(leaves: list[tuple[int, str]], households: list[tuple[int, int]]) -> None:
    """Close and open the rows, and take it all back."""
    of_leaves = {"units": [unit for unit, _shape in leaves], "shapes": [shape for _unit, shape in leaves]}
    of_households = {
        "households": [one for one, _u in households],
        "units": [unit for _h, unit in households],
    }
    with connection.cursor() as cursor:
        for statement in _VERSIONS:
            cursor.execute(statement, of_leaves)
        for statement in _RECORDS:
            cursor.execute(statement, of_households)
    transaction.set_rollback(True)


_VERSIONS = (
    """
UPDATE gis_grids_unitversion SET valid = tstzrange(lower(valid), now())
WHERE unit_id = ANY(%(units)s) AND upper_inf(valid)
""",
    """
INSERT INTO gis_grids_unitversion (unit_id, parent_id, name, depth, valid, boundary)
SELECT v.unit_id, v.parent_id, v.name, v.depth, tstzrange(now(), NULL), new.shape::geometry
FROM unnest(%(units)s::bigint[], %(shapes)s::text[]) AS new (unit_id, shape)
JOIN gis_grids_unitversion v ON v.unit_id = new.unit_id AND upper(v.valid) = now()
""",
)
_RECORDS = (
    """
UPDATE households_householdunit SET valid = tstzrange(lower(valid), now())
WHERE household_id = ANY(%(households)s) AND upper_inf(valid)
""",
    """
INSERT INTO households_householdunit (household_id, unit_id, source, valid)
SELECT household_id, unit_id, 'geometry', tstzrange(now(), NULL)
FROM unnest(%(households)s::bigint[], %(units)s::bigint[]) AS new (household_id, unit_id)
""",
)
