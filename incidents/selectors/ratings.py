"""What the holder of a signed link sees of the case that he may rate (回访)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.core import signing
from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import NotFound
from gis_grids.selectors import chains
from incidents.models import Incident, IncidentCycle, IncidentEvent, Rating
from incidents.workflow import RATING_WINDOW, Action, State

if TYPE_CHECKING:
    import datetime as dt

    from incidents.models import Matter

_SIGNER = signing.Signer(salt="incidents.rating")


class Standing(StrEnum):
    """What can be done by a link."""

    OPEN = "open"
    RATED = "rated"
    EXPIRED = "expired"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToRate:
    """A case as the holder of its link sees it: no person, no place but its grid.

    ``standing`` OVER means that the case is being worked on again, or that it ended otherwise; ``is_over``
    says so of a rated one too. ``score`` is the rating that was given. ``may_object`` says whether it can
    still be said that nothing was solved, ``has_asked`` that it was, after the case was closed.
    """

    incident_id: int
    version: int
    state: State
    number: str
    matter: Matter
    unit_name: str
    resolved_on: dt.date | None
    result: str
    standing: Standing
    score: int | None
    is_over: bool
    may_object: bool
    has_asked: bool


def link_for(incident: Incident) -> str | None:
    """Return the path of the page where the case's last cycle is rated; None while nothing was resolved.

    The link carries the case's id and the cycle's number, signed, and nothing else; it's the same each time.
    """
    cycle = incident.cycles.filter(number=incident.cycle, resolved_at__isnull=False)
    token = _SIGNER.sign_object([incident.pk, incident.cycle])
    return reverse("rate", args=[token]) if cycle.exists() else None


def to_rate(token: str, now: dt.datetime | None = None) -> ToRate:
    """Return what the link is about. Raises `NotFound` (``rating.no_link``) for one that we never made."""
    incident, cycle = _cycle_of(token)
    rating = Rating.objects.filter(incident=incident, cycle=cycle.number).first()
    chain = chains([incident.unit_id])[incident.unit_id]
    at, resolved_at, state = now or timezone.now(), cycle.resolved_at, State(incident.state)
    is_current = cycle.number == incident.cycle and state in {State.RESOLVED, State.CLOSED}
    is_in_time = resolved_at is not None and at - resolved_at <= RATING_WINDOW
    has_asked = _has_asked(cycle)
    standing = Standing.OPEN if is_in_time else Standing.EXPIRED
    if not is_current or resolved_at is None:
        standing = Standing.OVER
    return ToRate(
        incident_id=incident.pk,
        version=incident.version,
        state=state,
        number=incident.number,
        matter=incident.matter,
        unit_name=chain[-1].name,
        resolved_on=resolved_at and timezone.localdate(resolved_at, timezone.get_default_timezone()),
        result=_result(cycle),
        standing=Standing.RATED if rating else standing,
        score=rating.score if rating else None,
        is_over=standing is Standing.OVER,
        may_object=standing is Standing.OPEN and not has_asked,
        has_asked=has_asked,
    )


def _cycle_of(token: str) -> tuple[Incident, IncidentCycle]:
    try:
        incident_id, number = _SIGNER.unsign_object(token)
        incident = Incident.objects.select_related("matter").get(pk=incident_id)
        return incident, incident.cycles.get(number=number)
    except (signing.BadSignature, ValueError, TypeError, ObjectDoesNotExist) as error:
        raise NotFound(
            "rating.no_link", _("This link is not complete. Open it again from where you have it.")
        ) from error


def _has_asked(cycle: IncidentCycle) -> bool:
    if cycle.closed_at is None:
        return False
    asked = IncidentEvent.objects.filter(
        incident=cycle.incident_id, action=Action.REQUEST_REOPEN, at__gte=cycle.closed_at
    )
    return asked.exists()


def _result(cycle: IncidentCycle) -> str:
    if cycle.resolved_at is None:
        return ""
    done = IncidentEvent.objects.filter(
        incident=cycle.incident_id,
        to_state=State.RESOLVED,
        action__in=(Action.RESOLVE, Action.SELF_HANDLE),
        at=cycle.resolved_at,
    )
    return done.values_list("note", flat=True).first() or ""
