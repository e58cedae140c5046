"""Who may know of a case, and as what: by refusal, for each role, inside and outside its subtree."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from gis_grids.errors import Conflict, NotFound, Refused
from gis_grids.levels import Level, PostKind
from incidents.models import Matter, MatterGrant
from incidents.selectors import access_incident, open_grants
from incidents.selectors.visible import visible_cases
from incidents.workflow import Action, Actor, State
from tests.factories import UserFactory, post

STAFF = {
    "lead": {Actor.GRID_LEAD},
    "operator": {Actor.OPERATOR},
    "office": {Actor.STREET_OFFICE},
    "head": {Actor.STREET_OFFICE, Actor.DISTRICT_LEADER},
}


def grant(user, unit, *, code="noise", began=timedelta(days=1), ended=None):
    """Give leave for a private matter in the subtree of a unit, for a term that began before now."""
    now = timezone.now()
    return MatterGrant.objects.create(
        matter_code=code,
        unit=unit,
        holder=user,
        granted_by=user,
        term=DateTimeTZRange(now - began, now - ended if ended else None),
    )


def holder(unit, kind):
    user = UserFactory(password="x")
    post(user, unit, kind)
    return user


def sees(user, case):
    """Tell whether the user may know of the case; the list of cases must say the same."""
    found = True
    try:
        access_incident(user, case.pk)
    except NotFound:
        found = False
    assert visible_cases(user).filter(pk=case.pk).exists() is found
    return found


@pytest.fixture
def private(world):
    """Return a case of a private matter, assigned to the colleague."""
    Matter.objects.filter(code="noise").update(is_private=True)
    case = world.bring(State.ASSIGNED, matter="rubbish")
    case.matter = Matter.objects.get(code="noise", is_current=True)
    case.save(update_fields=["matter"])
    return case


@pytest.mark.parametrize("name", STAFF)
def test_each_role_in_the_subtree(world, name):
    assert access_incident(getattr(world, name), world.case().pk).actors == STAFF[name]


@pytest.mark.parametrize("kind", list(PostKind))
@pytest.mark.parametrize(
    ("level", "n", "seen"),
    [
        (Level.RESIDENT_GROUP, 0, True),
        (Level.CITY, 0, True),
        (Level.RESIDENT_GROUP, 1, False),
        (Level.STREET, 1, False),
    ],
)
def test_a_post_opens_its_subtree_and_nothing_else(world, kind, level, n, seen):
    # Auditors see records of access, nobody's cases.
    expected = seen and kind is not PostKind.AUDITOR
    assert sees(holder(world.town.units[level][n], kind), world.case()) is expected


def test_without_a_post_there_is_nothing(world):
    case = world.case()
    assert not sees(UserFactory(password="x"), case)
    gone = holder(world.town.units[Level.CITY][0], PostKind.COMMAND_OPERATOR)
    gone.is_active = False
    gone.save()
    assert not sees(gone, case)
    with pytest.raises(NotFound):
        access_incident(AnonymousUser(), case.pk)


def test_a_term_that_ended_opens_nothing(world):
    case = world.case()
    held = world.lead.posts.get()
    now = timezone.now()
    held.term = DateTimeTZRange(now - timedelta(days=9), now - timedelta(seconds=1))
    held.save()
    assert not sees(world.lead, case)


@pytest.mark.parametrize("name", STAFF)
def test_a_post_alone_does_not_open_a_private_matter(world, private, name):
    assert not sees(getattr(world, name), private)


@pytest.mark.parametrize("name", STAFF)
def test_a_grant_opens_a_private_matter_to_who_has_a_post(world, private, name):
    user = getattr(world, name)
    grant(user, world.town.units[Level.COMMUNITY][0])
    assert sees(user, private)
    assert access_incident(user, private.pk).actors == STAFF[name]


def test_a_grant_elsewhere_of_another_matter_or_over_opens_nothing(world, private):
    grant(world.lead, world.town.units[Level.RESIDENT_GROUP][1])
    grant(world.lead, world.town.units[Level.CITY][0], code="rubbish")
    grant(world.lead, world.town.units[Level.CITY][0], began=timedelta(days=9), ended=timedelta(seconds=1))
    assert not sees(world.lead, private)
    grant(world.lead, world.town.leaf)
    assert sees(world.lead, private)


def test_a_grant_without_a_post_opens_nothing(world, private):
    for user in (UserFactory(password="x"), world.stranger):
        grant(user, world.town.units[Level.CITY][0])
        assert not sees(user, private)


def test_who_has_a_part_in_a_private_case_sees_it_by_that_alone(world, private):
    assert access_incident(world.worker, private.pk).actors == {Actor.REPORTER}
    assert access_incident(world.colleague, private.pk).actors == {Actor.ASSIGNEE}
    private.reporter = world.lead
    private.save(update_fields=["reporter"])
    assert access_incident(world.lead, private.pk).actors == {Actor.REPORTER}
    with pytest.raises(Refused):
        world.act(private.pk, Action.RECALL, Actor.GRID_LEAD, note="x")
    grant(world.lead, world.town.leaf)
    assert access_incident(world.lead, private.pk).actors == {Actor.REPORTER, Actor.GRID_LEAD}


def test_the_open_grants_of_a_person(world):
    assert open_grants(world.lead) == open_grants(AnonymousUser()) == frozenset()
    grant(world.lead, world.town.leaf)
    grant(world.lead, world.town.leaf, began=timedelta(days=9), ended=timedelta(days=2))
    grant(world.operator, world.town.units[Level.CITY][0])
    assert open_grants(world.lead) == {("noise", world.town.leaf.pk)}
    world.lead.is_active = False
    assert open_grants(world.lead) == frozenset()


class TestCoReporter:
    """Whose own report was merged into a case is for it what its reporter is."""

    @pytest.fixture
    def neighbour(self, world):
        return holder(world.town.units[Level.STREET][1], PostKind.GRID_WORKER)

    @pytest.fixture
    def cases(self, world, neighbour):
        master, own = world.case(), world.case(reporter=neighbour.pk)
        assert not sees(neighbour, master)
        world.act(own.pk, Action.MERGE, Actor.GRID_LEAD, master_id=master.pk)
        return master, own

    def test_sees_the_master_as_its_reporter(self, cases, neighbour, world):
        master, own = cases
        assert sees(neighbour, master)
        assert access_incident(neighbour, master.pk).actors == {Actor.REPORTER}
        assert not sees(world.stranger, master)
        world.act(own.pk, Action.UNMERGE, Actor.GRID_LEAD)
        assert not sees(neighbour, master)
        assert sees(neighbour, own)

    def test_keeps_what_his_posts_make_him(self, cases, neighbour, world):
        post(neighbour, world.town.leaf, PostKind.GRID_LEADER)
        assert access_incident(neighbour, cases[0].pk).actors == {Actor.REPORTER, Actor.GRID_LEAD}

    def test_answers_what_was_asked(self, cases, neighbour, world):
        master, _own = cases
        world.act(master.pk, Action.ACCEPT, Actor.GRID_LEAD)
        world.act(master.pk, Action.ASK, Actor.GRID_LEAD)
        done = world.act(master.pk, Action.ANSWER, Actor.REPORTER, actor=neighbour)
        assert done.state == State.ACCEPTED

    def test_nobody_cancels_what_others_reported(self, cases, neighbour, world):
        for person in (neighbour, world.worker):
            with pytest.raises(Conflict) as refused:
                world.act(cases[0].pk, Action.CANCEL, Actor.REPORTER, actor=person)
            assert refused.value.code == "cancel.others"

    def test_nothing_more_of_a_private_case(self, cases, neighbour, world):
        master, _own = cases
        Matter.objects.filter(code="rubbish").update(is_private=True)
        assert access_incident(neighbour, master.pk).actors == {Actor.REPORTER}
        assert not sees(world.lead, master)
