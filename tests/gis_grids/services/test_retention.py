"""Personal data is forgotten in time, by rules that a district sets; tried out first, and reported."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from gis_grids import hooks
from gis_grids.errors import BadInput, Refused
from gis_grids.levels import Level, PostKind
from gis_grids.models import Correction, RetentionRule, RetentionRun
from gis_grids.personal import KEEP_LABELS, LASTING, USUAL_DAYS, Keep
from gis_grids.selectors.retention import days_kept
from gis_grids.services.retention import forget, set_rule
from households.models import ImportPart, ImportRun, Need, Organisation, Visit, Volunteer
from tests.factories import UserFactory, make_town, post
from tests.households.making import household

pytestmark = pytest.mark.django_db
PLACE = (116.4, 39.9)


@pytest.fixture
def clerk(db):
    person = UserFactory()
    post(person, make_town().units[Level.DISTRICT][0], PostKind.OFFICE_CLERK)
    return person


def counts(run):
    return {(part["keep"], part["what"]): part["count"] for part in run.found if part["count"]}


def visit(number, days_ago):
    at = timezone.now() - timedelta(days=days_ago)
    home = household(PLACE)
    return Visit.objects.create(
        id=UUID(int=number), household=home, visitor=UserFactory(), at=at, received_at=at,
        result=Visit.Result.MET, note="病了", place=home.place, accuracy_m=9,
    )  # fmt: skip


def test_every_class_has_a_time_or_none_for_a_reason():
    assert set(USUAL_DAYS) | LASTING == set(Keep)
    assert not set(USUAL_DAYS) & LASTING
    assert set(KEEP_LABELS) == set(USUAL_DAYS)


def test_every_class_with_a_time_is_forgotten_by_somebody():
    assert {part.keep for part in hooks.forgettings} == set(USUAL_DAYS)


def test_notes_and_tracks_of_visits_go_and_the_visit_stays():
    old, middle, new = visit(1, 2 * 365 + 1), visit(2, 91), visit(3, 1)
    run = forget(is_dry=True)
    tried = counts(run)
    assert sorted(tried.values()) == [1, 2]
    assert Visit.objects.exclude(note="").count() == 3
    assert counts(forget(is_dry=False)) == tried
    rows = {row.pk: (row.note, row.place is None, row.result) for row in Visit.objects.all()}
    assert rows == {
        old.pk: ("", True, "met"),
        middle.pk: ("病了", True, "met"),
        new.pk: ("病了", False, "met"),
    }
    assert counts(forget(is_dry=False)) == {}
    assert [row.is_dry for row in RetentionRun.objects.all()] == [False, False, True]


def test_needs_go_a_year_after_their_last_day_and_open_ones_never():
    today, home = timezone.localdate(), household(PLACE)
    for kind, first, end in (("elderly", 900, 366), ("care", 900, 364), ("minor", 900, None)):
        days = DateRange(today - timedelta(days=first), end and today - timedelta(days=end))
        Need.objects.create(household=home, kind=kind, purpose="Meals", days=days)
    forget(is_dry=False)
    assert set(Need.objects.values_list("kind", flat=True)) == {"care", "minor"}


def test_an_old_import_goes_with_its_file_and_rows(clerk):
    unit = clerk.posts.get().unit
    for days in (31, 29):
        run = ImportRun.objects.create(
            kind="households", unit=unit, file_name="户.xlsx", file_size=1, author=clerk
        )
        ImportRun.objects.filter(pk=run.pk).update(finished_at=timezone.now() - timedelta(days=days))
        ImportPart.objects.create(run=run, number=0, content="张三丰")
    assert ("import", 1) in {(part["keep"], part["count"]) for part in forget(is_dry=True).found}
    forget(is_dry=False)
    assert (ImportRun.objects.count(), ImportPart.objects.count()) == (2, 1)


def test_who_serves_no_more_and_the_contact_of_who_has_gone_are_forgotten(clerk):
    unit, today = clerk.posts.get().unit, timezone.localdate()
    for days_ago in (1096, 1094):
        days = DateRange(today - timedelta(days=2000), today - timedelta(days=days_ago))
        Volunteer.objects.create(unit=unit, name="张三丰", phone="10012345678", skills="急救", days=days)
        Organisation.objects.create(
            kind="shop", name=f"店{days_ago}", place="POINT(116.4 39.9)", contact_name="张三丰",
            contact_phone="10012345678", note="找张三丰", days=days,
        )  # fmt: skip
    gone = Volunteer.objects.earliest("days")
    for model, row in (("volunteer", gone), ("organisation", Organisation.objects.get(name="店1096"))):
        Correction.objects.create(
            model=f"households.{model}", row=str(row.pk), field="name", before="张三丰", actor=clerk
        )
    forget(is_dry=False)
    assert list(Volunteer.objects.order_by("days").values_list("name", "skills")) == [
        (f"#{gone.pk}", ""),
        ("张三丰", "急救"),
    ]
    told = Organisation.objects.order_by("days").values_list("name", "contact_name", "note")
    assert list(told) == [("店1096", "", ""), ("店1094", "张三丰", "找张三丰")]
    assert set(Correction.objects.values_list("before", flat=True)) == {""}
    assert counts(forget(is_dry=False)) == {}


def test_a_district_sets_its_own_time_and_the_former_one_stays_on_record(clerk):
    visit(1, 40)
    assert days_kept(Keep.TRACK) == 90
    set_rule(actor=clerk, keep="track", days=60, basis="区政府通知")
    set_rule(actor=clerk, keep="track", days=30, basis="区政府第二次通知")
    assert days_kept(Keep.TRACK) == 30
    assert RetentionRule.objects.count() == 2
    forget(is_dry=False)
    assert Visit.objects.get().place is None
    with pytest.raises(DatabaseError), transaction.atomic():
        RetentionRule.objects.update(days=1)


@pytest.mark.parametrize(
    "wrong", [{"days": 0}, {"days": 40_000}, {"basis": " "}, {"basis": "x" * 201}, {"keep": "record"}]
)
def test_a_rule_that_makes_no_sense_is_refused(clerk, wrong):
    with pytest.raises(BadInput):
        set_rule(actor=clerk, **({"keep": "track", "days": 60, "basis": "通知"} | wrong))
    assert not RetentionRule.objects.exists()


@pytest.mark.parametrize(
    ("kind", "level"),
    [
        (PostKind.OFFICE_CLERK, Level.COMMUNITY),
        (PostKind.COMMAND_OPERATOR, Level.DISTRICT),
        (PostKind.AUDITOR, Level.DISTRICT),
    ],
)
def test_only_the_office_of_a_district_sets_rules(kind, level):
    person = UserFactory()
    post(person, make_town().units[level][0], kind)
    with pytest.raises(Refused):
        set_rule(actor=person, keep="track", days=60, basis="通知")


def test_a_part_that_fails_takes_nothing_else_with_it(monkeypatch):
    visit(1, 3 * 365)

    def fails(_until, _is_dry):
        Visit.objects.all().delete()
        raise RuntimeError

    monkeypatch.setattr(hooks, "forgettings", [hooks.Forgetting(Keep.NEED, "x", fails), *hooks.forgettings])
    with pytest.raises(RuntimeError):
        forget(is_dry=False)
    assert Visit.objects.exists()
