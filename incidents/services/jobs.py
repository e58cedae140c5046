"""What is to be done later, enqueued with what it is done for: in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procrastinate.contrib.django import app
from procrastinate.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

#: The name of the task that takes the steps of escalation of a case (`incidents.jobs`).
CHECK_CASE = "incidents.check_case"
QUEUE = "linge"


def enqueue_checks(checks: Sequence[tuple[int, datetime]]) -> None:
    """Have cases, by their ids, checked at these times, if this transaction commits. One statement.

    Called after what changes a cycle's ``next_check_at``, and before the feed's event. A check that was
    enqueued for another time is harmless: it does what is due then, if anything.
    """
    if not checks:
        return
    jobs = [
        Job(
            queue=QUEUE,
            lock=None,
            queueing_lock=None,
            task_name=CHECK_CASE,
            task_kwargs={"incident_id": incident_id},
            scheduled_at=at,
        )
        for incident_id, at in checks
    ]
    app.job_manager.batch_defer_jobs(jobs)
