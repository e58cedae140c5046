"""Grid proposals for a plan: asked for by a planner, made by a job, taken whole or in part.

The engine (`gis_grids.geometry.proposals`) knows neither plans nor registers; here is what becomes of what it
finds.
"""

from __future__ import annotations

import time
from dataclasses import asdict
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from gis_grids.drafts.candidates import divided, hierarchy_zones, zones_of_candidate
from gis_grids.drafts.images import images_of
from gis_grids.drafts.requests import Replace
from gis_grids.errors import BadInput, NotFound, cannot_draw
from gis_grids.geometry.proposals.cells import make_cells
from gis_grids.geometry.proposals.grids import propose_grids
from gis_grids.geometry.proposals.hierarchy import LevelWish, propose_hierarchy
from gis_grids.geometry.proposals.site import Wishes, between
from gis_grids.geometry.redraw import CannotDrawError
from gis_grids.levels import Level
from gis_grids.models import PlanProposal
from gis_grids.selectors.plans import draft_of
from gis_grids.services.plans.guards import check_step, locked_plan
from gis_grids.services.queue import enqueue, job
from households.selectors.sites import site_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import QuerySet

    from gis_grids.drafts import Draft
    from gis_grids.geometry.proposals.hierarchy import ProposedUnit
    from gis_grids.geometry.proposals.site import Progress, Site

#: The name of the task that makes proposals (`households.jobs`).
PROPOSE: Final = "households.propose"
#: So often the progress is written down, and looked whether it is to stop, in seconds.
_TELL_S: Final = 0.5
#: So many hierarchies are offered.
_HIERARCHIES: Final = 3

_State = PlanProposal.State


