"""What an office does with posts: appointments, hand-overs and ends, each kept; and whom it may give what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from gis_grids.errors import BadInput, Conflict, LingeError, Refused
from gis_grids.levels import Level, PostKind
from gis_grids.models import Post, PostAct
from gis_grids.people import name_of
from gis_grids.permissions import FIELD, scope_of
from gis_grids.selectors.posts import (
    PostFilter,
    Standing,
    gaps,
    people_called,
    posts_below,
    posts_of_person,
    standing_of,
)
from gis_grids.services.people import enrol_person
from gis_grids.services.post_acts import appoint, correct, end_term, hand_over
from tests.factories import UserFactory, make_town, post

pytestmark = pytest.mark.django_db
STEWARD = PostKind.BUILDING_STEWARD


@pytest.fixture
def town():
    return make_town()


@pytest.fixture
def clerk(town):
    """Return the clerk of the first community."""
    user = UserFactory()
    post(user, town.units[Level.COMMUNITY][0], PostKind.OFFICE_CLERK)
    return user


@pytest.fixture
def group(town):
    return town.units[Level.BUILDING_GROUP][0]


def test_an_appointment_is_a_term_and_an_act(clerk, group):
    steward, until = UserFactory(), timezone.now() + timedelta(days=3 * 365)
    given = appoint(
        actor=clerk,
        unit_id=group.pk,
        kind=STEWARD,
        holder_id=steward.pk,
        until=until,
        contact="100-1",
        note="elected",
    )
    assert (given.term.upper, given.contact) == (until, "100-1")
    act = PostAct.objects.get()
    assert (act.post, act.deed, act.actor, act.note) == (given, "appoint", clerk, "elected")
    assert scope_of(steward).roots() == {group.pk}


def test_one_person_has_several_posts(clerk, town, group):
    person = UserFactory()
    appoint(actor=clerk, unit_id=group.pk, kind=STEWARD, holder_id=person.pk)
    appoint(actor=clerk, unit_id=town.leaf.pk, kind=PostKind.RESIDENT_GROUP_LEADER, holder_id=person.pk)
    kinds = {each.kind for each in posts_of_person(person.pk, [group.pk])}
    assert kinds == {"building_steward", "resident_group_leader"}


def test_who_takes_a_vacant_post_takes_over_its_telephone(clerk, group):
    appoint(actor=clerk, unit_id=group.pk, kind=STEWARD, holder_id=None, contact="100-2")
    taken = appoint(actor=clerk, unit_id=group.pk, kind=STEWARD, holder_id=UserFactory().pk)
    assert taken.contact == "100-2"
    assert [each.deed for each in PostAct.objects.order_by("pk")] == ["note_vacant", "appoint"]


def test_a_hand_over_is_one_act_of_one_moment(clerk, group):
    old_holder, successor = UserFactory(), UserFactory()
    old = appoint(
        actor=clerk,
        unit_id=group.pk,
        kind=STEWARD,
        holder_id=old_holder.pk,
        since=timezone.now() - timedelta(days=9),
        contact="100-3",
    )
    at = timezone.now() + timedelta(days=7)
    new = hand_over(actor=clerk, post_id=old.pk, holder_id=successor.pk, at=at)
    old.refresh_from_db()
    assert (old.term.upper, new.term.lower, new.contact) == (at, at, "100-3")
    assert (standing_of(old), standing_of(new)) == (Standing.ENDS_SOON, Standing.TO_COME)
    act = PostAct.objects.get(deed="hand_over")
    assert (act.post, act.successor, act.counts_from, act.details) == (old, new, at, {"tasks": 0})
    assert scope_of(old_holder).roots() == {group.pk}
    assert scope_of(successor).roots() == frozenset()


def test_a_deputy_who_moves_up_is_deputy_no_more(clerk, group):
    deputy = UserFactory()
    before = post(deputy, group, STEWARD, is_deputy=True)
    old = post(UserFactory(), group, STEWARD)
    new = hand_over(actor=clerk, post_id=old.pk, holder_id=deputy.pk)
    before.refresh_from_db()
    assert before.term.upper == new.term.lower
    assert not new.is_deputy


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda held, vacant: {"post_id": vacant.pk, "holder_id": UserFactory().pk}, "post.vacant"),
        (lambda held, vacant: {"post_id": held.pk, "holder_id": held.holder_id}, "post.same_person"),
        (lambda held, vacant: {"post_id": held.pk, "holder_id": 10**9}, "post.no_person"),
        (
            lambda held, vacant: {
                "post_id": held.pk,
                "holder_id": UserFactory().pk,
                "until": timezone.now() - timedelta(days=1),
            },
            "post.ends_before_it_begins",
        ),
    ],
)
def test_a_hand_over_that_can_not_be_changes_nothing(clerk, group, make, code):
    held, vacant = post(UserFactory(), group, STEWARD), post(None, group, PostKind.ENTRANCE_STEWARD)
    with pytest.raises(LingeError) as caught:
        hand_over(actor=clerk, **make(held, vacant))
    assert caught.value.code == code
    held.refresh_from_db()
    assert held.term.upper is None
    assert not PostAct.objects.exists()


def test_the_second_of_two_hand_overs_is_refused(clerk, group):
    held = post(UserFactory(), group, STEWARD)
    hand_over(actor=clerk, post_id=held.pk, holder_id=UserFactory().pk)
    with pytest.raises(Conflict) as caught:
        hand_over(actor=clerk, post_id=held.pk, holder_id=UserFactory().pk)
    assert caught.value.code == "post.ended"


def test_a_term_ends_and_leaves_a_vacancy_with_the_telephone(clerk, group):
    held = post(UserFactory(), group, STEWARD)
    Post.objects.filter(pk=held.pk).update(contact="100-4")
    end_term(actor=clerk, post_id=held.pk)
    vacancy = Post.objects.get(holder=None)
    assert (vacancy.kind, vacancy.contact) == (STEWARD, "100-4")
    end_term(actor=clerk, post_id=vacancy.pk)
    assert not Post.objects.filter(term__upper_inf=True, unit=group).exists()


def test_what_is_put_right_is_kept(clerk, group):
    held, until = post(UserFactory(), group, STEWARD), timezone.now() + timedelta(days=30)
    Post.objects.filter(pk=held.pk).update(contact="100-5")
    changed = correct(actor=clerk, post_id=held.pk, contact="100-6", until=until)
    assert (changed.contact, standing_of(changed)) == ("100-6", Standing.ENDS_SOON)
    assert PostAct.objects.get().details == {"before": {"contact": "100-5", "until": None}}
    correct(actor=clerk, post_id=held.pk, contact="100-6", until=until)
    assert PostAct.objects.count() == 1
    with pytest.raises(BadInput):
        correct(actor=clerk, post_id=held.pk, contact="", until=timezone.now() - timedelta(days=1))


def test_an_act_is_never_changed(clerk, group):
    appoint(actor=clerk, unit_id=group.pk, kind=STEWARD, holder_id=UserFactory().pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        PostAct.objects.update(note="otherwise")


@pytest.mark.parametrize("kind", sorted(set(PostKind) - FIELD))
def test_posts_at_a_desk_come_from_above(clerk, town, kind):
    """A clerk gives nobody, himself neither, more than he was given."""
    own = town.units[Level.COMMUNITY][0]
    with pytest.raises(Refused):
        appoint(actor=clerk, unit_id=own.pk, kind=kind, holder_id=clerk.pk)
    above = UserFactory()
    post(above, town.units[Level.STREET][0], PostKind.OFFICE_CLERK)
    assert appoint(actor=above, unit_id=own.pk, kind=kind, holder_id=UserFactory().pk)


@pytest.mark.parametrize("kind", sorted(set(PostKind) - {PostKind.OFFICE_CLERK}))
def test_only_an_office_gives_posts(town, group, kind):
    actor = UserFactory()
    post(actor, town.units[Level.COMMUNITY][0], kind)
    held = post(UserFactory(), group, STEWARD)
    for attempt in (
        lambda: appoint(actor=actor, unit_id=group.pk, kind=STEWARD, holder_id=actor.pk),
        lambda: hand_over(actor=actor, post_id=held.pk, holder_id=actor.pk),
        lambda: end_term(actor=actor, post_id=held.pk),
        lambda: correct(actor=actor, post_id=held.pk, contact="1", until=None),
        lambda: enrol_person(actor=actor, name="王小明"),
    ):
        with pytest.raises(Refused):
            attempt()
    assert not PostAct.objects.exists()


def test_no_office_gives_posts_beside_its_own_ground(clerk, town):
    other = town.units[Level.COMMUNITY][1]
    with pytest.raises(Refused):
        appoint(actor=clerk, unit_id=other.pk, kind=PostKind.GRID_LEADER, holder_id=UserFactory().pk)


def test_posts_are_found_by_unit_kind_standing_and_person(clerk, town, group):
    steward = UserFactory(last_name="王", first_name="小明")
    held, vacant = post(steward, group, STEWARD), post(None, town.leaf, PostKind.RESIDENT_GROUP_LEADER)
    roots = scope_of(clerk).roots()

    def found(**wanted):
        return list(posts_below(roots, PostFilter(**wanted)))

    assert held in found()
    assert vacant in found()
    assert found(kind=STEWARD) == [held]
    assert found(standing=Standing.VACANT) == [vacant]
    assert found(words=group.code, person="王小") == [held]
    assert found(person="王大") == []
    end_term(actor=clerk, post_id=held.pk, leaves_vacancy=False)
    assert found(kind=STEWARD) == []
    assert found(standing=Standing.OVER) == [held]


def test_a_unit_without_its_first_post_is_a_gap_and_a_deputy_fills_none(clerk, town, group):
    def lacking():
        return {(gap.code, gap.kind) for gap in gaps([group.pk])}

    assert (group.code, STEWARD) in lacking()
    post(UserFactory(), group, STEWARD, is_deputy=True)
    assert (group.code, STEWARD) in lacking()
    post(UserFactory(), group, STEWARD)
    assert (group.code, STEWARD) not in lacking()


def test_people_of_other_offices_are_not_offered(clerk, town, group):
    mine, free, foreign = (UserFactory(last_name="李", first_name="一") for _n in range(3))
    post(mine, group, STEWARD)
    post(foreign, town.units[Level.COMMUNITY][1], STEWARD)
    assert people_called("李一", scope_of(clerk).roots()) == [mine, free]


@pytest.mark.parametrize("name", ["王小明", "欧阳修", "Anna Petrova", "Ramses"])
def test_who_is_enrolled_is_called_so_and_can_not_log_in(clerk, name):
    person = enrol_person(actor=clerk, name=f" {name} ")
    assert name_of(person) == name
    assert not person.has_usable_password()
    with pytest.raises(BadInput):
        enrol_person(actor=clerk, name="  ")
