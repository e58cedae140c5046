from __future__ import annotations

import math
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from django.utils import timezone as now_in
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis_grids.errors import BadInput, Conflict, InvalidPoint, LingeError, NotFound, Refused
from gis_grids.models import Post, UnitVersion
from incidents.models import Incident, IncidentEvent, Matter
from incidents.selectors import feed_position
from incidents.services import DevicePoint, report_incident, report_incidents
from tests.factories import TOWN_BOX, UserFactory, inside
from tests.incidents.counting import statements

WEST, SOUTH, EAST, NORTH = TOWN_BOX


def test_a_report_becomes_an_incident_in_its_grid(world):
    report = world.report()
    done = report_incident(report=report)
    incident = Incident.objects.get(report_id=report.report_id)
    assert (done.incident_id, done.number, done.is_repeat) == (incident.pk, incident.number, False)
    assert [link.unit_id for link in done.chain] == [unit.pk for unit in world.town.chain(world.town.leaf)]
    assert incident.unit == world.town.leaf
    assert incident.reported_version.unit == world.town.leaf
    assert (incident.outside_m, incident.state, incident.version, incident.cycle) == (None, "reported", 1, 1)
    assert (incident.place.x, incident.place.y) == (report.lon, report.lat)
    cycle = incident.cycles.get()
    assert cycle.opened_at == incident.received_at == incident.state_since == done.received_at
    assert cycle.rule == incident.matter.limits.get(priority="normal", mode="normal")
    assert cycle.feedback_due_at == incident.received_at + timedelta(minutes=cycle.rule.feedback_minutes)
    assert cycle.handling_due_at == incident.received_at + timedelta(minutes=cycle.rule.handling_minutes)
    assert cycle.resolve_due_at == incident.received_at + timedelta(minutes=cycle.rule.resolve_minutes)
    event = incident.events.get()
    assert (event.seq, event.action, event.to_state) == (done.position, "report", "reported")
    assert event.seq == feed_position()


def test_a_repeat_gets_the_first_answer_and_writes_nothing(world):
    report = world.report()
    first = report_incident(report=report)
    later = replace(report, sent_at=report.sent_at + timedelta(minutes=5))
    assert report_incident(report=later) == replace(first, is_repeat=True)
    assert Incident.objects.count() == IncidentEvent.objects.count() == feed_position() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"text": "别的"},
        {"matter": "noise"},
        {"lon": WEST + 0.02},
        {"accuracy_m": None},
        {"position_source": "map"},
        {"observed_at": datetime(2026, 1, 1, tzinfo=UTC)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_same_id_with_other_content_is_a_conflict(world, change):
    report = world.report()
    report_incident(report=report)
    with pytest.raises(Conflict) as error:
        report_incident(report=replace(report, **change))
    assert error.value.code == "report.other_content"
    assert Incident.objects.get().text == report.text


def test_the_place_of_the_device_is_kept_beside_the_pin(world):
    device = DevicePoint(lon=WEST + 0.03, lat=SOUTH + 0.03, accuracy_m=25.0, datum="wgs84")
    report = world.report(position_source="pin", accuracy_m=None, device=device)
    first = report_incident(report=report)
    incident = Incident.objects.get()
    assert (incident.place.x, incident.place.y) == (report.lon, report.lat)
    assert (incident.device_place.x, incident.device_place.y) == (device.lon, device.lat)
    assert (incident.device_accuracy_m, incident.device_datum) == (25.0, "wgs84")
    assert report_incident(report=report) == replace(first, is_repeat=True)
    with pytest.raises(Conflict):
        report_incident(report=replace(report, device=replace(device, accuracy_m=26.0)))


def test_another_person_s_id_is_a_conflict_and_tells_nothing(world):
    report = world.report()
    report_incident(report=report)
    with pytest.raises(Conflict) as error:
        report_incident(report=replace(report, reporter=world.colleague.pk))
    assert error.value.details == {}


def test_the_first_answer_comes_again_even_without_post_and_matter(world):
    report = world.report()
    first = report_incident(report=report)
    Post.objects.filter(holder=world.worker).delete()
    Matter.objects.update(is_current=False)
    assert report_incident(report=report) == replace(first, is_repeat=True)


def test_one_bad_report_fails_alone(world):
    good, twin, other = world.report(), world.report(), world.report()
    batch = [
        world.report(lon=math.nan),
        good,
        world.report(matter="nothing-such"),
        twin,
        replace(twin, sent_at=twin.sent_at + timedelta(seconds=1)),
        replace(twin, text="别的"),
        world.report(reporter=UserFactory(password="x").pk),
        world.report(text="\0"),
        other,
    ]
    answers = report_incidents(reports=batch)
    codes = [each.code if isinstance(each, LingeError) else each.is_repeat for each in answers]
    assert codes == [
        "point.not_a_number",
        False,
        "matter.unknown",
        False,
        True,
        "report.other_content",
        "report.no_post",
        "text.unreadable",
        False,
    ]
    stored = [each for each in answers if not isinstance(each, LingeError)]
    assert [each.position for each in stored] == [1, 2, 2, 3]
    assert set(Incident.objects.values_list("report_id", flat=True)) == {
        good.report_id,
        twin.report_id,
        other.report_id,
    }


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (math.nan, 39.9, "point.not_a_number"),
        (116.3, math.inf, "point.not_a_number"),
        (200.0, 39.9, "point.out_of_range"),
        (116.3, -200.0, "point.out_of_range"),
        (39.904, 116.31, "point.swapped"),
        (121.47, 31.23, "point.far_away"),
        (1e6, 1e6, "point.out_of_range"),
        (0.0, 0.0, "point.far_away"),
        ("116.3", 39.9, "point.not_a_number"),
    ],
)
def test_a_place_that_can_not_be_is_refused(world, lon, lat, code):
    with pytest.raises(InvalidPoint) as error:
        report_incident(report=world.report(lon=lon, lat=lat))
    assert error.value.code == code
    assert str(error.value)
    assert Incident.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"text": "啊" * 2001}, "text.too_long"),
        ({"text": "a" * 1_000_000}, "text.too_long"),
        ({"text": "a\0b"}, "text.unreadable"),
        ({"text": "\ud800"}, "text.unreadable"),
        ({"accuracy_m": math.nan}, "report.accuracy"),
        ({"accuracy_m": -1.0}, "report.accuracy"),
        ({"accuracy_m": math.inf}, "report.accuracy"),
        ({"device": DevicePoint(lon=math.nan, lat=0, accuracy_m=1, datum="wgs84")}, "report.device"),
        ({"device": DevicePoint(lon=0, lat=0, accuracy_m=1, datum="gcj02")}, "report.device"),
        ({"position_source": "guess"}, "report.position_source"),
        ({"observed_at": datetime(2026, 1, 1)}, "report.time"),  # noqa: DTZ001 - the fault itself
        (
            {"observed_at": datetime.max.replace(tzinfo=timezone(timedelta(hours=-5)))},
            "report.time",
        ),
        ({"matter": ""}, "matter.unknown"),
        ({"matter": "x" * 10_000}, "matter.unknown"),
    ],
)
def test_bad_content_is_refused_in_words(world, change, code):
    with pytest.raises(BadInput) as error:
        report_incident(report=world.report(**change))
    assert error.value.code == code
    assert str(error.value)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(categories=None), max_size=60))
