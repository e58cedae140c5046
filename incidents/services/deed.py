"""An action while it is carried out: what effects read and change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils import timezone

from incidents.services.feed import NewEvent
from incidents.workflow import State

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from uuid import UUID

    from django.contrib.auth.models import AbstractBaseUser

    from gis_grids.selectors import ChainLink
    from incidents.models import Incident, IncidentCycle
    from incidents.services.action_input import Given
    from incidents.workflow import Action, Actor, Transition


@dataclass(slots=True, kw_only=True)
class Deed:
    """An action that is being carried out on a case that is locked.

    ``chain`` is that of the case's unit, from the top down; ``locked`` are the ids of all cases that are
    locked: the case, its parent, its master, in a merge also what can move. ``target`` is the state that
    the case comes to. An effect may change ``incident``, ``cycle``, ``chain`` and ``target`` (they are saved
    when it is through), write to other tables, add to the event's ``details``, and leave events of other
    cases in ``consequences`` and moments to look at them again in ``checks``.
    """

    action: Action
    row: Transition
    given: Given
    actor: AbstractBaseUser | None
    as_actor: Actor
    command_id: UUID | None
    incident: Incident
    chain: tuple[ChainLink, ...]
    cycle: IncidentCycle
    at: dt.datetime
    target: State
    locked: frozenset[int]
    details: dict[str, object] = field(default_factory=dict)
    consequences: list[NewEvent] = field(default_factory=list)
    checks: list[tuple[int, dt.datetime]] = field(default_factory=list)

    @property
    def today(self) -> dt.date:
        """The day of the action in the district's zone."""
        return day_of(self.at)

    @property
    def actor_id(self) -> int | None:
        """The id of who acts; None for the system."""
        return self.actor.pk if self.actor else None

    def event_of(
        self, incident: Incident, action: Action, from_state: State | str, details: Mapping[str, object]
    ) -> NewEvent:
        """Return an event of this or another case, by who acts; state and version are those it has now."""
        return NewEvent(
            incident_id=incident.pk,
            incident_version=incident.version,
            action=action,
            from_state=from_state,
            to_state=State(incident.state),
            unit_id=incident.unit_id,
            actor_id=self.actor_id,
            at=self.at,
            details={**details, "as": self.as_actor},
        )


def day_of(at: dt.datetime) -> dt.date:
    """Return the day of a moment in the district's zone."""
    return timezone.localdate(at, timezone.get_default_timezone())
