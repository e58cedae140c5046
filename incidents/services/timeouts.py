"""What the system does when a case stays too long in a state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from gis_grids.errors import Conflict
from incidents.models import Incident
from incidents.services.actions import Acted, act
from incidents.services.deed import day_of
from incidents.workflow import ON_TIMEOUT, STATE_LIMITS, State

if TYPE_CHECKING:
    import datetime as dt


def move_on(*, now: dt.datetime | None = None) -> list[Acted]:
    """Move on every case that has stayed in its state beyond the state's limit; return what was done.

    What is on hold goes on when its day has come. Each case in a transaction of its own; what somebody else
    moves meanwhile, or what its parts hold back, is left. Can run as often as one likes, and several times
    at once.
    """
    at = now or timezone.now()
    over = Q()
    for state, limit in STATE_LIMITS.items():
        over |= Q(state=state, state_since__lte=at - limit)
    over |= Q(state=State.ON_HOLD, held_until__lte=day_of(at))
    done = []
    for incident in Incident.objects.filter(over).only("state", "version").order_by("pk"):
        try:
            done.append(
                act(
                    incident_id=incident.pk,
                    action=ON_TIMEOUT[State(incident.state)],
                    actor=None,
                    expected_version=incident.version,
                    at=now,
                )
            )
        except Conflict:
            continue
    return done