def test_any_text_is_kept_or_refused(world, text):
    [answer] = report_incidents(reports=[world.report(text=text)])
    if isinstance(answer, LingeError):
        assert answer.code == "text.unreadable"
    else:
        kept = Incident.objects.get(pk=answer.incident_id).text
        assert kept == unicodedata.normalize("NFC", text).strip()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lon=st.floats(), lat=st.floats())
def test_any_numbers_are_a_place_or_refused(world, lon, lat):
    [answer] = report_incidents(reports=[world.report(lon=lon, lat=lat)])
    assert isinstance(answer, InvalidPoint) or abs(lon - WEST) < 2


def test_a_place_outside_every_grid_is_accepted_with_the_nearest(world):
    done = report_incident(report=world.report(lon=WEST - 0.01, lat=NORTH - 0.001))
    incident = Incident.objects.get(pk=done.incident_id)
    assert done.chain[-1].unit_id == incident.unit_id == world.town.leaf.pk
    assert 800 < done.outside_m < 900
    assert incident.outside_m == done.outside_m
    again = report_incident(report=world.report(lon=WEST - 0.01, lat=NORTH - 0.001))
    assert not again.is_repeat


def test_a_report_from_outside_one_s_own_grid_is_accepted(world):
    lon, lat = inside(world.town.units["street"][1])
    done = report_incident(report=world.report(lon=lon, lat=lat))
    assert done.outside_m is None


def test_a_device_s_clock_is_noted_never_believed(world):
    now = now_in.now()
    ahead = timedelta(days=3650)
    case = world.case(observed_at=now + ahead, sent_at=now + ahead)
    assert case.observed_at == now + ahead
    assert case.clock_skew_s == pytest.approx(-ahead.total_seconds(), abs=60)
    assert case.received_at - now < timedelta(minutes=1)


def test_who_holds_no_open_post_can_not_report(world):
    Post.objects.filter(holder=world.worker).update(
        term=(datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC))
    )
    inactive = world.colleague
    inactive.is_active = False
    inactive.save()
    for user_id in (world.worker.pk, inactive.pk, 10**12):
        with pytest.raises(Refused) as error:
            report_incident(report=world.report(reporter=user_id))
        assert error.value.code == "report.no_post"


def test_without_units_nothing_can_be_placed(world):
    report = world.report()
    UnitVersion.objects.all().delete()
    with pytest.raises(NotFound) as error:
        report_incident(report=report)
    assert error.value.code == "no_units"


def test_the_statements_do_not_grow_with_the_batch(world):
    alone = statements([world.report()])
    assert alone <= 8
    assert statements([world.report() for _ in range(50)]) == alone
    outside = [world.report(lon=WEST - 0.01) for _ in range(3)]
    assert statements(outside) == alone + 2
    mixed = outside + [world.report() for _ in range(3)] + [world.report(lon=WEST - 0.02)]
    assert statements(mixed) == alone + 4


def test_an_empty_batch_is_nothing(world):
    assert report_incidents(reports=[]) == []
    assert feed_position() == 0


def test_the_number_bears_the_day_of_the_district(world, settings):
    settings.TIME_ZONE = "Asia/Shanghai"
    late_evening_utc = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
    case = world.case(
        received_at=late_evening_utc,
        observed_at=late_evening_utc,
        sent_at=late_evening_utc,
        report_id=UUID(int=7),
    )
    assert case.number == f"20261121-{case.pk:06d}"
