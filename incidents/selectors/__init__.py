"""Reads of the second floor: the feed, the cards of the maps, figures, and one case in full."""

from incidents.selectors.access import Access, access_incident
from incidents.selectors.assignment import Candidate, assignable
from incidents.selectors.cards import CardRow, cards
from incidents.selectors.details import Details, HistoryRow, Offer, Person, details
from incidents.selectors.feed import FeedBatch, FeedRow, feed_after, feed_position
from incidents.selectors.figures import FiguresRow, figures
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
    "HistoryRow",
    "Offer",
    "Person",
    "Snapshot",
    "access_incident",
    "assignable",
    "cards",
    "current_matters",
    "details",
    "feed_after",
    "feed_position",
    "figures",
    "reporter_snapshot",
    "wall_snapshot",
]
