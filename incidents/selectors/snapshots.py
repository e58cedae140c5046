"""Everything a listener shows, with the position of the feed that it belongs to."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from incidents.models import CoReporter, Incident, IncidentEvent
from incidents.selectors.cards import CardRow, card_rows
from incidents.selectors.feed import feed_position
from incidents.selectors.figures import FiguresRow, figures
from incidents.selectors.grants import seen_below
from incidents.workflow import ENDED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from django.db.models import QuerySet

    from incidents.selectors.grants import Grant

#: How many of his own reports a reporter gets, the latest first.
OWN_REPORTS = 100
#: Among so many of the latest events the last one of an audience is looked for; older ones are no news.
RECENT_EVENTS = 1000


class Snapshot(NamedTuple):
    """The state as of ``position``; the events after it lead on from there.

    ``last_at`` is when the last of the `RECENT_EVENTS` that concern the audience happened.
    """

    position: int
    cards: list[CardRow]
    figures: FiguresRow | None
    last_at: datetime | None = None


def wall_snapshot(scope_roots: Collection[int], grants: Collection[Grant] = ()) -> Snapshot:
    """Return the open cases of the subtrees below ``scope_roots``, the latest first, and the figures.

    Cases of private matters are among them, and count, only where one of the ``grants`` opens them.

    A listener that applies the events after the position has at any time what a fresh snapshot would
    give him, if he puts up what is open, and drops a card once its state is one of `workflow.ENDED` or he
    may not see the case any more (see `FeedRow`).
    """
    with _one_moment():
        position, now = feed_position(), timezone.now()
        seen = Incident.objects.filter(seen_below(scope_roots, grants))
        rows = card_rows(seen.exclude(state__in=ENDED).order_by("-received_at", "-pk"), now)
        last_at = _last_event(seen, position)
        return Snapshot(position, rows, figures(scope_roots, grants, now), last_at)


def reporter_snapshot(user_id: int) -> Snapshot:
    """Return somebody's own latest reports in all states, the latest first; without figures.

    Among them are the cases that his reports were merged into: he follows them on.
    """
    with _one_moment():
        position = feed_position()
        merged = list(CoReporter.objects.filter(user=user_id).values_list("incident", flat=True))
        own = Incident.objects.filter(Q(reporter=user_id) | Q(pk__in=merged))
        return Snapshot(position, card_rows(own.order_by("-received_at", "-pk")[:OWN_REPORTS]), None)


def _last_event(seen: QuerySet[Incident], position: int) -> datetime | None:
    recent = IncidentEvent.objects.filter(seq__gt=position - RECENT_EVENTS, incident__in=seen)
    return recent.order_by("-seq").values_list("at", flat=True).first()


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
