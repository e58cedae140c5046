"""The frames that listeners get, as JSON text."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal

from mapui.wire import Card, Events, FeedEvent, Figures, Resume, Snapshot, Tick, Welcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from incidents.selectors import CardRow, FeedRow, FiguresRow
    from mapui.live.listener import Audience, Place

#: How often a listener hears something at least, in seconds.
HEARTBEAT_S: Final = 5.0

RESUME: Final = Resume().model_dump_json()


def welcome(mode: Literal["snapshot", "replay"], position: int) -> str:
    """Return the answer to a hello."""
    return Welcome(
        mode=mode, position=position, now=datetime.now(UTC), heartbeat_s=HEARTBEAT_S
    ).model_dump_json()


def snapshot(position: int, rows: Sequence[CardRow], figures: FiguresRow | None) -> str:
    """Return everything a listener shows, as of a position."""
    counters = None if figures is None else figures_of(figures)
    return Snapshot(
        position=position, cards=[card_of(row) for row in rows], figures=counters
    ).model_dump_json()


def tick(position: int, figures: Figures | None = None) -> str:
    """Return a sign of life: nothing new up to the position."""
    return Tick(position=position, now=datetime.now(UTC), figures=figures).model_dump_json()


def events(place: Place, position: int, rows: Sequence[FeedRow], cards: Mapping[int, Card]) -> str:
    """Return the events for the listeners at a place, with each case as it is now, once."""
    concerned = dict.fromkeys(row.incident_id for row in rows)
    return Events(
        after=place.told,
        position=position,
        events=[
            FeedEvent(
                seq=row.seq, at=row.at, incident=row.incident_id, action=row.action, to_state=row.to_state
            )
            for row in rows
        ],
        cards=[cards[incident] for incident in concerned if incident in cards],
    ).model_dump_json()


def card_of(row: CardRow) -> Card:
    """Return an incident as the wall shows it."""
    return Card.model_validate(row, from_attributes=True)


def figures_of(row: FiguresRow) -> Figures:
    """Return the wall's counters."""
    return Figures.model_validate(row, from_attributes=True)


def share_out(rows: Sequence[FeedRow], audiences: Iterable[Audience]) -> dict[Audience, list[FeedRow]]:
    """Return for each audience the events that concern it: those below its units, or of its reporter."""
    by_reporter: dict[int, list[FeedRow]] = defaultdict(list)
    for row in rows:
        for reporter in row.reporters:
            by_reporter[reporter].append(row)
    return {
        audience: by_reporter.get(audience.reporter, [])
        if audience.reporter is not None
        else [row for row in rows if not row.private and not audience.roots.isdisjoint(row.ancestors)]
        for audience in audiences
    }
