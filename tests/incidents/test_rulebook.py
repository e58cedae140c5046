"""What the office rules is kept in memory, and never used when it is old."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incidents.models import Emergency, Matter, RoutingRule, TimeLimit
from incidents.selectors.rulebook import rulebook
from incidents.services import load_matters


def queries():
    with CaptureQueriesContext(connection) as asked:
        rulebook()
    return len(asked)


def test_it_is_read_once(db):
    load_matters()
    first = rulebook()
    assert queries() == 1
    assert rulebook() is first
    assert first.matters["rubbish"].limits.count() == 6
    assert first.limits[first.matters["rubbish"].pk, "normal", "normal"].feedback_minutes > 0


def rule(world):
    return RoutingRule.objects.create(matter_code="rubbish", unit=world.town.leaf, posts=["grid_worker"])


def emergency(world):
    term = (timezone.now(), timezone.now() + timedelta(hours=1))
    return Emergency.objects.create(unit=world.town.leaf, reason="洪水", declared_by=world.lead, term=term)


CHANGES = {
    "a limit": lambda _world: TimeLimit.objects.filter(feedback_minutes__gt=0).update(feedback_minutes=7),
    "a matter": lambda _world: Matter.objects.filter(code="rubbish").update(is_current=False),
    "a route": rule,
    "an emergency": emergency,
    "its end": lambda world: emergency(world).delete(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_is_seen_at_once(world, change):
    before = rulebook()
    CHANGES[change](world)
    after = rulebook()
    assert after is not before
    assert {limit.pk for limit in after.limits.values()} == set(
        TimeLimit.objects.values_list("pk", flat=True)
    )
    assert after.matters.keys() == set(Matter.objects.filter(is_current=True).values_list("code", flat=True))
    assert {each.pk for each in after.routes.values()} == set(
        RoutingRule.objects.values_list("pk", flat=True)
    )
    assert sum(map(len, after.emergencies.values())) == Emergency.objects.count()


def test_what_is_rolled_back_was_never_there(world):
    before = {pk: limit.feedback_minutes for pk, limit in rulebook().limits.items()}
    with transaction.atomic():
        TimeLimit.objects.update(feedback_minutes=7)
        assert {limit.feedback_minutes for limit in rulebook().limits.values()} == {7}
        transaction.set_rollback(True)
    assert {pk: limit.feedback_minutes for pk, limit in rulebook().limits.items()} == before


def test_without_a_version_nothing_is_kept(db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM incidents_rulebookversion")
    rulebook()
    assert queries() == 5
