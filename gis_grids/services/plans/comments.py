"""Comments on plans: of colleagues, pinned to a place; and of residents, read by a moderator first."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, NotFound, Refused
from gis_grids.geometry.points import check_point
from gis_grids.models import Plan, PlanComment
from gis_grids.models.shapes import to_stored
from gis_grids.permissions import OFFICE, scope_of
from gis_grids.selectors.plans.access import has_post
from gis_grids.services.plans.guards import locked_plan, touch

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser
    from django.contrib.gis.geos import Point

_State = PlanComment.State
_LONGEST = 1000


@transaction.atomic
def add_comment(
    *,
    plan_id: int,
    text: str,
    actor: AbstractBaseUser,
    zone: str = "",
    place: tuple[float, float] | None = None,
) -> PlanComment:
    """Comment on a plan, a zone of it, or a place (lon/lat). Whoever sees the plan may.

    Raises `BadInput` ("comment.empty", "comment.long").
    """
    plan = locked_plan(plan_id, actor)
    comment = PlanComment.objects.create(
        plan=plan, zone=zone, place=_point(place), text=_checked(text), author_id=actor.pk, state=_State.SHOWN
    )
    touch(plan.pk)
    return comment


@transaction.atomic
def add_public_comment(
    *, plan_id: int, text: str, name: str = "", contact: str = "", place: tuple[float, float] | None = None
) -> PlanComment:
    """Take what a resident writes to the public notice, while the plan is announced; a moderator reads it.

    Raises `NotFound` ("plan.not_announced") when it isn't, or no longer is.
    """
    today = timezone.localdate()
    plan = Plan.objects.filter(pk=plan_id, status=Plan.Status.ANNOUNCED).first()
    if plan is None or (plan.announced_until is not None and plan.announced_until < today):
        raise NotFound("plan.not_announced", _("This notice is over; comments are no longer taken."))
    comment = PlanComment.objects.create(
        plan=plan,
        is_public=True,
        place=_point(place),
        text=_checked(text),
        name=name.strip()[:50],
        contact=contact.strip()[:50],
        state=_State.WAITING,
    )
    touch(plan.pk)
    return comment


@transaction.atomic
def moderate(*, comment_id: int, shown: bool, actor: AbstractBaseUser, reply: str = "") -> PlanComment:
    """Show or hide what a resident wrote, with a reply. Raises `Refused` ("plan.not_yours")."""
    comment = _locked(comment_id, actor)
    if not has_post(scope_of(actor), OFFICE, comment.plan.scope_id):
        raise Refused("plan.not_yours", _("Only an office clerk of this unit, or above it, can do that."))
    comment.state = _State.SHOWN if shown else _State.HIDDEN
    comment.reply = reply.strip()[:_LONGEST]
    comment.save(update_fields=["state", "reply"])
    touch(comment.plan_id)
    return comment


@transaction.atomic
def resolve_comment(*, comment_id: int, actor: AbstractBaseUser) -> PlanComment:
    """Mark a comment as dealt with; whoever sees the plan may."""
    comment = _locked(comment_id, actor)
    comment.state = _State.RESOLVED
    comment.save(update_fields=["state"])
    touch(comment.plan_id)
    return comment


def _locked(comment_id: int, actor: AbstractBaseUser) -> PlanComment:
    comment = PlanComment.objects.filter(pk=comment_id).select_related("plan").first()
    if comment is None:
        raise NotFound("comment.unknown", _("There is no such comment."))
    locked_plan(comment.plan_id, actor)
    return comment


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise BadInput("comment.empty", _("Write what you want to say."))
    if len(text) > _LONGEST:
        raise BadInput("comment.long", _("At most %(most)s characters, please."), {"most": _LONGEST})
    return text


def _point(place: tuple[float, float] | None) -> Point | None:
    return None if place is None else cast("Point", to_stored(check_point(*place)))
