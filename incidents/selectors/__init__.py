"""Reads of the second floor: the feed, the cards of the maps, figures, and one case in full."""

from incidents.selectors.access import Access, access_incident
from incidents.selectors.assignment import Candidate, assignable
from incidents.selectors.cards import CardRow, cards
from incidents.selectors.case_parts import Person
from incidents.selectors.details import Details, HistoryRow, Offer, details
from incidents.selectors.duty import OnDuty, calendar_known_until, mode_of, on_duty
from incidents.selectors.escalations import LateCase, escalated_to_me, late_cases
from incidents.selectors.feed import FeedBatch, FeedRow, feed_after, feed_position
from incidents.selectors.figures import FiguresRow, figures
from incidents.selectors.grants import Grant, open_grants
from incidents.selectors.matters import current_matters
from incidents.selectors.snapshots import Snapshot, reporter_snapshot, wall_snapshot

__all__ = [
    "Access",
    "Candidate",
    "CardRow",
    "Details",
    "FeedBatch",
    "FeedRow",
    "FiguresRow",
    "Grant",
    "HistoryRow",
    "LateCase",
    "Offer",
    "OnDuty",
    "Person",
    "Snapshot",
    "access_incident",
    "assignable",
    "calendar_known_until",
    "cards",
    "current_matters",
    "details",
    "escalated_to_me",
    "feed_after",
    "feed_position",
    "figures",
    "late_cases",
    "mode_of",
    "on_duty",
    "open_grants",
    "reporter_snapshot",
    "wall_snapshot",
]
