from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pgtrigger
import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from gis_grids.errors import BadInput, Conflict, NotFound, Stale
from gis_grids.levels import Level
from incidents.models import Attachment, CoReporter, Incident, IncidentEvent, Matter, MatterGrant
from incidents.selectors import access_incident
from incidents.services import act
from incidents.workflow import Action, Actor, State
from tests.factories import UserFactory, inside, post

LEAD = Actor.GRID_LEAD


def picture(case: Incident) -> Attachment:
    return Attachment.objects.create(
        id=uuid4(),
        incident=case,
        origin=case,
        purpose=Attachment.Purpose.REPORT,
        name="photo.jpg",
        media_type="image/jpeg",
        size=3,
        sha256=b"0" * 32,
        declared_at=timezone.now(),
        sender=case.reporter,
    )


def merge(world, case: Incident, master: Incident) -> None:
    world.act(case.pk, Action.MERGE, LEAD, master_id=master.pk)
    case.refresh_from_db()


def unmerge(world, case: Incident) -> None:
    world.act(case.pk, Action.UNMERGE, LEAD)
    case.refresh_from_db()


def split(world, case: Incident) -> Incident:
    world.act(case.pk, Action.SPLIT, LEAD)
    return case.children.latest("pk")


def belongings(case: Incident) -> dict[str, set[object]]:
    """All that a merge moves, as it is now."""
    return {
        "attachments": set(case.attachments.values_list("pk", flat=True)),
        "children": set(case.children.values_list("pk", flat=True)),
        "co_reporters": set(case.co_reporters.values_list("user", "origin")),
        "duplicates": set(case.duplicates.values_list("pk", flat=True)),
    }


NOTHING = {"attachments": set(), "children": set(), "co_reporters": set(), "duplicates": set()}


@pytest.fixture
def neighbour(world):
    """Somebody else who reports, from a post of his own."""
    user = UserFactory()
    post(user, world.town.units[Level.RESIDENT_GROUP][2])
    return user


def test_all_that_belongs_to_the_duplicate_goes_to_the_master_and_comes_back(world, neighbour):
    master = world.case()
    case = world.bring(State.ACCEPTED, reporter=neighbour.pk)
    mine, theirs = picture(case), picture(master)
    child = split(world, case)
    earlier = world.case()
    merge(world, earlier, case)
    before = belongings(case)

    merge(world, case, master)

    assert (case.state, case.merged_into) == (State.DUPLICATE, master)
    assert belongings(case) == NOTHING
    assert belongings(master) == {
        "attachments": {mine.pk, theirs.pk},
        "children": {child.pk},
        "co_reporters": {(neighbour.pk, case.pk), (world.worker.pk, earlier.pk)},
        "duplicates": {case.pk, earlier.pk},
    }
    moved = case.events.get(action=Action.MERGE).details["moved"]
    assert moved["attachments"] == [str(mine.pk)]
    assert (moved["children"], moved["duplicates"]) == ([child.pk], [earlier.pk])
    mine.refresh_from_db()
    assert mine.origin == case

    unmerge(world, case)

    assert (case.state, case.merged_into) == (State.REPORTED, None)
    assert belongings(case) == before
    assert belongings(master) == NOTHING | {"attachments": {theirs.pk}}


def test_the_master_s_history_tells_both_and_its_version_counts_them(world):
    case, master = world.case(), world.case()
    merge(world, case, master)
    unmerge(world, case)
    master.refresh_from_db()
    events = list(master.events.all())
    assert [event.action for event in events] == [Action.REPORT, Action.ABSORB, Action.RELEASE]
    assert [event.details.get("duplicate") for event in events[1:]] == [case.pk, case.pk]
    assert {event.actor for event in events[1:]} == {world.lead}
    assert (master.state, master.version) == (State.REPORTED, 3)
    # Who looked at the master before it absorbed the other can still decide on it.
    done = world.act(master.pk, Action.ACCEPT, LEAD, expected_version=1)
    assert done.version == 4


def test_who_reported_the_duplicate_is_a_reporter_of_the_master(world, neighbour):
    place = world.town.units[Level.RESIDENT_GROUP][-1]
    lon, lat = inside(place)
    master, case = world.case(), world.case(reporter=neighbour.pk, lon=lon, lat=lat)
    for one, other in ((neighbour, master), (world.worker, case)):
        with pytest.raises(NotFound):
            access_incident(one, other.pk)
    world.act(case.pk, Action.MERGE, Actor.OPERATOR, master_id=master.pk)
    assert access_incident(neighbour, master.pk).actors == {Actor.REPORTER}
    with pytest.raises(NotFound):
        access_incident(world.worker, case.pk)
    world.act(case.pk, Action.UNMERGE, Actor.OPERATOR)
    with pytest.raises(NotFound):
        access_incident(neighbour, master.pk)


