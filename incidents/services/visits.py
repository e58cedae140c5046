"""What a visit found to be done becomes a case: an errand for the household, or a matter at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, NotFound
from households.models import Visit
from households.services.fieldwork import link_follow_up
from incidents.models import Matter, PositionSource
from incidents.services.errands import check_reach, place_of
from incidents.services.report import report_incident
from incidents.services.report_content import NewReport

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.auth.models import AbstractBaseUser

    from incidents.services.report import Reported


@transaction.atomic
def report_from_visit(
    *, actor: AbstractBaseUser, visit_id: UUID, report_id: UUID, matter: str, text: str
) -> Reported:
    """Report what came out of one of the actor's own visits, at the household's place, and link the two.

    ``report_id`` is of the form: sent twice, it is one case. Raises `NotFound` (``visit.not_found``,
    ``household.not_found``), `BadInput` (``visit.matter``, ``errand.no_place``), and what `report_incident`
    and `link_follow_up` raise.
    """
    visit = Visit.objects.filter(pk=visit_id, visitor=actor.pk).first()
    if visit is None:
        raise NotFound("visit.not_found", _("There is no such visit of yours."))
    check_reach(actor, visit.household_id)
    chosen = Matter.objects.filter(code=matter, is_current=True).first()
    if chosen is None:
        raise BadInput("visit.matter", _("There is no such matter. Choose one of the list."))
    lon, lat = place_of(visit.household_id)
    now = timezone.now()
    reported = report_incident(
        report=NewReport(
            report_id=report_id,
            reporter=actor.pk,
            matter=matter,
            text=text,
            lon=lon,
            lat=lat,
            accuracy_m=None,
            position_source=PositionSource.MAP,
            observed_at=visit.at,
            sent_at=now,
            household=visit.household_id if chosen.is_errand else None,
        )
    )
    link_follow_up(visit_id=visit_id, report_id=report_id, actor=actor)
    return reported
