"""What is timed, as jobs in PostgreSQL (procrastinate): `manage.py run_jobs` does them.

Every job can run twice, or at the same time as another: what it does is done once, by locks and unique
rows. So one that was cut off is simply done again.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from procrastinate import Blueprint, RetryStrategy

from gis_grids.services.queue import QUEUE
from gis_grids.services.retention import forget
from incidents.services import jobs
from incidents.services.escalations import escalate
from incidents.services.hand_overs import pass_on
from incidents.services.parked import remove_parked
from incidents.services.rehoming import rehome, rehome_strays
from incidents.services.timeouts import move_on

if TYPE_CHECKING:
    from procrastinate import JobContext

#: How long finished jobs are kept, in hours: a fortnight.
KEPT_HOURS = 14 * 24

EVERY_MINUTE = "* * * * *"
EVERY_NIGHT = "17 3 * * *"

#: 4, 8, 16, 32 seconds; then the job has failed, and the sweep begins anew with a minute's distance.
_RETRY = RetryStrategy(max_attempts=4, exponential_wait=2)

blueprint = Blueprint()


@blueprint.task(name=jobs.CHECK_CASE, queue=QUEUE, retry=_RETRY)
def check_case(incident_id: int) -> None:
    """Take the steps of escalation that have fallen due for the case; the next one is enqueued with that."""
    escalate(incident_id=incident_id)


@blueprint.task(name=jobs.REHOME, queue=QUEUE, retry=_RETRY)
def rehome_cases(unit_ids: list[int], when: str) -> None:
    """Move the open cases that a redraw of these units has put elsewhere."""
    rehome(unit_ids=unit_ids, when=datetime.fromisoformat(when))


@blueprint.task(name=jobs.HAND_OVER, queue=QUEUE, retry=_RETRY)
def pass_cases_on(unit_id: int, from_holder: int, to_holder: int) -> None:
    """Give the successor in a post the open cases that came with it."""
    pass_on(unit_id=unit_id, from_holder=from_holder, to_holder=to_holder)


@blueprint.periodic(cron=EVERY_MINUTE)
@blueprint.task(name="incidents.move_on", queue=QUEUE, queueing_lock="incidents.move_on")
def move_on_cases(timestamp: int) -> None:  # noqa: ARG001 - what every periodic job is told
    """Move on the cases that stayed too long in their state."""
    move_on()


@blueprint.periodic(cron=EVERY_MINUTE)
@blueprint.task(name="incidents.sweep", queue=QUEUE, queueing_lock="incidents.sweep")
def sweep(timestamp: int) -> None:  # noqa: ARG001
    """Enqueue the checks that are due and have no job, and re-home what was left, whatever became of it."""
    jobs.enqueue_missed_checks()
    rehome_strays()


@blueprint.periodic(cron=EVERY_NIGHT)
@blueprint.task(name="incidents.forget", queue=QUEUE, queueing_lock="incidents.forget")
def forget_personal_data(timestamp: int) -> None:  # noqa: ARG001
    """Forget the personal data of all floors that is kept for a time, when the time is over."""
    forget(is_dry=False)


@blueprint.periodic(cron=EVERY_NIGHT)
@blueprint.task(name="incidents.remove_parked", queue=QUEUE, queueing_lock="incidents.remove_parked")
def remove_parked_files(timestamp: int) -> None:  # noqa: ARG001
    """Remove the beginnings of files whose rest never came."""
    remove_parked()


@blueprint.periodic(cron=EVERY_NIGHT)
@blueprint.task(name="incidents.remove_old_jobs", queue=QUEUE, pass_context=True)
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Remove jobs that ended more than `KEPT_HOURS` ago, however they ended."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )
