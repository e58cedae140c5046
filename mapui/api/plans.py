"""Plans over HTTP: the contract of docs/planner.md."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast
from uuid import UUID

from ninja import File, Form, Router, Status
from ninja.errors import ValidationError as FieldError
from ninja.files import UploadedFile  # noqa: TC002 - ninja reads it when the module is loaded
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gis_grids.drafts.requests import ASKED, Key, Lat, Lon, Name, Request
from gis_grids.levels import Level
from gis_grids.models import PlanComment, PlanOperation
from gis_grids.people import name_of
from gis_grids.permissions import scope_of
from gis_grids.selectors.plans import comments_of, plan_for, plans_of
from gis_grids.services import UnitFields
from gis_grids.services import plans as services
from gis_grids.vectorfiles import read_features
from households.services.proposals import (
    Parameters,
    ask_for_proposals,
    proposal_of,
    stop_proposals,
    taken,
)
from mapui.planning import shown
from mapui.planning.buildings import guides, piece_of
from mapui.planning.files import kept
from mapui.planning.history import history
from mapui.planning.staff import staff_of
from mapui.wire import DatabaseId

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest

    from gis_grids.models import Plan

router = Router()

Json = dict[str, Any]
Seq = Annotated[int, Field(ge=0, lt=2**31)]
Text = Annotated[str, Field(max_length=2000)]
Mark = Annotated[str, Field(min_length=1, max_length=400)]


class Body(BaseModel):
    """What is sent to an endpoint: nothing that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NewPlan(Body):
    """A draft to be opened."""

    title: Name
    purpose: Text = ""
    scope: DatabaseId
    level: Level


class TransferOfBuildings(Body):
    """Give the ground of buildings to a zone."""

    kind: Literal["transfer"]
    target: Key
    buildings: Annotated[list[DatabaseId], Field(min_length=1, max_length=2000)]


class Drawn(Body):
    """An operation, the revision that its author saw, and the level that he works on."""

    model_config = ConfigDict(extra="allow", frozen=True)
    id: UUID
    base_rev: Seq
    level: Level


class TakeCandidate(Body):
    """Take a candidate of a proposal, whole or some zones of it."""

    kind: Literal["repartition"]
    proposal: DatabaseId
    candidate: Annotated[int, Field(ge=0, le=9)]
    zones: Annotated[list[Key], Field(max_length=2000)] = []


class FileOfPlan(Body):
    """Which fields of a file say what, which part of the plan it draws anew, and what its repair may move."""

    id: UUID
    level: Level
    zone: Annotated[str, Field(max_length=40)] = ""
    name_field: Annotated[str, Field(max_length=100)]
    code_field: Annotated[str, Field(max_length=100)] = ""
    crs: Annotated[str, Field(max_length=80)] = ""
    layer: Annotated[str, Field(max_length=100)] = ""
    takes_names: bool = False
    accepted_m2: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None


class TakenBack(Body):
    """An undo or redo: of the operation named, or of the last."""

    id: UUID
    level: Level
    seq: Seq | None = None


class Reason(Body):
    """Why warnings don't matter: one, or several of a kind."""

    marks: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=400)]], Field(min_length=1, max_length=2000)
    ]
    text: Annotated[str, Field(max_length=500)]


class Step(Body):
    """A step of the plan on its way."""

    step: Literal["submit", "announce", "return", "approve", "publish", "withdraw", "restore", "sync"]
    note: Text = ""
    effective_at: datetime | None = None
    announced_until: date | None = None
    moves_open_cases: bool = True


class Comment(Body):
    """A comment on the plan, on a zone or on a place."""

    text: Annotated[str, Field(max_length=1000)]
    zone: Annotated[str, Field(max_length=40)] = ""
    place: tuple[Lon, Lat] | None = None


@router.get("")
def get_plans(request: HttpRequest) -> list[Json]:
    """Return the plans that the reader may see, newest first."""
    plans = plans_of(scope_of(_person(request)))
    return [
        {
            "id": plan.pk,
            "title": plan.title,
            "status": plan.status,
            "status_name": plan.get_status_display(),
            "scope": plan.scope_id,
            "level": plan.level,
            "author": name_of(plan.author),
            "created_at": plan.created_at,
        }
        for plan in plans[:500]
    ]


@router.post("", response={201: dict[str, Any]})
def post_plan(request: HttpRequest, content: NewPlan) -> Status[Json]:
    """Open a draft."""
    plan = services.open_plan(
        scope_id=content.scope,
        level=content.level,
        title=content.title,
        purpose=content.purpose,
        actor=_person(request),
    )
    return Status(201, shown.plan_shown(plan, scope_of(_person(request))))


