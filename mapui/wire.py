"""Every message of the websocket protocol, closed: an unknown field is refused.

docs/websocket.md describes them with examples; a test holds the examples to these classes.
Positions are lon/lat (WGS 84, EPSG:4326), times ISO 8601 in UTC.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

DatabaseId = Annotated[int, Field(ge=1, lt=2**63)]


class Message(BaseModel):
    """Base of all messages: closed, and strict about numbers (no NaN, no infinity)."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True)


# --- from the phone and the wall ---------------------------------------------------------------


class Hello(Message):
    """The first message on every socket: where the listener stands in the feed; None if it has nothing.

    ``holder`` is the log-in name of whose page this is, where it may outlive its log-in (the phone's).
    ``packed``: the listener reads binary frames, each the gzip of one message; its snapshot then comes so.
    """

    kind: Literal["hello"]
    position: int | None = Field(default=None, ge=0, lt=2**63)
    holder: str | None = None
    packed: bool = False


class Ping(Message):
    """A heartbeat; answered with a tick."""

    kind: Literal["ping"]


class AttachmentContent(Message):
    """A file that will be uploaded: its id, made by the client, and what it must turn out to be."""

    id: UUID
    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    media_type: Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z]+/[a-z0-9.+-]+$")]
    size: int = Field(ge=1, lt=2**40)
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class DevicePointContent(Message):
    """Where the device was while the pin was set elsewhere."""

    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    accuracy_m: float = Field(ge=0, le=1_000_000)
    datum: Literal["wgs84"]


class ReportContent(Message):
    """What a report says. How long ``text`` may be, and what is in it, is the service's to judge."""

    matter: Annotated[str, StringConstraints(max_length=32, pattern=r"^[a-z0-9_-]+$")]
    text: str = ""
    lon: float
    lat: float
    accuracy_m: float | None = Field(default=None, ge=0, le=1_000_000)
    position_source: Literal["device", "pin", "map"]
    device: DevicePointContent | None = None
    observed_at: AwareDatetime
    sent_at: AwareDatetime
    priority: Literal["normal", "urgent", "critical"] = "normal"
    household: DatabaseId | None = None
    attachments: Annotated[list[AttachmentContent], Field(max_length=9)] = []


class Report(ReportContent):
    """A report from a phone. ``id`` is made by the phone once and kept until the acknowledgement."""

    kind: Literal["report"]
    id: UUID


class PartContent(Message):
    """One part that a case is split into; without a matter it has the case's own."""

    text: str
    matter: Annotated[str, StringConstraints(max_length=32, pattern=r"^[a-z0-9_-]+$")] | None = None
    assignee: DatabaseId | None = None


class CommandContent(Message):
    """What is to be done with a case, and on which of its versions that rests."""

    action: Annotated[str, StringConstraints(max_length=20, pattern=r"^[a-z_]+$")]
    expected_version: DatabaseId
    note: str = ""
    assignee: DatabaseId | None = None
    date: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None
    master: DatabaseId | None = None
    item: str | None = None
    matter: Annotated[str, StringConstraints(max_length=32, pattern=r"^[a-z0-9_-]+$")] | None = None
    priority: Literal["normal", "urgent", "critical"] | None = None
    unit: DatabaseId | None = None
    parts: Annotated[list[PartContent], Field(max_length=10)] = []
    step: Annotated[int, Field(ge=1, le=100)] | None = None
    score: Annotated[int, Field(ge=1, le=5)] | None = None


class Command(CommandContent):
    """An action on a case. ``id`` is made by the client; the same id is carried out once."""

    kind: Literal["command"]
    id: UUID
    incident: DatabaseId


class Watch(Message):
    """The case that this wall has open now, or none: who else has it open is told so."""

    kind: Literal["watch"]
    incident: DatabaseId | None


PhoneMessage = Annotated[Hello | Ping | Report, Field(discriminator="kind")]
WallMessage = Annotated[Hello | Ping | Command | Watch, Field(discriminator="kind")]
phone_message: TypeAdapter[PhoneMessage] = TypeAdapter(PhoneMessage)
wall_message: TypeAdapter[WallMessage] = TypeAdapter(WallMessage)

# --- from the server ---------------------------------------------------------------------------


class UnitRef(Message):
    """A unit of the chain, from the city down."""

    id: int
    code: str
    level: str
    name: str


