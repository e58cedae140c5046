"""What the database itself refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.gis.geos import Point
from django.db import DatabaseError, IntegrityError, transaction

from incidents.models import FeedCounter, Incident, IncidentCycle, IncidentEvent, Matter
from incidents.workflow import Clock, State


def refused(by, change):
    with pytest.raises(DatabaseError, match=by), transaction.atomic():
        change()


def test_events_are_neither_changed_nor_deleted(world):
    event = world.case().events.get()
    events = IncidentEvent.objects.filter(pk=event.pk)
    refused("append_only|Cannot update or delete", lambda: events.update(note="别的"))
    refused("append_only|Cannot update or delete", events.delete)


@pytest.mark.parametrize("clock", Clock)
def test_a_clock_is_written_once(world, clock):
    cycles = IncidentCycle.objects.filter(pk=world.case().cycles.get().pk)
    at = cycles.get().opened_at
    cycles.update(**{clock: at})
    cycles.update(**{clock: at})
    for value in (at + timedelta(seconds=1), None):
        refused("Cannot update", lambda value=value: cycles.update(**{clock: value}))
    assert getattr(cycles.get(), clock) == at


def test_a_cycle_is_kept(world):
    refused("Cannot delete", world.case().cycles.get().delete)


def test_a_report_id_is_unique(world):
    first, second = world.case(), world.case()
    second.report_id = first.report_id
    refused("report_id", second.save)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "lost"}, "incident_state_known"),
        ({"state": State.SCHEDULED}, "incident_scheduled_has_date"),
        ({"state": State.DUPLICATE}, "incident_duplicate_has_master"),
        ({"place": Point(500, 39.9, srid=4326)}, "incident_place_sound"),
        ({"place": Point(float("nan"), 39.9, srid=4326)}, "incident_place_sound"),
        ({"accuracy_m": -1}, "incident_accuracy_positive"),
        ({"accuracy_m": float("nan")}, "incident_accuracy_positive"),
    ],
)
def test_an_impossible_incident_is_refused(world, change, constraint):
    cases = Incident.objects.filter(pk=world.case().pk)
    refused(constraint, lambda: cases.update(**change))


def test_a_case_is_not_its_own_master(world):
    case = world.case()
    case.state, case.merged_into = State.DUPLICATE, case
    refused("incident_not_own_master", case.save)


def test_there_is_one_counter(world):
    refused("feedcounter_one_row", lambda: FeedCounter.objects.create(id=2))


def test_an_event_and_a_version_come_once(world):
    event = world.case().events.get()
    event.pk = 99
    with pytest.raises(IntegrityError, match="incidentevent_version_once"), transaction.atomic():
        event.save(force_insert=True)


def test_a_code_has_one_current_matter(world):
    matter = Matter.objects.get(code="rubbish")
    matter.pk, matter.version = None, 2
    refused("matter_one_current", matter.save)
