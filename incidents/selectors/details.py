"""One case in full, as far as the reader may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model

from gis_grids.people import mask_name, name_of
from incidents.permissions import READS_NAMES
from incidents.selectors.access import access_incident
from incidents.selectors.assignment import Candidate, assignable
from incidents.selectors.cards import CardRow, cards
from incidents.workflow import Action, Actor, Need, State, actions_for

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.contrib.auth.models import AbstractBaseUser

    from gis_grids.selectors import ChainLink
    from incidents.models import IncidentCycle, IncidentEvent, Matter
    from incidents.selectors.access import Access


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a part in the case; the name is masked for who may not read it."""

    user_id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One event of the case. ``by_role`` says as what the person acted; ``by`` None is the system."""

    seq: int
    at: datetime
    action: Action
    from_state: State | None
    to_state: State
    by_role: Actor
    by: Person | None
    note: str
    details: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An action that the reader may do now. ``target`` None: back to the state before, or none changed."""

    action: Action
    target: State | None
    needs: list[Need]


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """A case in full. ``history`` in the order of the feed, ``cycles`` from the first, ``chain`` top down."""

    card: CardRow
    matter: Matter
    text: str
    accuracy_m: float | None
    position_source: str
    clock_skew_s: float | None
    scheduled_for: date | None
    merged_into: int | None
    duplicates: list[int]
    chain: tuple[ChainLink, ...]
    reporter: Person
    assignee: Person | None
    cycles: list[IncidentCycle]
    history: list[HistoryRow]
    actors: frozenset[Actor]
    actions: list[Offer]
    candidates: list[Candidate]


def details(user: AbstractBaseUser, incident_id: int) -> Details:
    """Return the case with its history and what the reader may do now.

    Names are in clear for leads, the centre, the street office and the assignee, and one's own always;
    others read them masked. Raises `NotFound` as `access_incident` does.
    """
    access = access_incident(user, incident_id)
    incident = access.incident
    events = list(incident.events.order_by("seq"))
    parts = {incident.reporter_id, incident.assignee_id, *(event.actor_id for event in events)}
    people = _people(parts, user, access)
    offers = [
        Offer(action=row.action, target=row.target, needs=[need for need in Need if need in row.needs])
        for row in actions_for(State(incident.state), access.actors)
    ]
    return Details(
        card=cards([incident.pk])[incident.pk],
        matter=incident.matter,
        text=incident.text,
        accuracy_m=incident.accuracy_m,
        position_source=incident.position_source,
        clock_skew_s=incident.clock_skew_s,
        scheduled_for=incident.scheduled_for,
        merged_into=incident.merged_into_id,
        duplicates=list(incident.duplicates.order_by("pk").values_list("pk", flat=True)),
        chain=access.chain,
        reporter=people[incident.reporter_id],
        assignee=people.get(incident.assignee_id),
        cycles=list(incident.cycles.order_by("number")),
        history=[_history_row(event, people) for event in events],
        actors=access.actors,
        actions=offers,
        candidates=assignable(access.chain) if any(Need.ASSIGNEE in offer.needs for offer in offers) else [],
    )


def _history_row(event: IncidentEvent, people: dict[int | None, Person]) -> HistoryRow:
    said = dict(event.details)
    return HistoryRow(
        seq=event.seq,
        at=event.at,
        action=Action(event.action),
        from_state=State(event.from_state) if event.from_state else None,
        to_state=State(event.to_state),
        by_role=Actor(said.pop("as")),
        by=people.get(event.actor_id),
        note=event.note,
        details=said,
    )


def _people(user_ids: set[int | None], reader: AbstractBaseUser, access: Access) -> dict[int | None, Person]:
    in_clear = not READS_NAMES.isdisjoint(access.actors)
    users = get_user_model().objects.filter(pk__in=[user_id for user_id in user_ids if user_id])
    return {
        user.pk: Person(user.pk, name if in_clear or user.pk == reader.pk else mask_name(name))
        for user, name in ((each, name_of(each)) for each in users)
    }
