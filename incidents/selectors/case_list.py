"""The list of cases: what somebody may see, chosen, sorted, and a page of it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from django.db.models import Case, Count, DateTimeField, Exists, F, OuterRef, Q, When
from django.db.models.functions import Least
from django.utils import timezone

from gis_grids.levels import Level
from gis_grids.people import mask_name, name_of
from gis_grids.permissions import scope_of
from gis_grids.selectors import chains, descendant_ids
from incidents.models import Escalation, Incident, Rating
from incidents.permissions import READS_NAMES, actors_of, opens
from incidents.selectors.cards import cards, current_cycle
from incidents.selectors.case_parts import Person
from incidents.selectors.clock_states import LIMITED, Band, clock_states, in_band
from incidents.selectors.visible import visible_cases
from incidents.workflow import ENDED, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import QuerySet

    from gis_grids.permissions import Scope
    from gis_grids.selectors import ChainLink
    from incidents.models import Matter
    from incidents.selectors.cards import CardRow
    from incidents.selectors.clock_states import ClockState
    from incidents.workflow import Clock

#: Cases on a page, and how many a list counts: whoever has more than that narrows it.
PAGE_SIZE: Final = 50
MOST_COUNTED: Final = 10_000
_CHUNK: Final = 1000
_NUMBER: Final = re.compile(r"(?:\d{8}-)?(\d{1,12})")


class Sort(StrEnum):
    """What a list can be sorted by."""

    URGENCY = "urgency"
    RECEIVED = "received"
    MATTER = "matter"
    UNIT = "unit"
    STATE = "state"
    PRIORITY = "priority"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """What is looked for; what is left out doesn't matter.

    ``words`` are in the text, or are the number. Without ``clock`` a ``band`` is that of the worst clock.
    ``received_from`` and ``received_to`` are days in the district's zone, both included.
    """

    words: str = ""
    states: frozenset[State] = field(default_factory=frozenset)
    matter: str = ""
    matter_class: str = ""
    unit_id: int | None = None
    priority: str = ""
    assignee_id: int | None = None
    is_unassigned: bool = False
    is_mine: bool = False
    is_reported_by_me: bool = False
    is_by_resident: bool = False
    clock: Clock | None = None
    band: Band | None = None
    escalated_to: str = ""
    is_escalated_to_me: bool = False
    received_from: dt.date | None = None
    received_to: dt.date | None = None
    is_rated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A case as the list shows it. ``chain`` is from the top down, ``rating`` that of the current cycle.

    The assignee's name is masked unless the reader is him or ``reads_names`` of the people of the case, as
    on its page (`details`).
    """

    card: CardRow
    matter: Matter
    text: str
    chain: tuple[ChainLink, ...]
    reads_names: bool
    assignee: Person | None
    clocks: list[ClockState]
    rating: int | None

    @property
    def escalated_name(self) -> str:
        """What the level is called that has to answer by now; empty while nothing was late."""
        return str(Level(self.card.escalated_to).label) if self.card.escalated_to else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """A page of a list. ``total`` counts all that were chosen, at most `MOST_COUNTED`."""

    rows: list[CaseRow]
    total: int
    number: int

    @property
    def pages(self) -> int:
        """How many pages can be leafed through."""
        return max(1, -(-min(self.total, MOST_COUNTED) // PAGE_SIZE))

    @property
    def is_more(self) -> bool:
        """Whether there are more than are counted."""
        return self.total > MOST_COUNTED


def case_page(
    user: AbstractBaseUser, chosen: CaseFilter, sort: Sort, *, is_descending: bool, number: int
) -> CasePage:
    """Return a page of the cases that the user may see and that were chosen; as many queries for any page.

    ``number`` counts from 1; one beyond the last page is the last.
    """
    found, total = _chosen(user, chosen), count_cases(user, chosen)
    number = min(max(1, number), max(1, -(-min(total, MOST_COUNTED) // PAGE_SIZE)))
    first = (number - 1) * PAGE_SIZE
    ids = list(_sorted(found, sort, is_descending)[first : first + PAGE_SIZE].values_list("pk", flat=True))
    return CasePage(rows=case_rows(user, ids), total=total, number=number)


def each_case(
    user: AbstractBaseUser, chosen: CaseFilter, sort: Sort, *, is_descending: bool, limit: int
) -> Iterator[CaseRow]:
    """Yield the first ``limit`` of the chosen cases, read in portions."""
    ids = list(_sorted(_chosen(user, chosen), sort, is_descending)[:limit].values_list("pk", flat=True))
    for first in range(0, len(ids), _CHUNK):
        yield from case_rows(user, ids[first : first + _CHUNK])


def open_counts(user: AbstractBaseUser) -> dict[State, int]:
    """Return how many open cases the user may see in each state that has any."""
    found = visible_cases(user).exclude(state__in=ENDED)
    return {
        State(state): count for state, count in found.values_list("state").annotate(Count("pk")).order_by()
    }


def count_cases(user: AbstractBaseUser, chosen: CaseFilter, most: int = MOST_COUNTED) -> int:
    """Return how many cases were chosen, at most ``most`` and one."""
    return _chosen(user, chosen).order_by().values("pk")[: most + 1].count()


def case_rows(user: AbstractBaseUser, ids: Sequence[int]) -> list[CaseRow]:
    """Return the rows of those of the cases that the user may see, in the order of their ids given."""
    now, scope = timezone.now(), scope_of(user)
    found = visible_cases(user).filter(pk__in=ids).select_related("matter", "assignee").defer("place")
    incidents = {incident.pk: incident for incident in found}
    shown = cards(list(incidents), now)
    above = chains({incident.unit_id for incident in incidents.values()})
    ratings = {
        (incident, cycle): score
        for incident, cycle, score in Rating.objects.filter(incident__in=ids).values_list(
            "incident", "cycle", "score"
        )
    }
    return [
        _row(incidents[pk], shown[pk], above[incidents[pk].unit_id], scope, ratings, now)
        for pk in ids
        if pk in incidents
    ]


def _row(  # noqa: PLR0913, PLR0917 - what was read for all rows at once
    incident: Incident,
    card: CardRow,
    chain: tuple[ChainLink, ...],
    scope: Scope,
    ratings: Mapping[tuple[int, int], int],
    now: dt.datetime,
) -> CaseRow:
    reads_names = opens(scope, incident, chain) and not READS_NAMES.isdisjoint(
        actors_of(scope, incident, chain)
    )
    assignee = None
    if incident.assignee:
        name = name_of(incident.assignee)
        in_clear = reads_names or incident.assignee_id == scope.user_id
        assignee = Person(incident.assignee.pk, name if in_clear else mask_name(name))
    return CaseRow(
        card=card,
        matter=incident.matter,
        text=incident.text,
        chain=chain,
        reads_names=reads_names,
        assignee=assignee,
        clocks=clock_states(card, now),
        rating=ratings.get((incident.pk, incident.cycle)),
    )


def _chosen(user: AbstractBaseUser, chosen: CaseFilter) -> QuerySet[Incident]:
    """Return the cases that the user may see and that were chosen, joined with their current cycle."""
    condition = (
        _words(chosen.words)
        & (Q(state__in=chosen.states) if chosen.states else Q())
        & (Q(matter__code=chosen.matter) if chosen.matter else Q())
        & (Q(matter__matter_class=chosen.matter_class) if chosen.matter_class else Q())
        & (Q(unit__in=descendant_ids([chosen.unit_id])) if chosen.unit_id else Q())
        & (Q(priority=chosen.priority) if chosen.priority else Q())
        & (Q(escalated_to=chosen.escalated_to) if chosen.escalated_to else Q())
        & _people(user, chosen)
        & _days(chosen)
    )
    if chosen.band:
        condition &= in_band(chosen.band, chosen.clock, timezone.now(), prefix="current")
    if chosen.is_rated:
        condition &= Q(Exists(Rating.objects.filter(incident=OuterRef("pk"))))
    return visible_cases(user).annotate(current=current_cycle()).filter(condition)


def _people(user: AbstractBaseUser, chosen: CaseFilter) -> Q:
    """Return the conditions about who has a part in the case."""
    found = Q(assignee=chosen.assignee_id) if chosen.assignee_id else Q()
    if chosen.is_unassigned:
        found &= Q(assignee=None)
    if chosen.is_mine:
        found &= Q(assignee=user.pk)
    if chosen.is_reported_by_me:
        found &= Q(reporter=user.pk)
    if chosen.is_by_resident:
        found &= Q(reporter=None)
    if chosen.is_escalated_to_me:
        found &= ~Q(escalated_to="") & Q(_escalated_to(user))
    return found


def _words(words: str) -> Q:
    if not words:
        return Q()
    number = _NUMBER.fullmatch(words)
    is_number = Q(pk=int(number.group(1))) if number else Q()
    return Q(text__icontains=words) | is_number


def _days(chosen: CaseFilter) -> Q:
    found = Q()
    if chosen.received_from:
        found &= Q(received_at__gte=_midnight(chosen.received_from))
    if chosen.received_to:
        found &= Q(received_at__lt=_midnight(chosen.received_to) + dt.timedelta(days=1))
    return found


def _midnight(day: dt.date) -> dt.datetime:
    zone = timezone.get_default_timezone()
    return dt.datetime.combine(day, dt.time(), zone)


def _escalated_to(user: AbstractBaseUser) -> Exists:
    """Return the condition that the user was told of a step of the case's current cycle."""
    return Exists(
        Escalation.objects.filter(incident=OuterRef("pk"), cycle=OuterRef("cycle"), told__contains=[user.pk])
    )


def _sorted(found: QuerySet[Incident], sort: Sort, is_descending: bool) -> QuerySet[Incident]:  # noqa: FBT001
    """Return the cases in their order; among equals the latest first."""
    keys: dict[Sort, F | Case | Least] = {
        Sort.RECEIVED: F("received_at"),
        Sort.MATTER: F("matter__order"),
        Sort.UNIT: F("unit__code"),
        Sort.STATE: F("state"),
        Sort.PRIORITY: Case(
            *(When(priority=priority, then=n) for n, priority in enumerate(("critical", "urgent", "normal")))
        ),
        Sort.URGENCY: _first_due(),
    }
    by = keys[sort]
    key = by.desc(nulls_last=True) if is_descending else by.asc(nulls_last=True)
    return found.order_by(key, "-pk")


def _first_due() -> Least:
    """Return when the first of the running clocks falls due; nothing for what has ended."""
    return Least(
        *(
            Case(
                When(
                    ~Q(state__in=ENDED) & Q(**{f"current__{clock.value}": None}),
                    then=F(f"current__{name}_due_at"),
                ),
                output_field=DateTimeField(),
            )
            for clock, name in LIMITED.items()
        )
    )
