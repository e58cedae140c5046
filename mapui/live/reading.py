"""What the hub reads of the database, in threads of its own: news of the feed, and snapshots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from incidents import selectors
from mapui.live import frames

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapui.live.listener import Audience, Frame
    from mapui.wire import Card

#: So many events come in one frame at most: a page takes it in between two pictures.
EVENTS_IN_FRAME: Final = 1000


@dataclass(frozen=True, slots=True)
class Reading:
    """What one look at the feed gave: nothing new if ``news`` is empty; too much, if it can't be replayed.

    ``is_partial``: there may be more, for the next look.
    """

    position: int
    news: dict[Audience, frames.News]
    cards: dict[int, Card]
    is_too_much: bool = False
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class Printed:
    """A snapshot as it is sent, in its parts."""

    position: int
    frames: Sequence[Frame]


def read(position: int, limit: int, audiences: set[Audience]) -> Reading:
    """Read what happened after the position, share it out, and read the cards of what somebody sees."""
    most = min(limit + 1, EVENTS_IN_FRAME)
    batch = selectors.feed_after(position, most)
    is_partial = len(batch.events) == most
    is_too_much = is_partial and selectors.feed_position() - position > limit
    if not batch.events or is_too_much:
        return Reading(batch.position, {}, {}, is_too_much=is_too_much)
    news = frames.share_out(batch.events, audiences)
    seen = frozenset[int]().union(*(each.seen for each in news.values()))
    rows = selectors.cards(seen, chains_known=batch.chains)
    cards = {incident: frames.card_of(row) for incident, row in rows.items()}
    return Reading(batch.position, news, cards, is_partial=is_partial)


def take_snapshot(audience: Audience, *, packed: bool) -> Printed:
    """Take the snapshot of an audience, as it is sent; ``packed`` as bytes, gzipped."""
    if audience.reporter is not None:
        state = selectors.reporter_snapshot(audience.reporter)
    else:
        state = selectors.wall_snapshot(audience.roots, audience.grants)
    return Printed(state.position, frames.snapshot(state, packed=packed))
