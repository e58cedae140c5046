"""How units and matters do: times, shares in time, reopened cases, ratings. Never by person (field.md 2f)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import NotFound
from gis_grids.models import UnitVersion
from gis_grids.permissions import scope_of
from gis_grids.selectors import ancestors
from incidents.selectors.figures import NOT_COUNTED, TRUSTED_SKEW_S

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from django.contrib.auth.models import AbstractBaseUser

    from gis_grids.levels import PostKind

#: What the device kept for longer than this before it sent it was captured without network.
OFFLINE_AFTER_S = 300
#: Fewer ratings than this say too much about single people to be published.
MIN_RATINGS = 5


class By(StrEnum):
    """What figures are grouped by."""

    UNIT = "unit"
    MATTER = "matter"
    CLASS = "class"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Times:
    """How long something took: of how many cases, the median and the 90th percentile, in seconds."""

    count: int
    median_s: float | None
    p90_s: float | None


@dataclass(frozen=True, slots=True)
class InTime:
    """Of how many cases it is known whether a deadline was kept, and of how many it was."""

    kept: int
    known: int

    @property
    def rate(self) -> float | None:
        """The share from 0 to 1; None where nothing is known."""
        return self.kept / self.known if self.known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """The figures of a group; ``key`` is a unit's id, a code, a class, or the first day of a period.

    ``collection`` is from the observation to the reception of what was sent at once, ``collection_offline``
    of what the device kept for more than five minutes; both only where its clock was right to within five
    minutes. Feedback, handling and resolution are from the reception on, in the first cycle. ``reopened`` of
    the ``finished`` cases (resolved or closed once) were reopened. ``satisfaction`` is the mean of
    ``ratings`` scores from 1 to 5.
    """

    key: int | str | dt.date | None
    cases: int
    collection: Times
    collection_offline: Times
    feedback: Times
    handling: Times
    resolution: Times
    feedback_in_time: InTime
    handling_in_time: InTime
    resolution_in_time: InTime
    finished: int
    reopened: int
    ratings: int
    satisfaction: float | None

    @property
    def reopen_rate(self) -> float | None:
        """The share of the finished cases that were reopened, from 0 to 1; None where none was finished."""
        return self.reopened / self.finished if self.finished else None

    @property
    def public_satisfaction(self) -> float | None:
        """The satisfaction as it may be published: None for fewer than `MIN_RATINGS` ratings."""
        return self.satisfaction if self.ratings >= MIN_RATINGS else None


@dataclass(frozen=True, slots=True)
class PerformanceTable:
    """The groups that have cases, in the order of their keys, and all of them together."""

    groups: list[Performance]
    total: Performance


def performance(  # noqa: PLR0913 - the question has this many sides
    user: AbstractBaseUser,
    *,
    since: dt.datetime,
    until: dt.datetime,
    by: By,
    unit_id: int | None = None,
    matter: str = "",
    kinds: Collection[PostKind] | None = None,
    now: dt.datetime | None = None,
) -> PerformanceTable:
    """Return the figures of the cases received from ``since`` on and before ``until``. Five queries at most.

    They are those of a unit in the user's scope, or of his whole scope; `By.UNIT` groups them by the unit's
    children (by the units of his posts, without ``unit_id``), and what is in no child by the unit itself.
    Days, weeks (from Monday) and months are those of the district's zone. ``matter`` is the code of the
    only one that counts, empty for all; ``kinds`` are the posts that count for his scope, all if not given.

    A deadline counts as stored: kept when the clock stopped by then; not kept when it stopped later, or has
    passed with the clock running (until the case ended, or while it waits until it began to wait); unknown
    as long as it is to come. Void cases and duplicates don't count, nor do those of private matters, since a
    small number says whose they are.

    Raises `NotFound` (``unit.unknown``) for a unit that isn't in the user's scope.
    """
    roots = roots_of(user, unit_id, kinds)
    at = now or timezone.now()
    asked = {"groups": _groups(roots, unit_id, by, at), "since": since, "until": until, "matter": matter}
    return _read(asked, by, at)


def roots_of(
    user: AbstractBaseUser, unit_id: int | None, kinds: Collection[PostKind] | None = None
) -> frozenset[int]:
    """Return the units whose subtrees count: the one asked for, or those of the user's posts of these kinds.

    Raises `NotFound` (``unit.unknown``) for a unit that isn't in the subtree of any of the posts.
    """
    roots = scope_of(user).roots(kinds)
    if unit_id is None:
        return roots
    if roots.isdisjoint(ancestors([unit_id]).get(unit_id, ())):
        raise NotFound("unit.unknown", _("There is no such unit in your area."))
    return frozenset({unit_id})


def _groups(roots: Collection[int], unit_id: int | None, by: By, now: dt.datetime) -> list[int]:
    """Return the units that cases are grouped by; each case belongs to the deepest above it."""
    if by is not By.UNIT or unit_id is None:
        return sorted(roots)
    children = UnitVersion.objects.filter(parent=unit_id, valid__contains=now).values_list("unit", flat=True)
    return sorted({unit_id, *children})


def _read(asked: dict[str, Any], by: By, now: dt.datetime) -> PerformanceTable:
    parameters: dict[str, Any] = asked | {
        "now": now,
        "zone": str(timezone.get_default_timezone()),
        "skew": TRUSTED_SKEW_S,
        "offline": OFFLINE_AFTER_S,
        "left_out": sorted(NOT_COUNTED),
    }
    with connection.cursor() as cursor:
        cursor.execute(_QUERY % _KEYS[by], parameters)
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    *parts, whole = sorted(rows, key=lambda row: row["is_total"])
    found = sorted((_performance(row) for row in parts), key=lambda each: each.key)  # type: ignore[arg-type,return-value]
    return PerformanceTable(groups=found, total=_performance(whole))


def _performance(row: dict[str, Any]) -> Performance:
    def times(name: str) -> Times:
        return Times(row[f"{name}_count"], *(row[f"{name}_percentiles"] or (None, None)))

    def in_time(name: str) -> InTime:
        return InTime(row[f"{name}_kept"], row[f"{name}_known"])

    return Performance(
        key=row["key"],
        cases=row["cases"],
        collection=times("collection"),
        collection_offline=times("collection_offline"),
        feedback=times("feedback"),
        handling=times("handling"),
        resolution=times("resolve"),
        feedback_in_time=in_time("feedback"),
        handling_in_time=in_time("handling"),
        resolution_in_time=in_time("resolve"),
        finished=row["finished"],
        reopened=row["reopened"],
        ratings=row["ratings"],
        satisfaction=row["satisfaction"],
    )


_KEYS = {
    By.UNIT: "home.group_id",
    By.MATTER: "matter.code",
    By.CLASS: "matter.matter_class",
    By.DAY: "(incident.received_at AT TIME ZONE %(zone)s)::date",
    By.WEEK: "date_trunc('week', incident.received_at AT TIME ZONE %(zone)s)::date",
    By.MONTH: "date_trunc('month', incident.received_at AT TIME ZONE %(zone)s)::date",
}

_CLOCKS = {
    "feedback": "first_feedback_at",
    "handling": "first_handling_at",
    "resolve": "resolved_at",
}


def _times(name: str) -> str:
    return (
        f"count({name}_s) AS {name}_count, "
        f"percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY {name}_s) AS {name}_percentiles"
    )


def _measured(name: str, clock: str) -> str:
    due = f"cycle.{name}_due_at"
    return f"""
        extract(epoch FROM cycle.{clock} - incident.received_at)::float8 AS {name}_s,
        CASE
            WHEN cycle.{clock} IS NOT NULL THEN cycle.{clock} <= {due}
            WHEN {due} < coalesce(cycle.paused_since, cycle.closed_at, %%(now)s) THEN false
        END AS {name}_in_time"""


def _kept(name: str) -> str:
    return f"count(*) FILTER (WHERE {name}_in_time) AS {name}_kept, count({name}_in_time) AS {name}_known"


# Units lie under each other, so a case may be below two of the groups: the lower one, first reached from
# its own unit, is the one that it belongs to. Retired units count where they were last, as everywhere.
_QUERY = f"""
WITH RECURSIVE below (unit_id, group_id, depth) AS (
    SELECT unit_id, unit_id, 0 FROM unnest(%%(groups)s::bigint[]) AS asked (unit_id)
    UNION ALL
    SELECT version.unit_id, below.group_id, below.depth + 1
    FROM below JOIN gis_grids_unitversion version ON version.parent_id = below.unit_id
    WHERE below.depth < 20 AND (
        version.valid @> %%(now)s OR NOT EXISTS (
            SELECT FROM gis_grids_unitversion other
            WHERE other.unit_id = version.unit_id
            AND (other.valid @> %%(now)s OR other.valid >> version.valid)
        )
    )
), home AS (
    SELECT DISTINCT ON (unit_id) unit_id, group_id FROM below ORDER BY unit_id, depth, group_id
), counted AS (
    SELECT
        %s AS key,
        incident.cycle > 1 AS is_reopened,
        cycle.resolved_at IS NOT NULL OR cycle.closed_at IS NOT NULL AS is_finished,
        abs(incident.clock_skew_s) <= %%(skew)s AS is_trusted,
        extract(epoch FROM incident.device_sent_at - incident.observed_at) > %%(offline)s AS is_offline,
        greatest(0, extract(epoch FROM incident.received_at - incident.observed_at))::float8 AS waited_s,
        {", ".join(_measured(name, clock) for name, clock in _CLOCKS.items())},
        rating.count AS ratings,
        rating.sum AS score
    FROM incidents_incident incident
    JOIN home ON home.unit_id = incident.unit_id
    JOIN incidents_matter matter ON matter.id = incident.matter_id
    JOIN incidents_incidentcycle cycle ON cycle.incident_id = incident.id AND cycle.number = 1
    CROSS JOIN LATERAL (
        SELECT count(*), sum(score) FROM incidents_rating WHERE incident_id = incident.id
    ) rating
    WHERE incident.received_at >= %%(since)s AND incident.received_at < %%(until)s
    AND incident.state <> ALL (%%(left_out)s) AND NOT matter.is_private
    AND %%(matter)s IN ('', matter.code)
), timed AS (
    SELECT
        *,
        CASE WHEN is_trusted AND NOT is_offline THEN waited_s END AS collection_s,
        CASE WHEN is_trusted AND is_offline THEN waited_s END AS collection_offline_s
    FROM counted
)
SELECT
    key,
    grouping(key) = 1 AS is_total,
    count(*) AS cases,
    {", ".join(_times(name) for name in ("collection", "collection_offline", *_CLOCKS))},
    {", ".join(_kept(name) for name in _CLOCKS)},
    count(*) FILTER (WHERE is_finished) AS finished,
    count(*) FILTER (WHERE is_reopened) AS reopened,
    coalesce(sum(ratings), 0)::int AS ratings,
    (sum(score) / nullif(sum(ratings), 0))::float8 AS satisfaction
FROM timed
GROUP BY GROUPING SETS ((key), ())
"""  # noqa: S608 - all of it constant
