"""The frames that listeners get, as JSON text."""

from __future__ import annotations

import gzip
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal

from incidents.workflow import INTERNAL
from mapui.wire import Card, FeedEvent, Figures, Look, Resume, Snapshot, Tick, Welcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from incidents import selectors
    from incidents.selectors import CardRow, FeedRow, FiguresRow
    from mapui.live.listener import Audience, Frame

#: How often a listener hears something at least, in seconds.
HEARTBEAT_S: Final = 5.0
#: So many cards come in one frame: a page reads it within a few milliseconds, between two pictures.
CARDS_IN_FRAME: Final = 500

RESUME: Final = Resume().model_dump_json()
LOOK_AT_TASKS: Final = Look(at="tasks").model_dump_json()
LOOK_AT_ANNOUNCEMENTS: Final = Look(at="announcements").model_dump_json()
_HEAD: Final = '{"kind":"events","after":%d,"position":%d,'


def welcome(mode: Literal["snapshot", "replay"], position: int, head: int) -> str:
    """Return the answer to a hello; the feed is at ``head``."""
    return Welcome(
        mode=mode, position=position, head=head, now=datetime.now(UTC), heartbeat_s=HEARTBEAT_S
    ).model_dump_json()


def snapshot(state: selectors.Snapshot, *, packed: bool) -> list[Frame]:
    """Return everything a listener shows, as of a position: its parts in their order, texts or packed."""
    rows = state.cards
    slices = [rows[n : n + CARDS_IN_FRAME] for n in range(0, len(rows), CARDS_IN_FRAME)] or [[]]
    figures = None if state.figures is None else figures_of(state.figures)
    parts = [
        Snapshot(
            position=state.position,
            part=number,
            parts=len(slices),
            cards=[card_of(row) for row in some],
            figures=figures if number == len(slices) else None,
            last_at=state.last_at,
        ).model_dump_json()
        for number, some in enumerate(slices, start=1)
    ]
    return [gzip.compress(text.encode(), compresslevel=5) for text in parts] if packed else [*parts]


def tick(position: int, figures: Figures | None = None) -> str:
    """Return a sign of life: nothing new up to the position."""
    return Tick(position=position, now=datetime.now(UTC), figures=figures).model_dump_json()


@dataclass(frozen=True, slots=True)
class News:
    """What happened, for one audience: the events that concern it, and the cases that it sees now.

    A reporter is sent the cards alone of what only those read who handle cases (`workflow.INTERNAL`).
    ``work_at`` is the last event of a case that he has, or had, as his task; 0 if there is none.
    """

    rows: list[FeedRow]
    seen: frozenset[int]
    to_reporter: bool
    work_at: int = 0

    def after(self, position: int) -> News:
        """Return what of it happened after the position."""
        if not self.rows or self.rows[0].seq > position:
            return self
        return replace(self, rows=[row for row in self.rows if row.seq > position])


NO_NEWS: Final = News([], frozenset(), to_reporter=True)


class Printer:
    """Writes the frames of one round; each event and each card becomes JSON once, for all audiences."""

    def __init__(self, cards: Mapping[int, Card]) -> None:
        self._cards = {incident: card.model_dump_json() for incident, card in cards.items()}
        self._events: dict[int, str] = {}

    def events(self, after: int, position: int, news: News) -> str:
        """Return the frame for the listeners who know of ``after``, with each case as it is now, once."""
        concerned = dict.fromkeys(row.incident_id for row in news.rows)
        seen = [incident for incident in concerned if incident in news.seen]
        head = _HEAD % (after, position)
        told = [row for row in news.rows if not (news.to_reporter and row.action in INTERNAL)]
        events = ",".join([self._event(row) for row in told])
        cards = ",".join([self._cards[incident] for incident in seen])
        gone = ",".join([str(incident) for incident in concerned if incident not in news.seen])
        return f'{head}"events":[{events}],"cards":[{cards}],"gone":[{gone}],"figures":null}}'

    def _event(self, row: FeedRow) -> str:
        text = self._events.get(row.seq)
        if text is None:
            event = FeedEvent(
                seq=row.seq, at=row.at, incident=row.incident_id, action=row.action, to_state=row.to_state
            )
            text = self._events[row.seq] = event.model_dump_json()
        return text


def card_of(row: CardRow) -> Card:
    """Return an incident as the wall shows it."""
    return Card.model_validate(row, from_attributes=True)


def figures_of(row: FiguresRow) -> Figures:
    """Return the wall's counters."""
    return Figures.model_validate(row, from_attributes=True)


def share_out(rows: Sequence[FeedRow], audiences: Iterable[Audience]) -> dict[Audience, News]:
    """Return for each audience what concerns it: events of cases that it sees, or saw until then."""
    by_reporter: dict[int, list[FeedRow]] = defaultdict(list)
    work_at: dict[int, int] = {}
    for row in rows:
        work_at |= dict.fromkeys(row.holders, row.seq)
        for reporter in {*row.reporters, *row.were_reporters}:
            by_reporter[reporter].append(row)
    return {
        one: _news(rows, one)
        if one.reporter is None
        else _own_news(by_reporter.get(one.reporter, ()), one, work_at.get(one.reporter, 0))
        for one in audiences
    }


def _own_news(rows: Sequence[FeedRow], audience: Audience, work_at: int) -> News:
    news = _news(rows, audience) if rows else NO_NEWS
    return replace(news, work_at=work_at) if work_at else news


def _news(rows: Sequence[FeedRow], audience: Audience) -> News:
    seen = frozenset(row.incident_id for row in rows if audience.sees(row))
    # A case that has become private and was moved at once was seen in its old place by all.
    opened = {row.incident_id for row in rows if row.was_open}
    concern = [
        row
        for row in rows
        if row.incident_id in seen or audience.saw(row, was_open=row.incident_id in opened)
    ]
    return News(concern, seen, to_reporter=audience.reporter is not None)
