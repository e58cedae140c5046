"""Errands (代办) that are taken at the counter or on the doorstep: an incident, tied to a household."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput
from households.models import Household
from households.selectors.access import household_not_found
from incidents.models import Matter, PositionSource
from incidents.selectors.households import visible_households
from incidents.services.report import report_incident
from incidents.services.report_content import NewReport
from incidents.workflow import Priority

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from django.contrib.auth.models import AbstractBaseUser

    from incidents.services.report import Reported


def create_errand(  # noqa: PLR0913 - what an errand is made of
    *,
    actor: AbstractBaseUser,
    household_id: int,
    matter: str,
    text: str,
    steps: Sequence[str] = (),
    priority: str = Priority.NORMAL,
    report_id: UUID | None = None,
    observed_at: datetime | None = None,
) -> Reported:
    """Report an errand for a household that the actor may see, at the household's place.

    Without ``steps`` it begins with those of its matter. ``report_id`` and ``observed_at`` are of the form,
    made when it was opened: so the form sent twice makes one errand. Without them each call makes a new one.

    Raises `NotFound` (``household.not_found``), `BadInput` (``errand.matter``, ``errand.no_place``), and what
    `report_incident` raises.
    """
    check_reach(actor, household_id)
    if not Matter.objects.filter(code=matter, is_current=True, is_errand=True).exists():
        raise BadInput(
            "errand.matter", _("“%(matter)s” is no errand. Choose one of the errands."), {"matter": matter}
        )
    lon, lat = place_of(household_id)
    now = timezone.now()
    return report_incident(
        report=NewReport(
            report_id=report_id or uuid4(),
            reporter=actor.pk,
            matter=matter,
            text=text,
            lon=lon,
            lat=lat,
            accuracy_m=None,
            position_source=PositionSource.MAP,
            observed_at=observed_at or now,
            sent_at=now,
            priority=priority,
            household=household_id,
            steps=tuple(steps),
        )
    )


def check_reach(actor: AbstractBaseUser, household_id: int) -> None:
    """Raise `NotFound` (``household.not_found``) unless the household is below a post of the actor."""
    if (actor.pk, household_id) not in visible_households({(actor.pk, household_id)}):
        raise household_not_found()


def place_of(household_id: int) -> tuple[float, float]:
    """Return where the household is (lon, lat): its own place, else in the middle of its building.

    Raises `BadInput` (``errand.no_place``).
    """
    household = Household.objects.select_related("dwelling__building").get(pk=household_id)
    place = household.place
    if place is None and household.dwelling:
        place = household.dwelling.building.footprint.point_on_surface
    if place is None:
        raise BadInput("errand.no_place", _("The household has no place on the map yet. Set it first."))
    return place.x, place.y
