"""What is late, and with whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.utils import timezone

from gis_grids.levels import Level
from gis_grids.permissions import scope_of
from gis_grids.selectors import descendant_ids
from incidents.models import Escalation, IncidentCycle
from incidents.workflow import ENDED, Clock

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import QuerySet

#: The clocks that have a deadline, each with its column.
DUE_COLUMNS = {
    Clock.FEEDBACK: "feedback_due_at",
    Clock.HANDLING: "handling_due_at",
    Clock.RESOLVED: "resolve_due_at",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LateCase:
    """A case one of whose clocks is late: the worst one, since when, who has it and who answers for it.

    ``step`` is the last that was taken for that clock (per cent; 0: none yet); ``told`` who was told by
    it, by their ids; ``level`` the level that answers for the case by now, empty while that's nobody above.
    """

    incident_id: int
    number: str
    matter_code: str
    unit_id: int
    state: str
    assignee_id: int | None
    clock: Clock
    due_at: dt.datetime
    step: int
    level: Level | None
    told: tuple[int, ...]


def late_cases(user: AbstractBaseUser, *, now: dt.datetime | None = None, limit: int = 500) -> list[LateCase]:
    """Return the late cases in the subtrees of the user's posts, the longest overdue first.

    A case that waits, whose clocks stand still, is not in the list. Cases of private matters are left out;
    who has a grant finds them in the list of cases. Three queries.
    """
    roots = scope_of(user).roots()
    if not roots:
        return []
    cycles = _late(now or timezone.now()).filter(
        incident__unit__in=descendant_ids(roots), incident__matter__is_private=False
    )
    return _rows(list(cycles[:limit]), now or timezone.now())


def escalated_to_me(user: AbstractBaseUser, *, now: dt.datetime | None = None) -> list[LateCase]:
    """Return the late cases about which the user was told from 100 % on, the longest overdue first."""
    at = now or timezone.now()
    told = Escalation.objects.filter(
        told__contains=[user.pk],
        step__gte=Escalation.Step.LATE,
        cycle=F("incident__cycle"),
    ).exclude(incident__state__in=ENDED)
    return _rows(list(_late(at).filter(incident__in=set(told.values_list("incident", flat=True)))), at)


def _late(at: dt.datetime) -> QuerySet[IncidentCycle]:
    overdue = Q()
    for clock, column in DUE_COLUMNS.items():
        overdue |= Q(**{f"{clock.value}__isnull": True, f"{column}__lte": at})
    running = IncidentCycle.objects.filter(overdue, number=F("incident__cycle"), paused_since=None)
    open_ones = running.exclude(incident__state__in=ENDED)
    ordered = open_ones.order_by("opened_at", "pk")
    return ordered.select_related("incident__matter").defer("incident__place", "incident__text")


def _rows(cycles: Collection[IncidentCycle], at: dt.datetime) -> list[LateCase]:
    taken: dict[tuple[int, str], Escalation] = {}
    rows = Escalation.objects.filter(
        incident__in=[cycle.incident_id for cycle in cycles], cycle=F("incident__cycle")
    )
    for row in rows.order_by("step"):
        taken[row.incident_id, row.clock] = row
    found = [_row(cycle, taken, at) for cycle in cycles]
    return sorted(found, key=lambda each: (each.due_at, each.incident_id))


def _row(cycle: IncidentCycle, taken: dict[tuple[int, str], Escalation], at: dt.datetime) -> LateCase:
    due_at, clock = min(
        (due, clock)
        for clock, column in DUE_COLUMNS.items()
        if getattr(cycle, clock.value) is None and (due := getattr(cycle, column)) <= at
    )
    case, last = cycle.incident, taken.get((cycle.incident_id, clock.value))
    return LateCase(
        incident_id=case.pk,
        number=case.number,
        matter_code=case.matter.code,
        unit_id=case.unit_id,
        state=case.state,
        assignee_id=case.assignee_id,
        clock=clock,
        due_at=due_at,
        step=last.step if last else 0,
        level=Level(case.escalated_to) if case.escalated_to else None,
        told=tuple(last.told) if last else (),
    )
