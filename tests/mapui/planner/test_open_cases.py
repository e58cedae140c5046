"""An open case whose ground changes hands: told before, and then moved or left as it was chosen."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone

from gis_grids.selectors.plans import comparison, impact_report
from incidents.models import Incident
from incidents.services import NewReport, load_matters, report_incident
from tests.incidents.test_rehoming import do_jobs
from tests.mapui.planner.making import STEP, client_of, key

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world):
    """A case in the strip that the plan gives away."""
    load_matters()
    lon, lat = _middle_of(_strip(world))
    now = timezone.now()
    said = NewReport(
        report_id=uuid4(),
        reporter=world.worker.pk,
        matter="rubbish",
        text="A heap behind the house",
        lon=lon,
        lat=lat,
        accuracy_m=5.0,
        position_source="device",
        observed_at=now,
        sent_at=now,
    )
    return Incident.objects.get(pk=report_incident(report=said).incident_id)


@pytest.fixture
def plan(world):
    """The western area of the south gets a strip of its neighbour, which goes on."""
    plan = world.open()
    world.draw(plan, kind="transfer", target=key(world.areas[0, 0]), piece=[_strip(world)])
    plan.refresh_from_db()
    return plan


def _strip(world):
    west, south, _east, north = world.areas[1, 0].versions.get().boundary.extent
    east = west + STEP / 4
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


def _middle_of(ring):
    return (ring[0][0] + ring[1][0]) / 2, (ring[0][1] + ring[2][1]) / 2


def test_the_report_tells_where_it_goes_and_that_it_may_stay(world, plan, case):
    [row] = impact_report(comparison(plan))["cases"]["moving"]
    assert (row["from"], row["to"]) == (key(world.areas[1, 0]), key(world.areas[0, 0]))
    assert row["may_stay"]
    text = client_of(world.planner).get(f"/planner/{plan.pk}/report/").content.decode()
    assert row["number"] in text
    assert "may stay" in text


@pytest.mark.parametrize(("choice", "target"), [("yes", (0, 0)), ("no", (1, 0))])
def test_it_moves_by_choice(world, plan, case, choice, target):
    assert case.unit == world.areas[1, 0]
    world.give_reasons(plan)
    world.take(plan, "submit", "approve")
    answer = client_of(world.planner).post(
        f"/planner/{plan.pk}/steps/", {"do": "publish", "publish-moves_open_cases": choice}
    )
    assert answer.status_code == 302
    do_jobs()
    case.refresh_from_db()
    assert case.unit == world.areas[target]
