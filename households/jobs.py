"""What takes long, as jobs (procrastinate): `manage.py run_jobs` does them."""

from __future__ import annotations

from procrastinate import Blueprint

from gis_grids.services.queue import QUEUE
from households.services.proposals import PROPOSE, make_proposals

blueprint = Blueprint()


@blueprint.task(name=PROPOSE, queue=QUEUE)
def propose(proposal_id: int) -> None:
    """Divide the ground that a planner has asked proposals for; it can run twice, the later one counts."""
    make_proposals(proposal_id=proposal_id)
