from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from gis_grids.errors import BadInput, Conflict, NotFound, Refused
from gis_grids.levels import Level, PostKind
from incidents.models import Matter, MatterGrant
from incidents.selectors import access_incident
from incidents.selectors.grants import grants_below, open_grants
from incidents.services.grants import end_grant, grant_access
from tests.factories import UserFactory, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def private(world):
    Matter.objects.filter(code="dispute").update(is_private=True)
    return world


def today():
    return timezone.localdate(timezone=timezone.get_default_timezone())


def grant(world, *, actor=None, **changes):
    fields = {"matter_code": "dispute", "unit_id": community(world).pk, "holder_id": world.lead.pk}
    return grant_access(actor=actor or world.head, **fields | {"last": today()} | changes)


def community(world):
    return world.town.units[Level.COMMUNITY][0]


def sees(user, case):
    try:
        return access_incident(user, case.pk).incident == case
    except NotFound:
        return False


def test_a_grant_opens_the_cases_of_the_matter_for_its_term(private):
    case, elsewhere = private.case(matter="dispute"), private.town.units[Level.COMMUNITY][1]
    assert not sees(private.lead, case)
    grant(private, unit_id=elsewhere.pk, holder_id=private.office.pk)
    assert not sees(private.office, case)
    made = grant(private)
    assert sees(private.lead, case)
    assert open_grants(private.lead) == {("dispute", community(private).pk)}
    assert not sees(private.operator, case)
    end_grant(actor=private.head, grant_id=made.pk)
    assert not sees(private.lead, case)
    assert open_grants(private.lead) == frozenset()
    assert MatterGrant.objects.filter(pk=made.pk, granted_by=private.head).exists()


def test_the_term_ends_with_the_last_day(private):
    last = today() + dt.timedelta(days=30)
    zone = timezone.get_default_timezone()
    term = grant(private, last=last).term
    assert term.lower <= timezone.now()
    assert term.upper == dt.datetime.combine(last + dt.timedelta(days=1), dt.time.min, zone)


def test_after_its_end_the_same_can_be_given_again(private):
    first = grant(private)
    with pytest.raises(Conflict) as caught:
        grant(private, last=today() + dt.timedelta(days=1))
    assert caught.value.code == "grant.there_already"
    end_grant(actor=private.head, grant_id=first.pk)
    second = grant(private)
    assert list(grants_below([community(private).pk])) == [second, first]
    assert list(grants_below([private.town.units[Level.STREET][1].pk])) == []
    with pytest.raises(Conflict) as caught:
        end_grant(actor=private.head, grant_id=first.pk)
    assert caught.value.code == "grant.ended"


def test_the_database_keeps_one_grant_at_a_time(private):
    made = grant(private)
    made.pk = None
    with pytest.raises(IntegrityError, match="mattergrant_once"), transaction.atomic():
        made.save()


@pytest.mark.parametrize(
    ("changes", "error", "code"),
    [
        ({"matter_code": "rubbish"}, BadInput, "grant.not_private"),
        ({"matter_code": "nothing"}, BadInput, "grant.not_private"),
        ({"unit_id": 0}, NotFound, "unit.unknown"),
        ({"last": dt.date(2020, 1, 1)}, BadInput, "grant.term"),
        ({"last": dt.date(2999, 1, 1)}, BadInput, "grant.term"),
    ],
)
def test_what_makes_no_grant_is_refused(private, changes, error, code):
    with pytest.raises(error) as caught:
        grant(private, **changes)
    assert caught.value.code == code
    assert not MatterGrant.objects.exists()


def test_leave_is_given_to_who_has_a_post_there(private):
    nobody, gone = UserFactory(), UserFactory(is_active=False)
    post(gone, community(private))
    for holder in (nobody, gone, private.stranger):
        with pytest.raises(BadInput) as caught:
            grant(private, holder_id=holder.pk)
        assert caught.value.code == "grant.no_post"
    for holder in (private.worker, private.lead, private.operator):
        grant(private, holder_id=holder.pk)


def test_nobody_gives_himself_leave(private):
    with pytest.raises(Refused) as caught:
        grant(private, holder_id=private.head.pk)
    assert caught.value.code == "grant.yourself"


@pytest.mark.parametrize("name", ["worker", "colleague", "lead", "stranger", "office", "operator"])
def test_the_district_s_office_alone_gives_and_ends_leave(private, name):
    made, actor = grant(private), getattr(private, name)
    with pytest.raises(Refused) as caught:
        grant(private, actor=actor, holder_id=private.colleague.pk)
    assert caught.value.code == "grant.not_yours"
    with pytest.raises(Refused):
        end_grant(actor=actor, grant_id=made.pk)
    assert [each.term for each in MatterGrant.objects.all()] == [made.term]


def test_an_office_gives_leave_in_its_own_district_alone(private):
    elsewhere = UserFactory()
    post(elsewhere, private.town.units[Level.STREET][1], PostKind.OFFICE_CLERK)
    with pytest.raises(Refused):
        grant(private, actor=elsewhere)
    with pytest.raises(NotFound):
        end_grant(actor=private.head, grant_id=0)
