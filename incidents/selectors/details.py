"""One case in full, as far as the reader may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from incidents.permissions import READS_NAMES
from incidents.selectors.access import access_incident
from incidents.selectors.assignment import Candidate, assignable
from incidents.selectors.attachments import AttachmentRow, attachments_of
from incidents.selectors.cards import CardRow, cards
from incidents.selectors.case_parts import (
    EscalationRow,
    HouseholdRow,
    Person,
    ProposalRow,
    StepRow,
    TextRow,
    escalation_rows,
    household_row,
    masked_contact,
    people_of,
    proposal_row,
    step_rows,
    text_rows,
)
from incidents.selectors.nearby import SimilarCase, similar
from incidents.selectors.ratings import link_for
from incidents.selectors.related import RelatedCase, Relation, related_cases
from incidents.workflow import INTERNAL, Action, Actor, Need, State, Whither, actions_for

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from django.contrib.auth.models import AbstractBaseUser

    from gis_grids.selectors import ChainLink
    from incidents.models import Incident, IncidentCycle, IncidentEvent, Matter, Rating
    from incidents.selectors.case_parts import People
    from incidents.workflow import Transition

#: Who sends the link by which a case is rated to whom it concerns: not whose work is rated.
_SENDS_LINK = frozenset({Actor.GRID_LEAD, Actor.OPERATOR, Actor.STREET_OFFICE})

#: What a reporter reads of what an action was told; the rest speaks of others' cases and of the handling.
_TOLD_TO_REPORTER = frozenset(
    {"assignee", "date", "follower", "item", "master", "matter", "score", "step", "title"}
)


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
    """An action that the reader may do now. ``target`` None: back to the state before, or none changed.

    What would only be refused, as there is nothing left for it to do, is not offered.
    """

    action: Action
    target: State | None
    needs: list[Need]


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicePlace:
    """Where the phone thought to be, in degrees (EPSG:4326) and metres, while the pin was set elsewhere."""

    lon: float
    lat: float
    accuracy_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """A case in full. ``history`` in the order of the feed, ``cycles`` from the first, ``chain`` top down.

    ``merged_into`` and ``duplicates`` are among ``related``: only the cases that the reader may see. Empty
    for who is no more than its reporter: ``device``, ``escalations``, ``household``, ``similar``, ``texts``.
    What an action needs is there if the reader may do it: ``candidates`` and ``proposal`` to assign,
    ``similar`` to merge. ``reporter`` None, also among ``co_reporters``, is a resident without account;
    ``contact`` his number, masked, empty if he gave none or the reader doesn't handle the case.
    ``rating_link`` is the path of the page to rate the case, for who sends it.
    """

    card: CardRow
    matter: Matter
    text: str
    accuracy_m: float | None
    position_source: str
    device: DevicePlace | None
    clock_skew_s: float | None
    scheduled_for: date | None
    held_until: date | None
    extension_asked: date | None
    merged_into: int | None
    duplicates: list[int]
    related: list[RelatedCase]
    chain: tuple[ChainLink, ...]
    reporter: Person | None
    co_reporters: list[Person | None]
    contact: str
    assignee: Person | None
    household: HouseholdRow | None
    cycles: list[IncidentCycle]
    history: list[HistoryRow]
    escalations: list[EscalationRow]
    attachments: list[AttachmentRow]
    steps: list[StepRow]
    ratings: list[Rating]
    rating_link: str | None
    actors: frozenset[Actor]
    actions: list[Offer]
    candidates: list[Candidate]
    proposal: ProposalRow | None
    similar: list[SimilarCase]
    texts: list[TextRow]


def details(user: AbstractBaseUser, incident_id: int) -> Details:
    """Return the case with its history and what the reader may do now.

    Names are in clear for leads, the centre, the street office and the assignee, and one's own always;
    others read them masked. What is internal (`workflow.INTERNAL`) is for who handles the case. Raises
    `NotFound` as `access_incident` does. At most some twenty-five queries, however much there is.
    """
    access = access_incident(user, incident_id)
    incident, now = access.incident, timezone.now()
    handles, reads_names = bool(access.actors - {Actor.REPORTER}), not READS_NAMES.isdisjoint(access.actors)
    cycles, steps = list(incident.cycles.order_by("number")), list(incident.steps.order_by("number"))
    ratings = list(incident.ratings.order_by("cycle"))
    co_reporters = list(incident.co_reporters.order_by("user").values_list("user", flat=True).distinct())
    pointless = {
        Action.CANCEL: bool(co_reporters),
        Action.COMPLETE_STEP: all(step.done_at for step in steps),
        Action.RATE: any(rating.cycle == incident.cycle for rating in ratings),
        Action.REFUSE_EXTENSION: cycles[-1].extension_asked is None,
        Action.SPLIT: incident.parent_id is not None,
    }
    rows = actions_for(State(incident.state), access.actors)
    offers = [offer_of(row) for row in rows if not pointless.get(row.action)]
    may, needs = {offer.action for offer in offers}, {need for offer in offers for need in offer.needs}
    events = [event for event in incident.events.order_by("seq") if handles or _is_for_reporter(event)]
    escalations = list(incident.escalations.order_by("at", "pk")) if handles else []
    people = people_of(
        {
            incident.reporter_id,
            incident.assignee_id,
            *co_reporters,
            *(event.actor_id for event in events),
            *(step.done_by_id for step in steps),
            *(user_id for row in escalations for user_id in row.told),
        },
        user,
        in_clear=reads_names,
    )
    card, related = cards([incident.pk], now)[incident.pk], related_cases(user, incident)
    return Details(
        card=card,
        matter=incident.matter,
        text=incident.text,
        accuracy_m=incident.accuracy_m,
        position_source=incident.position_source,
        device=_device(incident) if handles else None,
        clock_skew_s=incident.clock_skew_s,
        scheduled_for=incident.scheduled_for,
        held_until=incident.held_until,
        extension_asked=cycles[-1].extension_asked if handles else None,
        merged_into=next(iter(_ids(related, Relation.MASTER)), None),
        duplicates=_ids(related, Relation.DUPLICATE),
        related=related,
        chain=access.chain,
        reporter=people.get(incident.reporter_id or 0),
        co_reporters=[people.get(user_id or 0) for user_id in co_reporters],
        contact=masked_contact(incident) if reads_names else "",
        assignee=people.get(incident.assignee_id or 0),
        household=household_row(incident) if handles else None,
        cycles=cycles,
        history=[_history_row(event, people, is_full=handles) for event in events],
        escalations=escalation_rows(escalations, people),
        attachments=attachments_of(incident.pk),
        steps=step_rows(steps, people),
        ratings=ratings,
        rating_link=link_for(incident) if not _SENDS_LINK.isdisjoint(access.actors) else None,
        actors=access.actors,
        actions=offers,
        candidates=assignable(access.chain, now) if needs & {Need.ASSIGNEE, Need.PARTS} else [],
        proposal=proposal_row(access.chain, incident.matter) if Need.ASSIGNEE in needs else None,
        similar=similar(user, incident, now) if Action.MERGE in may else [],
        texts=text_rows(incident.matter, card) if handles else [],
    )


def _device(incident: Incident) -> DevicePlace | None:
    place, accuracy_m = incident.device_place, incident.device_accuracy_m
    if place is None or accuracy_m is None:
        return None
    return DevicePlace(lon=place.x, lat=place.y, accuracy_m=accuracy_m)


def offer_of(row: Transition) -> Offer:
    """Return a row of the workflow's table as what somebody may do."""
    target = None if isinstance(row.target, Whither) else row.target
    return Offer(action=row.action, target=target, needs=[need for need in Need if need in row.needs])


def _is_for_reporter(event: IncidentEvent) -> bool:
    return event.action not in INTERNAL


def _ids(related: Collection[RelatedCase], relation: Relation) -> list[int]:
    return [other.incident_id for other in related if other.relation is relation]


def _history_row(event: IncidentEvent, people: People, *, is_full: bool) -> HistoryRow:
    said = dict(event.details)
    by_role = Actor(said.pop("as"))
    return HistoryRow(
        seq=event.seq,
        at=event.at,
        action=Action(event.action),
        from_state=State(event.from_state) if event.from_state else None,
        to_state=State(event.to_state),
        by_role=by_role,
        by=people.get(event.actor_id or 0),
        note=event.note,
        details=said if is_full else {key: said[key] for key in said if key in _TOLD_TO_REPORTER},
    )
