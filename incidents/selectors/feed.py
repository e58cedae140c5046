"""The feed of what happened, in order, without gap."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gis_grids.prepared import prepared_cursor
from gis_grids.selectors import chains
from incidents.models import FeedCounter
from incidents.selectors.followers import followers, unique
from incidents.workflow import Action

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from gis_grids.selectors import ChainLink

_COLUMNS = {
    "seq": "event.seq",
    "at": "event.at",
    "incident_id": "event.incident_id",
    "action": "event.action",
    "to_state": "event.to_state",
    "left_unit": f"CASE WHEN event.action = '{Action.MOVE}' THEN event.details -> 'from_unit' END::bigint",
    # The case with which followers were exchanged.
    "other_case": (
        f"CASE event.action WHEN '{Action.MERGE}' THEN event.details -> 'master'"
        f" WHEN '{Action.RELEASE}' THEN event.details -> 'duplicate' END::bigint"
    ),
    "unit_now": "incident.unit_id",
    "matter": "matter.code",
    "is_private": "matter.is_private",
    "reporter": "incident.reporter_id",
    "co_reporters": (
        "ARRAY(SELECT user_id FROM incidents_coreporter WHERE incident_id = incident.id ORDER BY user_id)"
    ),
    # An assignment names whom it was given to. The cast waits for the name: not every event has one.
    "holders": (
        "ARRAY(SELECT DISTINCT (given.details ->> 'assignee')::bigint FROM incidents_incidentevent given"
        " WHERE given.incident_id = incident.id AND given.details ->> 'assignee' IS NOT NULL)"
    ),
}
# In SQL, since every hub asks for it after every report. A plan that serves every position has to think of
# many events: LIMIT before the join and OFFSET 0 keep it from reading all cases for the few that are new.
_EVENTS = f"""
SELECT {", ".join(_COLUMNS.values())}
FROM (SELECT * FROM incidents_incidentevent WHERE seq > %s ORDER BY seq LIMIT %s) event
CROSS JOIN LATERAL (SELECT * FROM incidents_incident WHERE id = event.incident_id OFFSET 0) incident
JOIN incidents_matter matter ON matter.id = incident.matter_id
ORDER BY event.seq
"""  # noqa: S608 - all of it constant


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """One event, and who may know of its case: now, and until this event.

    The case is seen now from the units ``ancestors`` (that it lies in and all above, from the top down); if
    it is of a private matter, whose code is ``private``, only with a grant for one of these units; and by
    ``reporters``, who follow it on their phones.

    Until this event others may have seen it, who now have to drop it: from ``was_in`` (the unit that it left
    by a MOVE and all above, else empty), by ``were_reporters`` (who followed it until a merge or the end of
    one, else empty), and without a grant, if ``was_open`` (it may have become private by this event).

    ``holders`` have it as their task, or had it once: their lists may have changed by this event.
    """

    seq: int
    at: datetime
    incident_id: int
    action: str
    to_state: str
    ancestors: tuple[int, ...]
    was_in: tuple[int, ...] = ()
    private: str = ""
    was_open: bool = False
    reporters: tuple[int, ...]
    were_reporters: tuple[int, ...] = ()
    holders: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedBatch:
    """Events in their order, and the position after the last of them.

    ``chains`` are those of the units concerned: `cards` take them, so that the tree is climbed once.
    """

    position: int
    events: list[FeedRow]
    chains: Mapping[int, tuple[ChainLink, ...]] = field(default_factory=dict)


def feed_position() -> int:
    """Return the number of the last event; 0 before the first."""
    return FeedCounter.objects.values_list("position", flat=True).first() or 0


def feed_after(position: int, limit: int) -> FeedBatch:
    """Return the events after ``position``, in order, at most ``limit``; two queries, three after a merge.

    The numbers follow each other without gap, so who has applied the batch has missed nothing up to its
    ``position``. With nothing new the batch is empty and its position the one asked for: a position
    beyond `feed_position` is not of this feed, and its listener needs a snapshot.

    Who may know of a case goes by what it is at the time of reading: that is what its card then shows.
    """
    with prepared_cursor() as cursor:
        cursor.execute(_EVENTS, [position, limit])
        rows = [dict(zip(_COLUMNS, row, strict=True)) for row in cursor.fetchall()]
    above = chains({row[unit] for row in rows for unit in ("unit_now", "left_unit") if row[unit]})
    exchanged = followers({row["other_case"] for row in rows if row["other_case"]})
    events = [_event(row, above, exchanged) for row in rows]
    return FeedBatch(events[-1].seq if events else position, events, above)


def _event(
    row: Mapping[str, Any],
    above: Mapping[int, tuple[ChainLink, ...]],
    exchanged: Mapping[int, tuple[int, ...]],
) -> FeedRow:
    left, other = row["left_unit"], row["other_case"]
    reporters = unique(row["reporter"], row["co_reporters"])
    return FeedRow(
        seq=row["seq"],
        at=row["at"],
        incident_id=row["incident_id"],
        action=row["action"],
        to_state=row["to_state"],
        ancestors=_ids(above[row["unit_now"]]),
        was_in=_ids(above[left]) if left else (),
        private=row["matter"] if row["is_private"] else "",
        was_open=row["action"] == Action.RECATEGORISE and row["is_private"],
        reporters=reporters,
        were_reporters=tuple(one for one in exchanged.get(other or 0, ()) if one not in reporters),
        holders=tuple(row["holders"]),
    )


def _ids(chain: tuple[ChainLink, ...]) -> tuple[int, ...]:
    return tuple(link.unit_id for link in chain)
