"""Open cases go along when a post passes from one person to another: each by a HAND_OVER of the system.

By a job after the commit, as with boundaries (docs/decisions/0014-rehoming.md): a hand-over may be decided
weeks before its day, and what comes to the old holder until then goes along too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from gis_grids.errors import BadInput, Conflict, Stale
from incidents.models import Incident
from incidents.selectors.tasks import tasks_of_post
from incidents.services.actions import act
from incidents.services.jobs import enqueue_passing_on
from incidents.workflow import Action

if TYPE_CHECKING:
    from gis_grids.hooks import HandOver


def enqueue_cases(passed: HandOver) -> int:
    """Have the cases of a post passed on when it goes over; return how many there are today (the hook)."""
    if not passed.with_tasks:
        return 0
    enqueue_passing_on(passed.unit_id, passed.from_holder, passed.to_holder, passed.at)
    return tasks_of_post(passed.from_holder, passed.unit_id, passed.at).count()


def pass_on(*, unit_id: int, from_holder: int, to_holder: int) -> int:
    """Give the successor the open cases of the post; return how many.

    Each in a transaction of its own. Can run twice, and again after it broke off. A case that was done with
    meanwhile, and all of them if the successor has no post there any more, stay with who has them.
    """
    cases = tasks_of_post(from_holder, unit_id, timezone.now())
    return sum(_pass_on(pk, from_holder, to_holder) for pk in list(cases.values_list("pk", flat=True)))


def _pass_on(case_id: int, from_holder: int, to_holder: int) -> bool:
    while case := Incident.objects.filter(pk=case_id, assignee=from_holder).first():
        try:
            act(
                incident_id=case_id,
                action=Action.HAND_OVER,
                actor=None,
                expected_version=case.version,
                assignee_id=to_holder,
                extra={"cause": "post"},
            )
        except Stale:
            continue
        except (BadInput, Conflict):
            return False
        return True
    return False