class Card(Message):
    """An incident as the wall shows it: no person in it, but for what the viewer may see elsewhere."""

    id: int
    number: str
    version: int
    matter: str
    state: str
    lon: float
    lat: float
    unit: int
    unit_name: str
    outside_m: float | None
    observed_at: datetime
    received_at: datetime
    opened_at: datetime
    first_feedback_at: datetime | None
    first_handling_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    feedback_warn_at: datetime
    feedback_due_at: datetime
    handling_warn_at: datetime
    handling_due_at: datetime
    resolve_warn_at: datetime
    resolve_due_at: datetime
    paused_since: datetime | None = Field(description="the clocks stand still since then")
    priority: str
    escalated_to: str = Field(description="the level that has to answer by now; empty while nothing was late")
    parent: int | None
    is_by_resident: bool = Field(description="reported by a resident without account")
    is_late: bool = Field(description="at the time of the frame; the screen goes on reckoning from the dues")


class FeedEvent(Message):
    """One event of the feed; the case as it is now comes once per frame, in ``cards``."""

    seq: int
    at: datetime
    incident: int
    action: str
    to_state: str


class Figures(Message):
    """The wall's counters for its scope, today in the district's zone; medians in seconds or None."""

    today: int
    open: int
    late: int
    collection_s: float | None
    feedback_s: float | None
    handling_s: float | None


class Welcome(Message):
    """Answer to a hello: what follows is a snapshot or the events missed. ``now`` is the server's clock.

    ``head`` is how far the feed is at this moment: until then what comes is the past, being caught up with.
    """

    kind: Literal["welcome"] = "welcome"
    mode: Literal["snapshot", "replay"]
    position: int
    head: int
    now: datetime
    heartbeat_s: float


class Snapshot(Message):
    """Everything the listener shows, as of ``position``; many cards come in several parts, one after another.

    What it shows changes with the last part, which carries the figures. ``last_at`` is the time of the last
    event among the latest that concern this audience.
    """

    kind: Literal["snapshot"] = "snapshot"
    position: int
    part: int = 1
    parts: int = 1
    cards: list[Card]
    figures: Figures | None = None
    last_at: datetime | None = None


class Events(Message):
    """The events after ``after`` up to ``position`` that concern this listener; the others are others'."""

    kind: Literal["events"] = "events"
    after: int
    position: int
    events: list[FeedEvent]
    cards: list[Card]
    gone: list[int] = Field(default=[], description="cases that this listener may not see any more")
    figures: Figures | None = None


class Tick(Message):
    """Nothing new up to ``position``; sent every few seconds, and on a ping."""

    kind: Literal["tick"] = "tick"
    position: int
    now: datetime
    figures: Figures | None = None


class Resume(Message):
    """The listener fell behind and was cut off: say hello again, with the last position seen."""

    kind: Literal["resume"] = "resume"


class EmergencyShown(Message):
    """An emergency that goes on, with the answers to its latest order in numbers of people."""

    id: int
    unit: int
    unit_name: str
    reason: str
    since: datetime
    area: dict[str, Any] | None = Field(description="GeoJSON; null for the whole unit")
    orders: int
    addressed: int
    acknowledged: int


class BroadcastShown(Message):
    """Something sent to the workers of an area, with their answers in numbers; what it says isn't told."""

    id: int
    unit: int
    unit_name: str
    sent_at: datetime
    until: datetime
    area: dict[str, Any]
    addressed: int
    acknowledged: int


class Orders(Message):
    """All that goes on by command in this wall's units and above them; the same again whenever it changes."""

    kind: Literal["orders"] = "orders"
    emergencies: list[EmergencyShown]
    broadcasts: list[BroadcastShown]


class PostHere(Message):
    """Somebody by his post, without his name."""

    post: str
    unit_name: str


class Here(Message):
    """Who else has the case open that this wall has open."""

    kind: Literal["here"] = "here"
    incident: int
    others: list[PostHere]


class Look(Message):
    """What this person has to do or to read may have changed: read it again. A hint, for the phone alone."""

    kind: Literal["look"] = "look"
    at: Literal["tasks", "announcements"]


class Ack(Message):
    """The report is in the database. Sent only after the commit; the same again for the same report."""

    kind: Literal["ack"] = "ack"
    id: UUID
    incident: int
    number: str
    received_at: datetime
    chain: list[UnitRef]
    outside_m: float | None
    is_repeat: bool


class Done(Message):
    """The command was carried out (or had been: the same id is done once)."""

    kind: Literal["done"] = "done"
    id: UUID
    incident: int
    version: int
    state: str


class Error(Message):
    """What was wrong: a code for programs, a sentence for people; ``id`` names the report or command."""

    kind: Literal["error"] = "error"
    code: str
    message: str
    id: UUID | None = None
    details: dict[str, Any] = Field(default_factory=dict)