@router.get("/{plan_id}")
def get_plan(request: HttpRequest, plan_id: DatabaseId) -> Json:
    """Return a plan."""
    return shown.plan_shown(_plan(request, plan_id), scope_of(_person(request)))


@router.get("/{plan_id}/zones")
def get_zones(request: HttpRequest, plan_id: DatabaseId, level: Level) -> Json:
    """Return the zones of a level."""
    return shown.zones_shown(_plan(request, plan_id), level)


@router.get("/{plan_id}/figures")
def get_figures(request: HttpRequest, plan_id: DatabaseId, level: Level) -> Json:
    """Return the figures of the zones of a level, now and in the plan."""
    return shown.figures_shown(_plan(request, plan_id), level)


@router.post("/{plan_id}/operations")
def post_operation(request: HttpRequest, plan_id: DatabaseId, content: Drawn) -> Json:
    """Draw."""
    operation = services.draw(
        plan_id=plan_id,
        operation_id=content.id,
        base_rev=content.base_rev,
        request=_asked(request, plan_id, content),
        actor=_person(request),
    )
    return shown.result_shown(operation, operation.plan, content.level)


@router.post("/{plan_id}/import")
def post_file(
    request: HttpRequest, plan_id: DatabaseId, content: Form[FileOfPlan], files: File[list[UploadedFile]]
) -> Json:
    """Take a plan from a file, or say what has to be repaired for that and how many m² it would move."""
    with kept(files) as path:
        file = read_features(
            path, crs=content.crs or None, layer=content.layer or None, polygons_only=True, close_rings=True
        )
    imported = services.import_plan(
        plan_id=plan_id,
        operation_id=content.id,
        source=services.PlanFile(
            file,
            UnitFields(name=content.name_field, code=content.code_field),
            content.level,
            content.zone,
            takes_names=content.takes_names,
        ),
        actor=_person(request),
        accepted_m2=content.accepted_m2,
    )
    plan = _plan(request, plan_id)
    return shown.import_shown(imported, file, plan, content.level)


@router.post("/{plan_id}/undo")
def post_undo(request: HttpRequest, plan_id: DatabaseId, content: TakenBack) -> Json:
    """Take an operation back."""
    return _take_back(request, plan_id, content, redo=False)


@router.post("/{plan_id}/redo")
def post_redo(request: HttpRequest, plan_id: DatabaseId, content: TakenBack) -> Json:
    """Do again what was taken back."""
    return _take_back(request, plan_id, content, redo=True)


@router.get("/{plan_id}/operations")
def get_operations(request: HttpRequest, plan_id: DatabaseId, after: Seq, level: Level) -> Json:
    """Return what was drawn since."""
    plan = _plan(request, plan_id)
    later = PlanOperation.objects.filter(plan=plan, seq__gt=after).select_related("author").order_by("seq")
    results = [shown.result_shown(operation, plan, level) for operation in later]
    return {"rev": plan.rev, "results": results}


@router.get("/{plan_id}/history")
def get_history(request: HttpRequest, plan_id: DatabaseId, before: Seq | None = None) -> Json:
    """Return who drew what, the latest first."""
    return {"entries": history(_plan(request, plan_id), scope_of(_person(request)), before)}


@router.get("/{plan_id}/problems")
def get_problems(request: HttpRequest, plan_id: DatabaseId) -> Json:
    """Return everything that is wrong with a plan."""
    return shown.problems_shown(_plan(request, plan_id))


@router.put("/{plan_id}/reasons")
def put_reason(request: HttpRequest, plan_id: DatabaseId, content: Reason) -> Json:
    """Write the reason for warnings."""
    plan = services.give_reason(
        plan_id=plan_id, marks=content.marks, text=content.text, actor=_person(request)
    )
    return {"reasons": {mark: plan.reasons.get(mark, "") for mark in content.marks}}


@router.get("/{plan_id}/guides")
def get_guides(request: HttpRequest, plan_id: DatabaseId, bbox: str) -> Json:
    """Return what a drawn line snaps to."""
    _plan(request, plan_id)
    return guides(bbox)


@router.get("/{plan_id}/staff")
def get_staff(request: HttpRequest, plan_id: DatabaseId, zone: str) -> Json:
    """Return who is to have the posts of a zone, and who could."""
    return staff_of(_plan(request, plan_id), zone)


