"""Everything a listener shows, with the position of the feed that it belongs to."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from gis_grids.selectors import descendant_ids
from incidents.models import Incident
from incidents.selectors.cards import CardRow, card_rows
from incidents.selectors.feed import feed_position
from incidents.selectors.figures import FiguresRow, figures
from incidents.workflow import ENDED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

#: How many of his own reports a reporter gets, the latest first.
OWN_REPORTS = 100


class Snapshot(NamedTuple):
    """The state as of ``position``; the events after it lead on from there."""

    position: int
    cards: list[CardRow]
    figures: FiguresRow | None


def wall_snapshot(scope_roots: Collection[int]) -> Snapshot:
    """Return the open cases of the subtrees below ``scope_roots``, the latest first, and the figures.

    A listener that applies the events after the position has at any time what a fresh snapshot would
    give him, if he drops a card once its state is one of `workflow.ENDED` and puts up what is open.
    """
    with _one_moment():
        position, now = feed_position(), timezone.now()
        open_cases = Incident.objects.exclude(state__in=ENDED).filter(unit__in=descendant_ids(scope_roots))
        rows = card_rows(open_cases.order_by("-received_at", "-pk"), now)
        return Snapshot(position, rows, figures(scope_roots, now))


def reporter_snapshot(user_id: int) -> Snapshot:
    """Return somebody's own latest reports in all states, the latest first; without figures."""
    with _one_moment():
        position = feed_position()
        own = Incident.objects.filter(reporter=user_id).order_by("-received_at", "-pk")[:OWN_REPORTS]
        return Snapshot(position, card_rows(own), None)


@contextmanager
def _one_moment() -> Iterator[None]:
    """Let all reads inside see the database as of one moment.

    Inside a transaction that runs already (a test's) its isolation counts; the position is read first, so
    even then the cards are never older than it and applying the events again does no harm.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
