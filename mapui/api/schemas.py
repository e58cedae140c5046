"""What the endpoints take and give, beyond what the sockets use as well."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from mapui.consumers.cases import unit_refs
from mapui.live.frames import card_of
from mapui.wire import Card, CommandContent, ReportContent, UnitRef

Chain = Annotated[list[UnitRef], BeforeValidator(unit_refs)]


class ReportBody(ReportContent):
    """A report as the socket takes it; ``kind`` and ``id`` may be left out, the address says them."""

    kind: Literal["report"] = "report"
    id: UUID | None = None


class ActionBody(CommandContent):
    """An action; ``id`` is made by the client, and the same id is carried out once."""

    id: UUID


class Shown(BaseModel):
    """Something that is read from what a selector returns."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class LimitShown(Shown):
    """The limits of a matter for a priority and a mode, in minutes of the time that counts."""

    priority: str
    mode: str
    feedback_minutes: int
    handling_minutes: int
    resolve_minutes: int
    calendar: str


class MatterShown(Shown):
    """An entry of the catalogue that can be reported now."""

    code: str
    name_zh: str
    name_en: str
    icon: str
    colour: str
    matter_class: str
    bearer: str
    is_errand: bool
    is_private: bool
    needs_photo: bool
    limits: Annotated[list[LimitShown], BeforeValidator(lambda limits: list(limits.all()))]


class LocatedShown(Shown):
    """Where a point lies; ``outside_m`` is null inside, else the metres to the chain's last unit."""

    chain: Chain
    outside_m: float | None


Metres = Annotated[int, BeforeValidator(round)]


class NearbyShown(Shown):
    """A case near a place, without person and text; ``metres`` are whole: the place is nobody's."""

    number: str
    matter: str
    state: str
    metres: Metres
    received_at: datetime
    is_mine: bool


class SimilarShown(NearbyShown):
    """A case that may be the same as this one, as who triages knows it."""

    incident_id: int
    text: str


class WarningShown(Shown):
    """Why a report may not be the community's to handle; ``number`` is empty if the catalogue says so."""

    number: str
    title: str
    reason: str
    keyword: str


class EntryChecksShown(Shown):
    """What somebody should know before he sends a report."""

    nearby: list[NearbyShown]
    warnings: list[WarningShown]


class PersonShown(Shown):
    """Somebody with a part in a case; the name is masked for who may not read it."""

    user_id: int
    name: str


class HistoryShown(Shown):
    """One event of a case; ``by`` null is the system, ``said`` are its ``details`` in words."""

    seq: int
    at: datetime
    action: str
    from_state: str | None
    to_state: str
    by_role: str
    by: PersonShown | None
    note: str
    details: dict[str, Any]
    said: list[str]
    is_internal: bool


class CycleShown(Shown):
    """One run of a case through its clocks."""

    number: int
    opened_at: datetime
    first_feedback_at: datetime | None
    first_handling_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    feedback_due_at: datetime
    handling_due_at: datetime
    resolve_due_at: datetime
    paused_since: datetime | None


class OfferShown(Shown):
    """An action that the reader may do now, and what it must be told."""

    action: str
    target: str | None
    needs: list[str]


class CandidateShown(Shown):
    """Somebody whom the case can be assigned to, by the post nearest to it."""

    user_id: int
    name: str
    post: str
    unit_name: str
    open_cases: int
    is_on_duty: bool


class ProposalShown(Shown):
    """Who is to get the case by the routes; null if nobody on the way could. And why, in words."""

    user_id: int | None
    reasons: list[str]


class RelatedShown(Shown):
    """A case around this one: parent, child, master, duplicate, follows, follower."""

    relation: str
    incident_id: int
    number: str
    matter: Annotated[str, BeforeValidator(lambda matter: matter.code)]
    state: str
    text: str


class StepShown(Shown):
    """A step of an errand; ``done_at`` null: still to do."""

    number: int
    title: str
    due_on: date | None
    done_at: datetime | None
    done_by: PersonShown | None


class EscalationShown(Shown):
    """A step that was taken because a clock ran on: ``step`` in per cent of the time, and who was told."""

    cycle: int
    clock: str
    step: int
    level: str
    unit_name: str
    told: list[PersonShown]
    due_at: datetime
    at: datetime


class RatingShown(Shown):
    """How the reporter found the handling in a cycle."""

    cycle: int
    score: int
    comment: str
    at: datetime


class HouseholdShown(Shown):
    """Whom an errand is for; name and number are masked."""

    id: int
    householder: str
    phone: str
    address: str


class TextShown(Shown):
    """A text to begin a message with, for who comes to the state or is in it."""

    state: str
    text: str


class AttachmentShown(Shown):
    """A file of a case; it can be looked at once ``completed_at`` is there. Sizes in bytes.

    ``is_missing``: it was declared so long ago that nobody waits for it any more.
    """

    id: UUID
    incident_id: int
    purpose: str
    name: str
    media_type: str
    size: int
    received: int
    declared_at: datetime
    completed_at: datetime | None
    is_missing: bool


class TaskShown(Shown):
    """An open case in the list of who has it."""

    card: Annotated[Card, BeforeValidator(card_of)]
    text: str
    scheduled_for: date | None
    actions: list[OfferShown]


class AroundShown(Shown):
    """An open case of others in one's grids."""

    card: Annotated[Card, BeforeValidator(card_of)]
    text: str


class VisitShown(Shown):
    """A visit that is stored."""

    id: UUID
    household: Annotated[int, Field(validation_alias="household_id")]
    at: datetime
    received_at: datetime
    result: str


class ViewShown(Shown):
    """A resident's view that is stored."""

    id: UUID
    topic: str
    at: datetime
    received_at: datetime


class FollowUpShown(Shown):
    """A visit and the report that came out of it; ``id`` is that of the call."""

    id: UUID
    visit: UUID
    report: UUID


class PlaceChangeShown(Shown):
    """A place that is stored; ``was_used`` false: a later one counts."""

    id: UUID
    household: Annotated[int, Field(validation_alias="household_id")]
    at: datetime
    received_at: datetime
    was_used: bool


class ReadingShown(Shown):
    """That an announcement was read, and when first; ``id`` is that of the call."""

    id: UUID
    announcement: int
    at: datetime


class DevicePlaceShown(Shown):
    """Where the phone thought to be while the pin was set elsewhere."""

    lon: float
    lat: float
    accuracy_m: float


class DetailsShown(Shown):
    """A case in full, as far as the reader may see it; ``choices`` of its forms if they are asked for.

    A reporter who is null is a resident without account; ``contact`` is the number that he left, masked.
    """

    card: Annotated[Card, BeforeValidator(card_of)]
    matter: MatterShown
    text: str
    accuracy_m: float | None
    position_source: str
    device: DevicePlaceShown | None
    clock_skew_s: float | None
    scheduled_for: date | None
    held_until: date | None
    extension_asked: date | None
    merged_into: int | None
    duplicates: list[int]
    related: list[RelatedShown]
    chain: Chain
    reporter: PersonShown | None
    co_reporters: list[PersonShown | None]
    contact: str
    assignee: PersonShown | None
    household: HouseholdShown | None
    cycles: list[CycleShown]
    history: list[HistoryShown]
    escalations: list[EscalationShown]
    attachments: list[AttachmentShown]
    steps: list[StepShown]
    ratings: list[RatingShown]
    rating_link: str | None
    actions: list[OfferShown]
    candidates: list[CandidateShown]
    proposal: ProposalShown | None
    similar: list[SimilarShown]
    texts: list[TextShown]
    choices: dict[str, Any] | None
