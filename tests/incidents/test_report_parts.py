"""What comes with a report: priority, files to be sent, the household of an errand and its steps."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.gis.geos import Point
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from gis_grids.errors import BadInput, Conflict, LingeError, NotFound
from gis_grids.levels import Level
from households.models import Household, HouseholdUnit
from incidents.models import Attachment, ErrandStep, Incident
from incidents.services import Declared, report_incident, report_incidents
from incidents.services.report_content import read_content
from tests.factories import LONG_AGO, inside
from tests.incidents.counting import statements
from tests.incidents.homes import household


def file(**changes) -> Declared:
    said = {
        "id": uuid4(),
        "name": "现场.jpg",
        "media_type": "image/jpeg",
        "size": 1000,
        "sha256": hashlib.sha256(b"what was seen").hexdigest(),
    }
    return Declared(**(said | changes))


@pytest.fixture
def home(world) -> Household:
    return household(world.town.leaf)


def test_the_digest_of_a_plain_report_is_that_of_before(world):
    """Phones send again what they sent to an older server: it must be known again."""
    report = world.report(reporter=7, lon=116.31, lat=39.9, observed_at=datetime(2026, 11, 20, 8, tzinfo=UTC))
    stored_by_the_first_version = "15638e059c338075ee425589330b5f95a22384a0045b1dd1fa9c8e21c68c8031"
    assert read_content(report, None).digest.hex() == stored_by_the_first_version
    assert read_content(replace(report, priority="urgent"), None).digest.hex() != stored_by_the_first_version


@pytest.mark.parametrize("priority", ["normal", "urgent", "critical"])
def test_the_deadlines_are_those_of_the_priority(world, priority):
    case = world.case(priority=priority)
    cycle = case.cycles.get()
    assert (case.priority, cycle.rule.priority) == (priority, priority)
    assert cycle.resolve_due_at - cycle.opened_at == timedelta(minutes=cycle.rule.resolve_minutes)


def test_files_are_declared_with_the_report(world):
    files = (file(), file(name="v.mp4", media_type="video/mp4", size=10_000_000))
    case = world.case(attachments=files)
    stored = {each.pk: each for each in case.attachments.all()}
    assert set(stored) == {each.id for each in files}
    for each in files:
        row = stored[each.id]
        assert (row.name, row.media_type, row.size) == (each.name, each.media_type, each.size)
        assert bytes(row.sha256) == each.digest
        assert (row.origin, row.sender, row.purpose) == (case, world.worker, "report")
        assert (row.received, row.completed_at, row.declared_at) == (0, None, case.received_at)


def test_a_report_with_files_sent_again_is_a_repeat(world):
    report = world.report(attachments=(file(),), priority="urgent")
    first = report_incident(report=report)
    assert report_incident(report=report) == replace(first, is_repeat=True)
    assert Attachment.objects.count() == 1
    for change in ({"attachments": ()}, {"attachments": (file(),)}, {"priority": "normal"}):
        with pytest.raises(Conflict) as error:
            report_incident(report=replace(report, **change))
        assert error.value.code == "report.other_content"


def test_an_id_that_another_case_has_fails_that_report_alone(world):
    taken, twice = file(), file()
    world.case(attachments=(taken,))
    answers = report_incidents(
        reports=[
            world.report(attachments=(file(),)),
            world.report(attachments=(file(), taken)),
            world.report(attachments=(twice,)),
            world.report(attachments=(twice,)),
        ]
    )
    codes = [each.code if isinstance(each, LingeError) else "" for each in answers]
    assert codes == ["", "attachment.other_content", "", "attachment.other_content"]
    assert Incident.objects.count() == Attachment.objects.count() == 3


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"media_type": "image/svg+xml"}, "attachment.type"),
        ({"media_type": "text/html"}, "attachment.type"),
        ({"media_type": "image/heic"}, "attachment.type"),
        ({"size": 0}, "attachment.too_big"),
        ({"size": 20 * 1024 * 1024 + 1}, "attachment.too_big"),
        ({"size": 200 * 1024 * 1024 + 1, "media_type": "video/mp4"}, "attachment.too_big"),
        ({"sha256": "Z" * 64}, "attachment.hash_form"),
        ({"name": "a" * 121}, "text.too_long"),
        ({"name": "a\0"}, "text.unreadable"),
    ],
)
def test_what_is_not_taken_is_refused_in_words(world, change, code):
    with pytest.raises(BadInput) as error:
        report_incident(report=world.report(attachments=(file(**change),)))
    assert error.value.code == code
    assert str(error.value)


def test_there_are_not_too_many_files(world):
    with pytest.raises(BadInput) as error:
        report_incident(report=world.report(attachments=tuple(file() for _ in range(10))))
    assert error.value.code == "attachment.too_many"
    same = file()
    with pytest.raises(BadInput) as error:
        report_incident(report=world.report(attachments=(same, same)))
    assert error.value.code == "attachment.twice"


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\a\\b.jpg", "b.jpg"), ("照片 1.jpg", "照片 1.jpg")],
)
def test_a_name_has_no_folders(world, name, kept):
    case = world.case(attachments=(file(name=name),))
    assert case.attachments.get().name == kept


def test_an_unknown_priority_is_refused(world):
    with pytest.raises(BadInput) as error:
        report_incident(report=world.report(priority="soon"))
    assert error.value.code == "priority.unknown"


def test_an_errand_has_its_household_and_steps(world, home):
    case = world.case(matter="errand", household=home.pk)
    assert (case.household, case.unit) == (home, world.town.leaf)
    titles = list(case.steps.values_list("number", "title"))
    assert titles == list(enumerate(case.matter.errand_steps, start=1))
    assert titles


def test_an_errand_can_have_steps_of_its_own(world, home):
    case = world.case(matter="errand", household=home.pk, steps=("取件", " ", "送达"))
    assert list(case.steps.values_list("number", "title")) == [(1, "取件"), (2, "送达")]


def test_an_errand_needs_a_household(world):
    with pytest.raises(BadInput) as error:
        report_incident(report=world.report(matter="errand"))
    assert error.value.code == "report.household"


def test_a_household_elsewhere_is_not_there(world, home):
    elsewhere = household(world.town.units[Level.RESIDENT_GROUP][-1])
    moved_away = household(world.town.leaf)
    HouseholdUnit.objects.filter(household=moved_away).update(
        valid=DateTimeTZRange(LONG_AGO, datetime(2021, 1, 1, tzinfo=UTC))
    )
    for unseen in (elsewhere.pk, moved_away.pk, 10**12):
        with pytest.raises(NotFound) as error:
            report_incident(report=world.report(matter="errand", household=unseen))
        assert error.value.code == "household.not_found"
    # Who leads the community sees the household of his group, who leads elsewhere doesn't.
    assert world.case(matter="errand", household=home.pk, reporter=world.lead.pk)
    with pytest.raises(NotFound):
        report_incident(report=world.report(household=home.pk, reporter=world.stranger.pk))


def test_an_errand_s_unit_is_that_of_its_place(world, home):
    place = inside(world.town.units[Level.RESIDENT_GROUP][1])
    case = world.case(matter="errand", household=home.pk, lon=place[0], lat=place[1])
    assert case.unit == world.town.units[Level.RESIDENT_GROUP][1]


def test_the_statements_do_not_grow_with_the_files_and_errands(world, home):
    def batch(count):
        return [
            world.report(matter="errand", household=home.pk, attachments=(file(), file()), steps=("取件",))
            for _ in range(count)
        ]

    plain = statements([world.report()])
    alone = statements(batch(1))
    assert alone <= plain + 9
    assert statements(batch(20)) == alone
    assert ErrandStep.objects.count() == 21


def test_bad_steps_are_refused(world, home):
    for steps, code in (
        (("长" * 81,), "text.too_long"),
        (tuple("步" * 1 for _ in range(21)), "report.steps"),
    ):
        with pytest.raises(BadInput) as error:
            report_incident(report=world.report(matter="errand", household=home.pk, steps=steps))
        assert error.value.code == code


def test_a_place_is_stored_as_reported(world, home):
    case = world.case(household=home.pk)
    assert case.place == Point(*inside(world.town.leaf), srid=4326)
    assert case.household == home
