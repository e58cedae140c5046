from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from gis_grids.errors import BadInput, Conflict, NotFound
from gis_grids.levels import PostKind
from gis_grids.models import Post
from gis_grids.permissions import scope_of
from gis_grids.selectors import map_version
from gis_grids.services import bump_map_version, end_post, set_post
from tests.factories import UnitFactory, UserFactory, post

pytestmark = pytest.mark.django_db


def test_a_post_begins_ends_and_stays_as_history():
    user, unit = UserFactory(), UnitFactory()
    begun = set_post(unit_id=unit.pk, kind=PostKind.GRID_WORKER, holder_id=user.pk)
    assert scope_of(user).roots() == {unit.pk}

    ended = end_post(post_id=begun.pk)
    assert scope_of(user).roots() == frozenset()
    assert Post.objects.get() == ended
    with pytest.raises(Conflict) as caught:
        end_post(post_id=begun.pk)
    assert caught.value.code == "post.ended"


def test_whoever_takes_a_post_ends_its_vacancy():
    user, unit = UserFactory(), UnitFactory()
    vacancy = post(None, unit, PostKind.GRID_LEADER)
    since = datetime(2026, 1, 1, tzinfo=UTC)
    set_post(unit_id=unit.pk, kind=PostKind.GRID_LEADER, holder_id=user.pk, since=since)
    vacancy.refresh_from_db()
    assert vacancy.term.upper == since


def test_a_vacancy_filled_at_its_first_moment_has_never_been():
    since = timezone.now()
    unit = UnitFactory()
    set_post(unit_id=unit.pk, kind=PostKind.GRID_LEADER, holder_id=None, since=since)
    set_post(unit_id=unit.pk, kind=PostKind.GRID_LEADER, holder_id=UserFactory().pk, since=since)
    assert Post.objects.get().holder is not None


def test_a_post_is_not_held_twice_but_may_be_shared():
    user, unit = UserFactory(), UnitFactory()
    set_post(unit_id=unit.pk, kind=PostKind.GRID_WORKER, holder_id=user.pk)
    set_post(unit_id=unit.pk, kind=PostKind.GRID_WORKER, holder_id=UserFactory().pk)
    with pytest.raises(Conflict) as caught:
        set_post(unit_id=unit.pk, kind=PostKind.GRID_WORKER, holder_id=user.pk)
    assert caught.value.code == "post.held_already"
    assert Post.objects.count() == 2


def test_what_does_not_exist_is_said_so():
    with pytest.raises(NotFound):
        set_post(unit_id=1, kind=PostKind.PLANNER, holder_id=None)
    with pytest.raises(NotFound):
        end_post(post_id=1)


def test_a_post_does_not_end_before_it_begins():
    begun = set_post(unit_id=UnitFactory().pk, kind=PostKind.PLANNER, holder_id=None)
    with pytest.raises(BadInput):
        end_post(post_id=begun.pk, at=begun.term.lower - timedelta(days=1))


def test_a_layer_counts_its_changes():
    first = bump_map_version(layer="base")
    assert bump_map_version(layer="base") == first + 1 == map_version("base")
    assert map_version("units") == 0


def test_the_versions_of_a_new_database_go_on_after_those_of_the_last(db):
    assert bump_map_version(layer="units") >= int(timezone.now().timestamp()) - 60