class LevelTarget(BaseModel):
    """A level of a hierarchy to be made, and the households that its units should have."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    level: Level
    target: float = Field(gt=0, le=1_000_000)


class Parameters(BaseModel):
    """What a planner wishes: the ground (a zone's key, or "" for the scope), the level, and how big.

    ``levels`` asks for a whole hierarchy at once, from the top down, where nothing is divided yet; all that
    lies in the ground is replaced by it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    zone: str = Field(default="", max_length=40)
    level: Level
    target: float = Field(default=300, gt=0, le=100_000)
    tolerance: float = Field(default=0.2, gt=0, lt=1)
    number: int | None = Field(default=None, ge=1, le=2000)
    keep_compounds: bool = True
    barriers: bool = True
    least_change: bool = True
    levels: list[LevelTarget] = Field(default=[], max_length=6)

    @model_validator(mode="after")
    def _levels_go_down(self) -> Parameters:
        depths = [wish.level.depth for wish in self.levels]
        if depths != sorted(set(depths)) or (self.levels and self.levels[0].level != self.level):
            message = "levels go down, from the level on"
            raise ValueError(message)
        return self


class _Stopped(Exception):  # noqa: N818 - not an error
    """The planner doesn't want the proposals any more."""


@transaction.atomic
def ask_for_proposals(*, plan_id: int, parameters: Parameters, actor: AbstractBaseUser) -> PlanProposal:
    """Have proposals made for a part of a plan, by a job. Raises `BadInput` for a level that can't be."""
    plan = locked_plan(plan_id, actor)
    check_step(plan, "draw", actor)
    draft = draft_of(plan)
    if parameters.zone and parameters.zone not in draft.zones:
        raise NotFound("plan.unknown", _("The grid is not there any more. Look at the map, and try again."))
    try:
        if not parameters.levels:
            divided(draft, parameters.zone, parameters.level)
    except CannotDrawError as error:
        raise cannot_draw(error, draft.zones) from error
    proposal = PlanProposal.objects.create(
        plan=plan,
        zone=parameters.zone,
        parameters=parameters.model_dump(mode="json"),
        base_rev=plan.rev,
        author_id=actor.pk,
    )
    enqueue([job(PROPOSE, timezone.now(), proposal_id=proposal.pk)])
    return proposal


@transaction.atomic
def stop_proposals(*, plan_id: int, proposal_id: int, actor: AbstractBaseUser) -> PlanProposal:
    """Have proposals made no further; a run that is done stays as it is."""
    plan = locked_plan(plan_id, actor)
    check_step(plan, "draw", actor)
    PlanProposal.objects.filter(pk=proposal_id, plan=plan, state=_State.RUNNING).update(state=_State.STOPPED)
    return proposal_of(plan_id, proposal_id)


def proposal_of(plan_id: int, proposal_id: int) -> PlanProposal:
    """Return a run of the engine for a plan. Raises `NotFound` ("proposal.unknown")."""
    proposal = PlanProposal.objects.filter(pk=proposal_id, plan=plan_id).first()
    if proposal is None:
        raise NotFound("proposal.unknown", _("There is no such proposal."))
    return proposal


def taken(proposal: PlanProposal, candidate: int, zones: Sequence[str]) -> Replace:
    """Return the operation that takes a candidate, or only some zones of it.

    Raises `BadInput` ("proposal.not_done").
    """
    if proposal.state != _State.DONE or candidate >= len(proposal.candidates):
        raise BadInput("proposal.not_done", _("The proposal is not ready. Wait for it, or ask for another."))
    return Replace(
        kind="repartition",
        zone=proposal.zone,
        images=proposal.candidates[candidate]["zones"],
        parts=list(zones),
        source={"proposal": proposal.pk, "candidate": candidate},
    )


def make_proposals(*, proposal_id: int) -> None:
    """Run the engine and write its candidates down; progress is told meanwhile, and it can be stopped."""
    proposal = PlanProposal.objects.select_related("plan").get(pk=proposal_id)
    if proposal.state != _State.RUNNING:
        return
    try:
        candidates = _candidates(proposal)
    except _Stopped:
        return
    except Exception as error:
        message = str(error) if isinstance(error, BadInput) else str(_("No proposal could be made of this."))
        _running(proposal_id).update(state=_State.FAILED, error=message[:500])
        if not isinstance(error, BadInput):
            raise
        return
    _running(proposal_id).update(state=_State.DONE, progress=1, candidates=candidates)


def _candidates(proposal: PlanProposal) -> list[dict[str, Any]]:
    draft = draft_of(proposal.plan)
    wanted = Parameters.model_validate(proposal.parameters)
    tell = _Teller(proposal.pk)
    if wanted.levels:
        return _hierarchies(draft, wanted, proposal.pk, tell)
    return _grids(draft, wanted, proposal.pk, tell)


def _hierarchies(draft: Draft, wanted: Parameters, proposal: int, tell: Progress) -> list[dict[str, Any]]:
    """Return hierarchies made from three beginnings, each as it is kept."""
    site = _inhabited(site_of(draft, wanted.zone, (), ()))
    cells = make_cells(site, progress=between(tell, 0, 0.4))
    wishes = [LevelWish(wish.level.value, wish.target) for wish in wanted.levels]
    written = []
    for n in range(_HIERARCHIES):
        units = propose_hierarchy(
            site,
            wishes,
            tolerance=wanted.tolerance,
            keep_compounds=wanted.keep_compounds,
            respect_barriers=wanted.barriers,
            seed=proposal + n,
            cells=cells,
            progress=between(tell, 0.4 + 0.6 * n / _HIERARCHIES, 0.4 + 0.6 * (n + 1) / _HIERARCHIES),
        )
        zones = hierarchy_zones(draft, wanted.zone, units, prefix=f"p{proposal}-{n}")
        metrics = {
            wish.level: _spread([unit for unit in units if unit.level == wish.level]) for wish in wishes
        }
        written.append({"name": "hierarchy", "metrics": metrics, "zones": images_of(zones)})
    return written


def _spread(units: Sequence[ProposedUnit]) -> dict[str, float]:
    deviations = [abs(unit.deviation) for unit in units]
    return {"zones": len(units), "worst_deviation": max(deviations), "median_deviation": median(deviations)}


def _inhabited(site: Site) -> Site:
    if not any(building.households for building in site.buildings):
        raise BadInput("proposal.empty", _("There are no buildings here to make grids of."))
    return site


def _grids(draft: Draft, wanted: Parameters, proposal: int, tell: Progress) -> list[dict[str, Any]]:
    """Return candidates for one level, each as it is kept: its kind, its figures, its zones."""
    today = divided(draft, wanted.zone, wanted.level)
    atoms = [atom for zone in today for atom in draft.children.get(zone.key, ())]
    site = _inhabited(site_of(draft, wanted.zone, today, atoms))
    wishes = Wishes(
        target=wanted.target,
        tolerance=wanted.tolerance,
        count=wanted.number,
        keep_compounds=wanted.keep_compounds,
        respect_barriers=wanted.barriers,
        least_change=wanted.least_change,
    )
    found = propose_grids(site, wishes, seed=proposal, progress=tell)
    written = []
    for n, candidate in enumerate(found):
        zones = zones_of_candidate(
            draft,
            wanted.zone,
            wanted.level,
            {zone.key: zone.shape for zone in candidate.zones},
            atoms=candidate.zone_of_unit,
            prefix=f"p{proposal}-{n}",
        )
        metrics = asdict(candidate.figures)
        written.append({"name": candidate.kind, "metrics": metrics, "zones": images_of(zones)})
    return written


class _Teller:
    """Writes the progress down now and then, and ends the work when the planner has stopped it."""

    def __init__(self, proposal_id: int) -> None:
        self._id = proposal_id
        self._told = 0.0

    def __call__(self, share: float) -> None:
        now = time.monotonic()
        if now - self._told < _TELL_S:
            return
        self._told = now
        if not _running(self._id).update(progress=share):
            raise _Stopped


def _running(proposal_id: int) -> QuerySet[PlanProposal]:
    return PlanProposal.objects.filter(pk=proposal_id, state=_State.RUNNING)
