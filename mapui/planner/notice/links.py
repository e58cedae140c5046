"""The link of a plan's public notice: signed, so that nobody walks from one plan to the next by number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import timezone

from gis_grids.models import Plan

if TYPE_CHECKING:
    from django.http import HttpRequest

_SIGNER: Final = Signer(salt="linge.plan.notice", sep=".")


def token_of(plan: Plan) -> str:
    """Return what names a plan in its public link."""
    return _SIGNER.sign(str(plan.pk))


def announced_plan(token: str) -> Plan | None:
    """Return the plan of a link, if it is announced or has been; what never was is nobody's business."""
    try:
        plan_id = int(_SIGNER.unsign(token))
    except (BadSignature, ValueError):
        return None
    announced = Plan.objects.filter(pk=plan_id, steps__step="announce")
    return announced.select_related("scope").distinct().first()


def is_open(plan: Plan) -> bool:
    """Tell whether the notice still takes comments today, in the district's time zone."""
    if plan.status != Plan.Status.ANNOUNCED:
        return False
    return plan.announced_until is None or plan.announced_until >= timezone.localdate()


def address_of_notice(request: HttpRequest, plan: Plan) -> str:
    """Return the whole link, as it is printed."""
    return request.build_absolute_uri(reverse("notice", args=[token_of(plan)]))
