"""Who follows a case as its reporter: who reported it, and whose own report was merged into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from incidents.models import CoReporter, Incident

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


def co_reporters_of(incident: str) -> ArraySubquery:
    """Return the ids of the co-reporters of the case whose id the column has, as an array."""
    merged = CoReporter.objects.filter(incident=OuterRef(incident)).order_by("user")
    return ArraySubquery(merged.values("user"))


def unique(reporter_id: int | None, co_reporters: Iterable[int | None]) -> tuple[int, ...]:
    """Return the reporter and the co-reporters, each once; who has no account follows by his link."""
    return tuple(dict.fromkeys(pk for pk in (reporter_id, *co_reporters) if pk is not None))


def followers(incident_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Return for each case the ids of the users who follow it, its reporter first.

    No query if none is asked, else one.
    """
    if not incident_ids:
        return {}
    rows = Incident.objects.filter(pk__in=incident_ids).values_list("pk", "reporter", co_reporters_of("pk"))
    return {pk: unique(reporter, others) for pk, reporter, others in rows}
