"""Open cases follow the boundaries: which move, to whom, and what the walls then show."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import shapely
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from gis_grids.errors import NotFound
from gis_grids.hooks import BoundaryChange, on_boundaries_changed
from gis_grids.levels import Level, PostKind
from gis_grids.models import Unit, UnitVersion
from gis_grids.selectors import unit_at
from gis_grids.services.posts import end_post
from incidents import jobs
from incidents.models import Incident, IncidentEvent
from incidents.selectors import feed_position
from incidents.services.jobs import REHOME
from incidents.services.rehoming import rehome, rehome_strays
from incidents.workflow import Action, Actor, State
from tests.factories import LONG_AGO, TOWN_BOX, UserFactory, boundary_of, inside, make_unit, post, shape_of
from tests.incidents.test_feed import in_thread
from tests.incidents.test_snapshots import Wall
from tests.incidents.world import make_world


def draw(shapes, when):
    """Give each unit its new shape, or end it where that is None."""
    for unit, shape in shapes.items():
        old = unit.versions.get(valid__upper_inf=True)
        UnitVersion.objects.filter(pk=old.pk).update(valid=DateTimeTZRange(old.valid.lower, when))
        if shape is not None:
            UnitVersion.objects.create(
                unit=unit,
                parent=old.parent,
                name=old.name,
                depth=old.depth,
                boundary=boundary_of(shape),
                valid=DateTimeTZRange(when, None),
            )


def redraw(shapes, when=None, **choices):
    """Draw, and tell the floors above, as a service of the ground floor does."""
    when = when or timezone.now()
    with transaction.atomic():
        draw(shapes, when)
        for hook in on_boundaries_changed:
            hook(BoundaryChange(frozenset(unit.pk for unit in shapes), when, **choices))
    return when


def waiting():
    """Return the jobs that wait to move cases: what each is told, and when it is due."""
    found = ProcrastinateJob.objects.filter(task_name=REHOME, status="todo").order_by("pk")
    return list(found.values_list("args", "scheduled_at"))


def do_jobs():
    """Do what the worker does with the jobs that wait."""
    for arguments, _at in waiting():
        jobs.rehome_cases(**arguments)


def moves():
    return IncidentEvent.objects.filter(action=Action.MOVE)


@pytest.fixture
def neighbour(world) -> Unit:
    """Return the resident group south of the first one, in the same building group."""
    return world.town.units[Level.RESIDENT_GROUP][1]


@pytest.fixture
def take_over(world, neighbour):
    """Give all ground of the first resident group to its neighbour, and end it."""

    def take():
        both = shapely.union_all([shape_of(world.town.leaf), shape_of(neighbour)])
        return redraw({world.town.leaf: None, neighbour: both})

    return take


def test_a_case_goes_where_the_line_has_put_it_and_no_other(world, neighbour):
    leaf = world.town.leaf
    west, south, east, north = shape_of(leaf).bounds
    middle = (south + north) / 2
    stays = world.case(lon=(west + east) / 2, lat=middle + 0.0005)
    goes = world.case(lon=(west + east) / 2, lat=middle - 0.0005)
    below = world.case(lon=(west + east) / 2, lat=south - 0.0005)
    version, before = goes.reported_version_id, feed_position()
    redraw(
        {
            leaf: shapely.box(west, middle, east, north),
            neighbour: shapely.box(west, shape_of(neighbour).bounds[1], east, middle),
        }
    )
    assert feed_position() == before
    do_jobs()
    for case, unit in ((stays, leaf), (goes, neighbour), (below, neighbour)):
        case.refresh_from_db()
        assert case.unit == unit
    event = moves().get()
    assert (event.incident, event.actor, event.unit) == (goes, None, neighbour)
    assert event.details == {
        "as": "system",
        "cause": "boundaries",
        "from_unit": leaf.pk,
        "unit": neighbour.pk,
    }
    assert (goes.version, goes.reported_version_id) == (2, version)
    do_jobs()
    assert moves().count() == 1


def test_an_ended_unit_keeps_no_open_case_and_what_ended_stays(world, neighbour, take_over):
    still_open = [world.bring(state) for state in (State.REPORTED, State.ON_HOLD, State.RESOLVED)]
    ended = [world.bring(state) for state in (State.CLOSED, State.VOID, State.REJECTED)]
    versions = {case.pk: case.reported_version_id for case in [*still_open, *ended]}
    take_over()
    do_jobs()
    for case, unit in [(one, neighbour) for one in still_open] + [(one, world.town.leaf) for one in ended]:
        case.refresh_from_db()
        assert (case.unit, case.reported_version_id) == (unit, versions[case.pk])
    assert not moves().exclude(incident__in=still_open).exists()


def test_who_has_the_case_keeps_it_if_his_post_is_above_the_new_unit(world, take_over):
    case = world.bring(State.IN_PROGRESS)
    take_over()
    do_jobs()
    case.refresh_from_db()
    assert (case.state, case.assignee) == (State.IN_PROGRESS, world.colleague)


def test_whose_post_is_elsewhere_now_loses_the_case_which_is_triaged_anew(world, neighbour, take_over):
    case = world.bring(State.ACCEPTED)
    world.act(case.pk, Action.ASSIGN, Actor.GRID_LEAD, assignee_id=world.worker.pk)
    take_over()
    do_jobs()
    case.refresh_from_db()
    assert (case.state, case.assignee, case.unit) == (State.ACCEPTED, None, neighbour)


def test_who_lost_his_post_above_loses_the_case_though_its_own_grid_stays(world):
    area = world.town.units[Level.AREA][0]
    kept, lost, given = world.bring(State.IN_PROGRESS), world.bring(State.ACCEPTED), UserFactory()
    held = post(given, area, PostKind.GRID_WORKER)
    world.act(lost.pk, Action.ASSIGN, Actor.GRID_LEAD, assignee_id=given.pk)
    unit = Incident.objects.get(pk=lost.pk).unit
    when = timezone.now()
    end_post(post_id=held.pk, at=when)
    for _twice in range(2):
        rehome(unit_ids=[area.pk], when=when)
    for case in (kept, lost):
        case.refresh_from_db()
    assert (kept.state, kept.assignee) == (State.IN_PROGRESS, world.colleague)
    assert (lost.state, lost.assignee, lost.unit) == (State.ACCEPTED, None, unit)
    assert moves().count() == 1


def test_what_somebody_moved_by_hand_stays_there(world, take_over):
    elsewhere = world.town.units[Level.RESIDENT_GROUP][2]
    case = world.case()
    world.act(case.pk, Action.MOVE, Actor.GRID_LEAD, unit_id=elsewhere.pk)
    take_over()
    do_jobs()
    case.refresh_from_db()
    assert case.unit == elsewhere


def test_what_somebody_moved_into_a_unit_that_ends_goes_where_it_lies(world, neighbour):
    beside = world.town.units[Level.RESIDENT_GROUP][2:4]
    case = world.case()
    world.act(case.pk, Action.MOVE, Actor.GRID_LEAD, unit_id=beside[0].pk)
    redraw({beside[0]: None, beside[1]: shapely.union_all([shape_of(unit) for unit in beside])})
    do_jobs()
    case.refresh_from_db()
    assert case.unit == world.town.leaf


def test_two_redraws_one_after_the_other_in_whichever_order_their_jobs_come(world, neighbour, take_over):
    case = world.case()
    group = world.town.units[Level.BUILDING_GROUP][0]
    first = take_over()
    end = UnitVersion.objects.get(unit=neighbour, valid__upper_inf=True)
    newest = make_unit(shape_of(neighbour), level=Level.RESIDENT_GROUP, parent=group, code=f"{group.code}99",
                       valid=DateTimeTZRange(first + timedelta(microseconds=1), None))  # fmt: skip
    UnitVersion.objects.filter(pk=end.pk).update(
        valid=DateTimeTZRange(first, first + timedelta(microseconds=1))
    )
    later = [(newest.pk, neighbour.pk), first + timedelta(microseconds=1)]
    rehome(unit_ids=later[0], when=later[1])
    do_jobs()
    case.refresh_from_db()
    assert case.unit == newest


def test_a_case_outside_of_all_grids_is_inside_once_a_grid_is_drawn_there(world):
    _west, south, east, _north = TOWN_BOX
    case = world.case(lon=east + 0.0005, lat=south + 0.0005)
    assert case.outside_m > 0
    group = world.town.units[Level.BUILDING_GROUP][-1]
    new = make_unit(
        shapely.box(east, south, east + 0.002, south + 0.004),
        level=Level.RESIDENT_GROUP,
        parent=group,
        code=f"{group.code}99",
        valid=DateTimeTZRange(timezone.now(), None),
    )
    rehome(unit_ids=[new.pk], when=new.versions.get().valid.lower)
    case.refresh_from_db()
    assert (case.unit, case.outside_m) == (new, None)


def test_the_first_units_of_all_move_nothing(world):
    world.case()
    everything = list(Unit.objects.values_list("pk", flat=True))
    assert rehome(unit_ids=everything, when=LONG_AGO) == 0
    assert rehome(unit_ids=[], when=timezone.now()) == 0


def test_the_job_is_enqueued_with_the_redraw_and_for_its_time(world, neighbour):
    shapes = {world.town.leaf: shape_of(world.town.leaf)}
    with transaction.atomic():
        redraw(shapes)
        transaction.set_rollback(True)
    assert waiting() == []
    when = redraw(shapes, timezone.now() + timedelta(days=1))
    assert waiting() == [({"unit_ids": [world.town.leaf.pk], "when": when.isoformat()}, when)]


def test_open_cases_that_are_to_stay_do_so_while_their_unit_lasts(world, neighbour):
    leaf, third = world.town.leaf, world.town.units[Level.RESIDENT_GROUP][2]
    west, _south, east, north = shape_of(leaf).bounds
    beyond = shapely.box(west, shape_of(neighbour).bounds[1], east, north - 0.0001)
    stays = world.case()
    strays = world.case(lon=inside(third)[0], lat=inside(third)[1])
    joined = shapely.union_all([shape_of(third), shape_of(world.town.units[Level.RESIDENT_GROUP][3])])
    redraw({leaf: shapely.box(west, north - 0.0001, east, north), neighbour: beyond}, moves_open_cases=False)
    redraw({third: None, world.town.units[Level.RESIDENT_GROUP][3]: joined}, moves_open_cases=False)
    assert waiting() == []
    assert rehome_strays() == 1
    for case, unit in ((stays, leaf), (strays, world.town.units[Level.RESIDENT_GROUP][3])):
        case.refresh_from_db()
        assert case.unit == unit
    redraw({neighbour: beyond})  # what another change moves isn't what stayed by choice
    do_jobs()
    stays.refresh_from_db()
    assert stays.unit == leaf


def test_what_a_lost_job_left_in_an_ended_unit_is_swept_up(world, neighbour, take_over):
    case, by_hand = world.case(), world.case()
    world.act(by_hand.pk, Action.MOVE, Actor.GRID_LEAD, unit_id=neighbour.pk)
    assert rehome_strays() == 0
    take_over()
    assert rehome_strays() == 1
    case.refresh_from_db()
    assert case.unit == neighbour
    assert rehome_strays() == 0


def test_walls_of_the_old_and_the_new_unit_show_what_a_fresh_one_shows(world, neighbour, take_over):
    case = world.case()
    old, new, district = (
        Wall(unit.pk) for unit in (world.town.leaf, neighbour, world.town.units[Level.DISTRICT][0])
    )
    assert (old.cards.keys(), new.cards.keys()) == ({case.pk}, set())
    take_over()
    do_jobs()
    for wall in (old, new, district):
        wall.assert_fresh()
    assert (old.cards, new.cards.keys(), district.cards.keys()) == ({}, {case.pk}, {case.pk})


def test_who_lost_his_unit_sees_the_case_no_more_and_who_has_it_now_does(world, neighbour, take_over):
    before, after = UserFactory(password="x"), UserFactory(password="x")
    post(before, world.town.leaf, PostKind.GRID_LEADER)
    post(after, neighbour, PostKind.GRID_LEADER)
    case = world.bring(State.ACCEPTED)
    take_over()
    do_jobs()
    done = world.act(case.pk, Action.ADD_NOTE, Actor.GRID_LEAD, actor=after)
    assert done.version == case.version + 2
    with pytest.raises(NotFound):
        world.act(case.pk, Action.ADD_NOTE, Actor.GRID_LEAD, actor=before)


def test_the_job_done_twice_at_once_moves_each_case_once(transactional_db):
    world = make_world()
    cases = [world.case() for _ in range(6)]
    leaf, neighbour = world.town.units[Level.RESIDENT_GROUP][:2]
    when = timezone.now()
    draw({leaf: None, neighbour: shapely.union_all([shape_of(leaf), shape_of(neighbour)])}, when)
    together = threading.Barrier(2)

    def work():
        together.wait(30)
        return rehome(unit_ids=[leaf.pk, neighbour.pk], when=when)

    with ThreadPoolExecutor(2) as pool:
        moved = [each.result(60) for each in [pool.submit(in_thread, work) for _ in range(2)]]
    assert sum(moved) == len(cases)
    assert sorted(moves().values_list("incident", flat=True)) == [case.pk for case in cases]
    assert set(Incident.objects.values_list("unit", flat=True)) == {neighbour.pk}


def test_a_report_after_the_redraw_is_located_by_it(world, neighbour, take_over):
    lon, lat = inside(world.town.leaf)
    take_over()
    case = world.case(lon=lon, lat=lat)
    assert case.unit == neighbour
    assert case.reported_version_id == unit_at(lon, lat).version_id
    do_jobs()
    assert not moves().exists()
