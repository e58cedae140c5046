"""The wall's counters and the medians of the three first times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, FilteredRelation, Q
from django.utils import timezone

from incidents.models import Incident
from incidents.selectors.cards import current_cycle, late_at
from incidents.selectors.grants import seen_below
from incidents.workflow import ENDED, State

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime, timedelta

    from django.db.models.expressions import Combinable

    from incidents.selectors.grants import Grant

#: What is no case of its own: a void report, and one that is counted with the case it was merged into.
NOT_COUNTED = frozenset({State.VOID, State.DUPLICATE})

#: A device whose clock is off by more than this says nothing usable about when something was seen.
TRUSTED_SKEW_S = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresRow:
    """Counters of a scope; ``today`` is the day in the district's zone; medians in seconds or None."""

    today: int
    open: int
    late: int
    collection_s: float | None
    feedback_s: float | None
    handling_s: float | None


class _Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def figures(
    scope_roots: Collection[int], grants: Collection[Grant] = (), now: datetime | None = None
) -> FiguresRow:
    """Return the figures of the subtrees below ``scope_roots``. One query.

    Cases of private matters count only where one of the ``grants`` opens them, so that a figure never
    speaks of a case that its reader may not see; void cases and duplicates don't count (`NOT_COUNTED`).

    ``late`` are open cases with a deadline passed and its clock running. The medians are those of the
    cases received today, by S2's three first times: collection = received − observed (left out where the
    device's clock is off by more than five minutes), feedback and handling = the clock − received, in
    the first cycle.
    """
    at = now or timezone.now()
    midnight = timezone.localtime(at, timezone.get_default_timezone()).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    today, is_open = Q(received_at__gte=midnight), ~Q(state__in=ENDED)
    trusted = Q(clock_skew_s__gte=-TRUSTED_SKEW_S, clock_skew_s__lte=TRUSTED_SKEW_S)
    row = (
        Incident.objects.exclude(state__in=NOT_COUNTED)
        .filter(seen_below(scope_roots, grants), today | is_open)
        .annotate(current=current_cycle(), first=FilteredRelation("cycles", condition=Q(cycles__number=1)))
        .aggregate(
            today=Count("pk", filter=today),
            open=Count("pk", filter=is_open),
            late=Count("pk", filter=late_at(at, prefix="current")),
            collection=_Median(_since("received_at", "observed_at"), filter=today & trusted),
            feedback=_Median(_since("first__first_feedback_at", "received_at"), filter=today),
            handling=_Median(_since("first__first_handling_at", "received_at"), filter=today),
        )
    )
    return FiguresRow(
        today=row["today"],
        open=row["open"],
        late=row["late"],
        collection_s=_seconds(row["collection"]),
        feedback_s=_seconds(row["feedback"]),
        handling_s=_seconds(row["handling"]),
    )


def _since(end: str, start: str) -> Combinable:
    return ExpressionWrapper(F(end) - F(start), output_field=DurationField())


def _seconds(span: timedelta | None) -> float | None:
    """Return a span in seconds; an observation after its reception (a clock a little ahead) counts as 0."""
    return None if span is None else max(0.0, span.total_seconds())
