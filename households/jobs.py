"""What takes long, as jobs (procrastinate): `manage.py run_jobs` does them."""

from __future__ import annotations

from procrastinate import Blueprint, RetryStrategy

from gis_grids.services.queue import QUEUE
from households.services.board_prints import PRINT, make_print, remove_old_prints
from households.services.imports.runs import WORK
from households.services.imports.tidying import cancel_forsaken
from households.services.imports.working import work_on
from households.services.proposals import PROPOSE, make_proposals

blueprint = Blueprint()

EVERY_NIGHT = "41 3 * * *"

#: The database may be away for a while: 4, 8, 16, 32 seconds.
_RETRY = RetryStrategy(max_attempts=4, exponential_wait=2)


@blueprint.task(name=PROPOSE, queue=QUEUE)
def propose(proposal_id: int) -> None:
    """Divide the ground that a planner has asked proposals for; it can run twice, the later one counts."""
    make_proposals(proposal_id=proposal_id)


@blueprint.task(name=WORK, queue=QUEUE, retry=_RETRY)
def work_on_import(run_id: int) -> None:
    """Do what an import waits for: read, check, write or undo; a job that was cut off is done again."""
    work_on(run_id=run_id)


@blueprint.periodic(cron=EVERY_NIGHT)
@blueprint.task(name="households.cancel_imports", queue=QUEUE, queueing_lock="households.cancel_imports")
def cancel_forsaken_imports(timestamp: int) -> None:  # noqa: ARG001 - what every periodic job is told
    """Cancel imports that nobody has come back to."""
    cancel_forsaken()


@blueprint.task(name=PRINT, queue=QUEUE)
def print_boards(print_id: int) -> None:
    """Set the sheets of notice boards; cut off, it is done again from the beginning."""
    make_print(print_id=print_id)


@blueprint.periodic(cron=EVERY_NIGHT)
@blueprint.task(
    name="households.remove_old_prints", queue=QUEUE, queueing_lock="households.remove_old_prints"
)
def remove_prints(timestamp: int) -> None:  # noqa: ARG001 - what every periodic job is told
    """Remove the files of old prints."""
    remove_old_prints()
