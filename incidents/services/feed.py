"""The one way by which an event gets into the feed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 - a field's type

from django.db import transaction

from gis_grids.prepared import prepared_cursor
from incidents import hooks
from incidents.services.rows import arrays, unnest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from incidents.workflow import Action, State


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """An event that has no place in the feed yet; the fields are those of `IncidentEvent`."""

    incident_id: int
    incident_version: int
    action: Action
    from_state: State | str
    to_state: State
    unit_id: int
    actor_id: int | None
    at: datetime
    note: str = ""
    details: dict[str, object]
    command_id: UUID | None = None

    @property
    def details_json(self) -> str:
        """The details as JSON text."""
        return json.dumps(self.details, ensure_ascii=False)


_TYPES = {
    "incident_id": "bigint",
    "incident_version": "int",
    "action": "text",
    "from_state": "text",
    "to_state": "text",
    "unit_id": "bigint",
    "actor_id": "bigint",
    "at": "timestamptz",
    "note": "text",
    "details_json": "text",
    "command_id": "uuid",
}

# The counter's row is made where it's missing, and held from here until the commit.
_APPEND = f"""
WITH counter AS (
    INSERT INTO incidents_feedcounter AS counter (id, position) VALUES (1, %(count)s)
    ON CONFLICT (id) DO UPDATE SET position = counter.position + excluded.position
    RETURNING position
)
INSERT INTO incidents_incidentevent (
    seq, incident_id, incident_version, action, from_state, to_state, unit_id, actor_id, at, note, details,
    command_id
)
SELECT
    counter.position - %(count)s + event.place, event.incident_id, event.incident_version, event.action,
    event.from_state, event.to_state, event.unit_id, event.actor_id, event.at, event.note,
    event.details_json::jsonb, event.command_id
FROM counter, {unnest(_TYPES)} WITH ORDINALITY AS event ({", ".join(_TYPES)}, place)
RETURNING seq
"""  # noqa: S608 - all of it constant


def append(events: Sequence[NewEvent]) -> list[int]:
    """Write the events at the end of the feed and return their numbers, in the order given.

    Must be the last statement of the transaction: it holds the counter until the commit, which makes the
    feed gapless and its order that of the commits. One statement, however many events. After the commit
    `hooks.on_feed_advanced` hear of the new position; what they raise is logged and harms nothing.
    """
    if not events:
        return []
    with prepared_cursor() as cursor:
        cursor.execute(_APPEND, arrays(_TYPES, events) | {"count": len(events)})
        numbers = sorted(seq for (seq,) in cursor.fetchall())
    for hook in hooks.on_feed_advanced:
        transaction.on_commit(_hint(hook, numbers[-1]), robust=True)
    return numbers


def _hint(hook: Callable[[int], None], position: int) -> Callable[[], None]:
    # Not a partial: Django names what failed after a commit, and a partial has no name.
    def hint() -> None:
        hook(position)

    return hint
