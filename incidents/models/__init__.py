"""Tables of the second floor."""

from incidents.models.feed import FeedCounter, IncidentEvent
from incidents.models.incidents import Incident, IncidentCycle, PositionSource
from incidents.models.matters import Matter

__all__ = ["FeedCounter", "Incident", "IncidentCycle", "IncidentEvent", "Matter", "PositionSource"]