@router.post("/{plan_id}/steps")
def post_step(request: HttpRequest, plan_id: DatabaseId, content: Step) -> Json:
    """Take a step with a plan; restoring answers with the new plan that does it."""
    actor = _person(request)
    if content.step == "publish":
        services.publish(
            plan_id=plan_id,
            actor=actor,
            effective_at=content.effective_at,
            note=content.note,
            moves_open_cases=content.moves_open_cases,
        )
    elif content.step == "sync":
        services.sync(plan_id=plan_id, actor=actor)
    elif content.step == "restore":
        plan_id = services.restore_plan(plan_id=plan_id, actor=actor, note=content.note).pk
    else:
        services.take_step(
            plan_id=plan_id,
            step=content.step,
            actor=actor,
            note=content.note,
            announced_until=content.announced_until,
        )
    return shown.plan_shown(_plan(request, plan_id), scope_of(actor))


@router.post("/{plan_id}/proposals", response={202: dict[str, Any]})
def post_proposals(request: HttpRequest, plan_id: DatabaseId, content: Parameters) -> Status[Json]:
    """Have grids proposed for a part of a plan."""
    proposal = ask_for_proposals(plan_id=plan_id, parameters=content, actor=_person(request))
    return Status(202, {"id": proposal.pk})


@router.get("/{plan_id}/proposals/{proposal_id}")
def get_proposals(request: HttpRequest, plan_id: DatabaseId, proposal_id: DatabaseId) -> Json:
    """Return how far a proposal is, and its candidates."""
    plan = _plan(request, plan_id)
    return shown.proposal_shown(proposal_of(plan.pk, proposal_id), plan)


@router.delete("/{plan_id}/proposals/{proposal_id}")
def delete_proposals(request: HttpRequest, plan_id: DatabaseId, proposal_id: DatabaseId) -> Json:
    """Stop making a proposal."""
    proposal = stop_proposals(plan_id=plan_id, proposal_id=proposal_id, actor=_person(request))
    return shown.proposal_shown(proposal, _plan(request, plan_id))


@router.get("/{plan_id}/comments")
def get_comments(request: HttpRequest, plan_id: DatabaseId) -> Json:
    """Return the comments on a plan; residents' ones once they are shown, to moderators all."""
    reader = scope_of(_person(request))
    return {"comments": [_comment(one) for one in comments_of(_plan(request, plan_id), reader)]}


@router.post("/{plan_id}/comments", response={201: dict[str, Any]})
def post_comment(request: HttpRequest, plan_id: DatabaseId, content: Comment) -> Status[Json]:
    """Comment on a plan."""
    comment = services.add_comment(
        plan_id=plan_id, text=content.text, zone=content.zone, place=content.place, actor=_person(request)
    )
    return Status(201, _comment(comment))


@router.post("/{plan_id}/comments/{comment_id}/resolve")
def post_resolved(request: HttpRequest, plan_id: DatabaseId, comment_id: DatabaseId) -> Json:
    """Mark a comment as dealt with."""
    _plan(request, plan_id)
    return _comment(services.resolve_comment(comment_id=comment_id, actor=_person(request)))


def _asked(request: HttpRequest, plan_id: int, content: Drawn) -> Request:
    """Return the operation in a body; what the server makes for it, as the ground of buildings, is made."""
    fields = content.model_extra or {}
    try:
        if "buildings" in fields:
            picked = TransferOfBuildings.model_validate(fields)
            return piece_of(_plan(request, plan_id), picked.target, picked.buildings)
        if fields.get("kind") == "repartition":
            take = TakeCandidate.model_validate(fields)
            return taken(proposal_of(_plan(request, plan_id).pk, take.proposal), take.candidate, take.zones)
        return cast("Request", ASKED.validate_python(fields))
    except ValidationError as error:
        raise FieldError([dict(one) for one in error.errors(include_url=False)]) from None


def _take_back(request: HttpRequest, plan_id: int, content: TakenBack, *, redo: bool) -> Json:
    operation = services.undo(
        plan_id=plan_id, operation_id=content.id, actor=_person(request), seq=content.seq, redo=redo
    )
    return shown.result_shown(operation, operation.plan, content.level)


def _comment(comment: PlanComment) -> Json:
    by = name_of(comment.author) if comment.author else ""
    return {
        "id": comment.pk,
        "zone": comment.zone,
        "place": comment.place and [comment.place.x, comment.place.y],
        "text": comment.text,
        "by": by,
        "is_public": comment.is_public,
        "at": comment.at,
        "state": comment.state,
        "reply": comment.reply,
    }


def _plan(request: HttpRequest, plan_id: int) -> Plan:
    return plan_for(scope_of(_person(request)), plan_id)


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)
