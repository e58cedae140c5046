"""Tables of the second floor."""

from incidents.models.feed import FeedCounter, IncidentEvent
from incidents.models.incidents import Incident, IncidentCycle, PositionSource, case_number
from incidents.models.labels import ACTION_LABELS, ACTOR_LABELS, STATE_LABELS
from incidents.models.matters import Matter

__all__ = [
    "ACTION_LABELS",
    "ACTOR_LABELS",
    "STATE_LABELS",
    "FeedCounter",
    "Incident",
    "IncidentCycle",
    "IncidentEvent",
    "Matter",
    "PositionSource",
    "case_number",
]
