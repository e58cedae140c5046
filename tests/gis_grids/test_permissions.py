from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from gis_grids.levels import PostKind
from gis_grids.permissions import CENTRE, Scope, scope_of
from tests.factories import LONG_AGO, UnitFactory, UserFactory, post

pytestmark = pytest.mark.django_db


def test_the_scope_is_the_open_posts():
    user, first, second = UserFactory(), UnitFactory(), UnitFactory()
    post(user, first, PostKind.GRID_WORKER)
    post(user, second, PostKind.COMMAND_OPERATOR)
    post(UserFactory(), second, PostKind.PLANNER)

    scope = scope_of(user)

    assert scope.user_id == user.pk
    assert scope.posts == {(PostKind.GRID_WORKER, first.pk), (PostKind.COMMAND_OPERATOR, second.pk)}
    assert scope.roots() == {first.pk, second.pk}
    assert scope.roots({PostKind.GRID_WORKER, PostKind.BUILDING_STEWARD}) == {first.pk}
    assert scope.roots({PostKind.PLANNER}) == frozenset()
    assert scope.roots(CENTRE) == {second.pk}


@pytest.mark.parametrize(
    ("begin", "end"),
    [(LONG_AGO, datetime(2021, 1, 1, tzinfo=UTC)), (datetime(2999, 1, 1, tzinfo=UTC), None)],
)
def test_an_ended_or_a_future_post_gives_nothing(begin, end):
    user = UserFactory()
    post(user, UnitFactory(), term=DateTimeTZRange(begin, end))
    assert scope_of(user).posts == frozenset()


def test_who_is_inactive_or_not_logged_in_has_no_scope():
    user = UserFactory(is_active=False)
    post(user, UnitFactory())
    assert scope_of(user) == Scope(user.pk)
    assert scope_of(AnonymousUser()) == Scope(None)
    assert scope_of(AnonymousUser()).roots() == frozenset()


def test_the_scope_costs_one_query(django_assert_num_queries):
    user = UserFactory()
    with django_assert_num_queries(1):
        scope_of(user)
