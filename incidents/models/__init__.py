"""Tables of the second floor."""

from incidents.models.announcements import Addressee, Announcement, AnnouncementReading
from incidents.models.cycles import Escalation, IncidentCycle
from incidents.models.duty import CalendarDay, DayKind, Duty, Roster, Shift
from incidents.models.emergencies import Emergency, EmergencyEntry
from incidents.models.feed import FeedCounter, IncidentEvent
from incidents.models.incidents import Datum, Incident, PositionSource, case_number
from incidents.models.labels import (
    ACTION_LABELS,
    ACTOR_LABELS,
    CLOCK_LABELS,
    PRIORITY_LABELS,
    STATE_LABELS,
)
from incidents.models.matters import Matter, Mode, TimeLimit
from incidents.models.parts import Attachment, CoReporter, ErrandStep, Rating, SavedView
from incidents.models.quarterly import QuarterlyReport
from incidents.models.residents import ResidentContact
from incidents.models.rulebook import RulebookVersion
from incidents.models.rules import (
    MatterGrant,
    MessageTemplate,
    NegativeItem,
    RoutingRule,
)

__all__ = [
    "ACTION_LABELS",
    "ACTOR_LABELS",
    "CLOCK_LABELS",
    "PRIORITY_LABELS",
    "STATE_LABELS",
    "Addressee",
    "Announcement",
    "AnnouncementReading",
    "Attachment",
    "CalendarDay",
    "CoReporter",
    "Datum",
    "DayKind",
    "Duty",
    "Emergency",
    "EmergencyEntry",
    "ErrandStep",
    "Escalation",
    "FeedCounter",
    "Incident",
    "IncidentCycle",
    "IncidentEvent",
    "Matter",
    "MatterGrant",
    "MessageTemplate",
    "Mode",
    "NegativeItem",
    "PositionSource",
    "QuarterlyReport",
    "Rating",
    "ResidentContact",
    "Roster",
    "RoutingRule",
    "RulebookVersion",
    "SavedView",
    "Shift",
    "TimeLimit",
    "case_number",
]
