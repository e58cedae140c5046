"""What is to be done later, enqueued with what it is done for: in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from gis_grids.services.queue import enqueue, job
from incidents.models import IncidentCycle

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

#: The name of the task that takes the steps of escalation of a case (`incidents.jobs`).
CHECK_CASE = "incidents.check_case"
#: The name of the task that moves cases where a redraw of boundaries has put them.
REHOME = "incidents.rehome"
#: The name of the task that passes on the cases of a post that was handed over.
HAND_OVER = "incidents.hand_over"


def enqueue_checks(checks: Sequence[tuple[int, datetime]]) -> None:
    """Have cases, by their ids, checked at these times, if this transaction commits. One statement.

    Called after what changes a cycle's ``next_check_at``, and before the feed's event. A check that was
    enqueued for another time is harmless: it does what is due then, if anything. Raises Django's
    `DatabaseError` if nothing can be written now.
    """
    if not checks:
        return
    enqueue([job(CHECK_CASE, at, incident_id=incident_id) for incident_id, at in checks])


def enqueue_rehoming(unit_ids: Sequence[int], at: datetime) -> None:
    """Have the open cases re-homed that a change of these units at this time may concern, if it commits."""
    enqueue([job(REHOME, at, unit_ids=[*unit_ids], when=at.isoformat())])


def enqueue_passing_on(unit_id: int, from_holder: int, to_holder: int, at: datetime) -> None:
    """Have the open cases of a post passed on when it goes over, if the hand-over commits."""
    enqueue([job(HAND_OVER, at, unit_id=unit_id, from_holder=from_holder, to_holder=to_holder)])


@transaction.atomic
def begin_checks_anew() -> int:
    """Take all waiting checks away and enqueue one for each case that has a step to come; return how many.

    After history was loaded: the checks of the past, of which there are thousands, have nothing left to do.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo'", [CHECK_CASE]
        )
    steps = IncidentCycle.objects.filter(next_check_at__isnull=False, number=F("incident__cycle"))
    waiting = steps.order_by("next_check_at").values_list("incident", "next_check_at")
    checks = [(incident_id, at) for incident_id, at in waiting if at]
    enqueue_checks(checks)
    return len(checks)


_MISSED = """
SELECT cycle.incident_id
FROM incidents_incidentcycle cycle
JOIN incidents_incident incident ON incident.id = cycle.incident_id AND incident.cycle = cycle.number
WHERE cycle.next_check_at <= %(now)s
AND cycle.incident_id NOT IN (
    SELECT (job.args ->> 'incident_id')::bigint FROM procrastinate_jobs job
    WHERE job.task_name = %(task)s
    AND (job.status = 'doing' OR job.status = 'todo' AND job.scheduled_at <= %(now)s + interval '1 minute')
)
ORDER BY cycle.next_check_at
"""


@transaction.atomic
def enqueue_missed_checks() -> int:
    """Enqueue a check for each case whose next step has fallen due and for which no job is due or runs.

    There are such cases after a job failed for good, or where jobs were lost; return how many. A job for a
    later step doesn't count; one that is tried again within a minute does.
    """
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_MISSED, {"now": now, "task": CHECK_CASE})
        missed = [incident_id for (incident_id,) in cursor.fetchall()]
    enqueue_checks([(incident_id, now) for incident_id in missed])
    return len(missed)