def test_what_was_separated_meanwhile_stays_where_it_is(world):
    first, second, master = world.case(), world.case(), world.case()
    one, two = picture(first), picture(second)
    merge(world, first, second)
    merge(world, second, master)
    first.refresh_from_db()
    assert first.merged_into == master
    unmerge(world, first)
    assert belongings(first)["attachments"] == {one.pk}
    unmerge(world, second)
    assert belongings(first)["attachments"] == {one.pk}
    assert belongings(second) == NOTHING | {"attachments": {two.pk}}
    assert belongings(master) == NOTHING


def test_what_came_back_by_a_merge_of_its_own_is_not_taken_along(world):
    first, second, master = world.case(), world.case(), world.case()
    one = picture(first)
    merge(world, first, second)
    merge(world, second, master)
    unmerge(world, first)
    merge(world, first, master)
    unmerge(world, second)
    first.refresh_from_db()
    assert first.merged_into == master
    assert belongings(master) == NOTHING | {
        "attachments": {one.pk},
        "duplicates": {first.pk},
        "co_reporters": {(world.worker.pk, first.pk)},
    }
    assert belongings(second) == NOTHING


def test_a_master_that_was_merged_itself_gives_back_what_came_along(world):
    first, second, third = world.case(), world.case(), world.case()
    one = picture(first)
    merge(world, first, second)
    merge(world, second, third)
    unmerge(world, second)
    first.refresh_from_db()
    assert first.merged_into == second
    merge(world, second, third)
    unmerge(world, first)
    assert belongings(first)["attachments"] == {one.pk}
    assert not CoReporter.objects.filter(origin=first).exists()


def test_a_master_is_another_open_case_and_no_relative(world):
    case, closed = world.bring(State.ACCEPTED), world.bring(State.CLOSED)
    child = split(world, case)
    duplicate, other = world.case(), world.case()
    merge(world, duplicate, other)
    part_elsewhere = split(world, world.bring(State.ACCEPTED))
    for this, master, kind, code in (
        (case, case, BadInput, "master.itself"),
        (case, closed, BadInput, "master.ended"),
        (case, duplicate, Conflict, "master.duplicate"),
        (case, child, Conflict, "master.part"),
        (child, case, Conflict, "master.part"),
        (case, part_elsewhere, Conflict, "master.depth"),
    ):
        with pytest.raises(kind) as error:
            world.act(this.pk, Action.MERGE, LEAD, master_id=master.pk)
        assert error.value.code == code


def test_who_reported_something_else_never_comes_to_see_a_private_matter(world):
    public = world.case()
    Matter.objects.filter(code__in=("noise", "dispute")).update(is_private=True)
    for code in ("noise", "dispute"):
        MatterGrant.objects.create(
            matter_code=code,
            unit=world.town.units[Level.COMMUNITY][0],
            holder=world.lead,
            granted_by=world.head,
            term=DateTimeTZRange(timezone.now() - timedelta(days=1), None),
        )
    noise, dispute, same = (world.case(matter=code) for code in ("noise", "dispute", "noise"))
    for case, master in ((public, noise), (noise, public), (noise, dispute)):
        with pytest.raises(Conflict) as error:
            world.act(case.pk, Action.MERGE, LEAD, master_id=master.pk)
        assert error.value.code == "master.private"
    merge(world, same, noise)
    assert same.merged_into == noise


def test_what_was_merged_before_merges_moved_anything_can_be_separated(world):
    case, master, earlier = world.case(), world.case(), world.case()
    merge(world, earlier, master)
    merge(world, case, master)
    with pgtrigger.ignore("incidents.IncidentEvent:append_only"):
        for event in IncidentEvent.objects.filter(action=Action.MERGE):
            del event.details["moved"]
            event.save()
    for duplicate in (earlier, case):
        unmerge(world, duplicate)
        assert duplicate.state == State.REPORTED
    assert belongings(master) == NOTHING


def test_a_master_that_one_may_not_know_of_is_not_there(world):
    lon, lat = inside(world.town.units[Level.RESIDENT_GROUP][-1])
    case, hidden = world.case(), world.case(lon=lon, lat=lat)
    for master_id in (hidden.pk, hidden.pk + 100):
        with pytest.raises(NotFound) as error:
            world.act(case.pk, Action.MERGE, LEAD, master_id=master_id)
        assert error.value.code == "incident.not_found"


def test_the_same_merge_sent_twice_moves_once(world):
    case, master, command = world.case(), world.case(), uuid4()
    for expected in (False, True):
        done = act(
            incident_id=case.pk,
            action=Action.MERGE,
            actor=world.lead,
            expected_version=1,
            command_id=command,
            master_id=master.pk,
        )
        assert done.is_repeat is expected
    assert master.co_reporters.count() == 1
    master.refresh_from_db()
    assert master.version == 2


def test_a_decision_on_the_duplicate_s_old_version_is_stale(world):
    case = world.case()
    world.act(case.pk, Action.ACCEPT, LEAD)
    with pytest.raises(Stale):
        world.act(case.pk, Action.MERGE, LEAD, expected_version=1)
