"""The ledger: what the clients wrote, what they were told, what they saw. One oracle for every fault."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psycopg

    from tests.faults.harness.walls import Wall

#: What a phone is told while nothing can be stored now; the same report is sent again.
NOT_NOW = {"unavailable", "rate_limited", "server_error"}

ENDED = ["closed", "rejected", "cancelled", "void", "duplicate"]


@dataclass
class Ledger:
    """Phones and walls write in it as they go; `faults` compares it with the database."""

    #: What was reported, by the report's id, and by whom.
    reports: dict[str, dict] = field(default_factory=dict)
    reporters: dict[str, int] = field(default_factory=dict)
    #: Every answer that acknowledged it.
    acks: dict[str, list[dict]] = field(default_factory=lambda: defaultdict(list))
    #: Every error that a phone or an operator was told, by its code; a socket closed for now is "try later".
    told: Counter[str] = field(default_factory=Counter)
    refused: dict[str, dict] = field(default_factory=dict)
    #: What walls noticed that must never be.
    oddities: list[str] = field(default_factory=list)

    def write(self, report: dict, reporter: int) -> None:
        self.reports[report["id"]] = report
        self.reporters[report["id"]] = reporter

    def acked(self, ack: dict) -> None:
        self.acks[ack["id"]].append(ack)

    def error(self, error: dict) -> None:
        self.told[error["code"]] += 1
        if error["code"] not in NOT_NOW:
            self.refused[error.get("id")] = error

    # --- the oracle ----------------------------------------------------------------------------

    def faults(self, database: psycopg.Connection) -> list[str]:
        """Return everything that the promises forbid, in words; nothing if all is well."""
        stored = _stored(database)
        return [
            *self.oddities,
            *(f"acknowledged and lost: {lost}" for lost in self.acks.keys() - stored.keys()),
            *(f"stored, and nobody reported it: {other}" for other in stored.keys() - self.reports.keys()),
            *(f"refused and stored: {both}" for both in self.refused.keys() & stored.keys()),
            *self._altered(stored),
            *self._differing_answers(stored),
            *_uneven(database),
        ]

    def _altered(self, stored: dict[str, dict]) -> list[str]:
        """Compare what was stored with what was said; places are stored with nine decimals."""
        faults = []
        for report in stored.keys() & self.reports.keys():
            said, row = self.reports[report], stored[report]
            wanted = {"text": said["text"], "lon": round(said["lon"], 9), "lat": round(said["lat"], 9)}
            wanted["reporter"] = self.reporters[report]
            faults += [
                f"stored {name} is {row[name]!r}, reported {value!r}: {report}"
                for name, value in wanted.items()
                if row[name] != value
            ]
        return faults

    def _differing_answers(self, stored: dict[str, dict]) -> list[str]:
        """A report that is repeated is answered as the first time; ``is_repeat`` alone tells."""
        faults = []
        for report, acks in self.acks.items():
            said = [{name: ack[name] for name in ack.keys() - {"is_repeat"}} for ack in acks]
            if any(each != said[0] for each in said):
                faults.append(f"answered differently: {report}: {said}")
            if report in stored and acks[0]["incident"] != stored[report]["id"]:
                faults.append(f"acknowledged as another case: {report}")
            if sum(not ack["is_repeat"] for ack in acks) > 1:
                faults.append(f"acknowledged as new twice: {report}")
        return faults

    def faults_of_wall(self, wall: Wall, fresh: dict[int, dict], database: psycopg.Connection) -> list[str]:
        """Compare what a wall shows with a fresh snapshot, and that with the table itself."""
        below = {unit for (unit,) in database.execute(_UNITS, [f"{wall.scope}%"])}
        rows = database.execute(_OPEN_CASES, [f"{wall.scope}%", ENDED]).fetchall()
        return [
            *(f"{wall.name}: {odd}" for odd in _differences(shown(wall.cards), shown(fresh))),
            *(f"snapshot of {wall.name}: {odd}" for odd in _differences(
                {number: card["version"] for number, card in fresh.items()}, dict(rows)
            )),
            *(f"{wall.name} got a case of unit {unit}, not its own" for unit in wall.units_seen - below),
        ]  # fmt: skip


def shown(cards: dict[int, dict]) -> dict[int, dict]:
    """Return the cards without what depends on the moment they were made."""
    return {
        number: {name: card[name] for name in card if name != "is_late"} for number, card in cards.items()
    }


def _differences(one: dict, other: dict) -> list[str]:
    return [
        f"case {number}: {one.get(number)} instead of {other.get(number)}"
        for number in one.keys() | other.keys()
        if one.get(number) != other.get(number)
    ]


_STORED = """
SELECT report_id, id, text, ST_X(place), ST_Y(place), reporter_id FROM incidents_incident
"""
_UNITS = "SELECT id FROM gis_grids_unit WHERE code LIKE %s"
_OPEN_CASES = """
SELECT incident.id, incident.version
FROM incidents_incident AS incident JOIN gis_grids_unit AS unit ON unit.id = incident.unit_id
WHERE unit.code LIKE %s AND incident.state <> ALL(%s)
"""
_WRONG_VERSIONS = """
SELECT incident.id, incident.version, count(event.seq), max(event.incident_version)
FROM incidents_incident AS incident
LEFT JOIN incidents_incidentevent AS event ON event.incident_id = incident.id
GROUP BY incident.id
HAVING incident.version <> count(event.seq) OR incident.version <> max(event.incident_version)
"""
_FEED = """
SELECT coalesce(array_agg(seq ORDER BY seq), '{}'), (SELECT max(position) FROM incidents_feedcounter)
FROM incidents_incidentevent
"""


def _stored(database: psycopg.Connection) -> dict[str, dict]:
    names = ("report_id", "id", "text", "lon", "lat", "reporter")
    rows = [dict(zip(names, row, strict=True)) for row in database.execute(_STORED)]
    stored = {str(row["report_id"]): row for row in rows}
    assert len(stored) == len(rows), "a report is stored twice"
    return stored


def _uneven(database: psycopg.Connection) -> list[str]:
    faults = [f"version and events don't fit: {row}" for row in database.execute(_WRONG_VERSIONS)]
    numbers, position = database.execute(_FEED).fetchone()
    if numbers != list(range(1, (position or 0) + 1)):
        faults.append(f"the feed has gaps: {len(numbers)} events, position {position}")
    return faults
