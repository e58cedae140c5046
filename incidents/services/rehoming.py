"""Open cases follow the boundaries: who is responsible for the place today has the case.

A case that somebody moved to another unit than the boundary says stays there, as long as that is in force.
Why this is a job and not part of the redraw's transaction: docs/decisions/0014-rehoming.md.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.contrib.gis.db.models import Extent
from django.contrib.gis.geos import Polygon
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from gis_grids.errors import NotFound, Stale
from gis_grids.models import Post, UnitVersion
from gis_grids.selectors import chains, locate
from gis_grids.services import rely_on_boundaries
from incidents.models import Incident
from incidents.permissions import can_be_assigned
from incidents.services.actions import act
from incidents.services.jobs import enqueue_rehoming
from incidents.workflow import ENDED, WORKED_ON, Action, State

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from gis_grids.hooks import BoundaryChange

#: So many places are looked up in one query.
_BATCH: Final = 1000
#: The time until which the boundaries before a change were in force; ranges are half-open.
_INSTANT: Final = timedelta(microseconds=1)


def rehome_for_boundaries(change: BoundaryChange) -> None:
    """Have the open cases re-homed that a change of boundaries may concern (the ground floor's hook).

    One statement inside the transaction of the redraw; the job runs when that is committed, and not before
    the boundaries are in force. Where open cases are to stay there is none: those whose unit ends by the
    change are strays, and swept up.
    """
    if change.moves_open_cases:
        enqueue_rehoming(sorted(change.unit_ids), change.when)


def rehome(*, unit_ids: Collection[int], when: datetime) -> int:
    """Move every open case to the unit that the change at ``when`` has made responsible; return how many.

    Each case by a MOVE of the system, in a transaction of its own; the boundary of the time of its report
    stays with it. One that stays is moved within its unit, if who has it has lost his post by the change, and
    is to be assigned anew. Can run twice, at the same time, and again after it broke off.
    """
    cases = _open_cases().filter(_near(unit_ids, when)).values_list("pk", flat=True)
    moved = sum(_rehome(pk, when) for pk in _leaving(cases, when))
    ended = Post.objects.filter(unit__in=unit_ids, term__endswith=when, holder__isnull=False)
    left = _open_cases().filter(assignee__in=ended.values("holder")).order_by("pk")
    return moved + sum(_rehome(pk, when) for pk in list(left.values_list("pk", flat=True)))


def rehome_strays() -> int:
    """Move every open case out of units that are not in force: one without a unit would be nobody's.

    There are such cases between a redraw and the end of its job, or where a job was lost; return how many.
    """
    now = timezone.now()
    in_force = UnitVersion.objects.filter(unit=OuterRef("unit"), valid__contains=now)
    strays = _open_cases().filter(~Exists(in_force)).order_by("pk").values_list("pk", flat=True)
    return sum(_rehome(pk, now) for pk in list(strays))


def _open_cases() -> QuerySet[Incident]:
    return Incident.objects.exclude(state__in=ENDED)


def _near(unit_ids: Collection[int], when: datetime) -> Q:
    """Return the condition that a change of these units may concern a case.

    It is in one of them, or lies in the box around all of them, as they are or were, or in no unit at all:
    then the nearest one counts, which can be any.
    """
    versions = UnitVersion.objects.filter(
        Q(valid__contains=when) | Q(valid__contains=when - _INSTANT), unit__in=unit_ids
    )
    box = versions.aggregate(box=Extent("boundary"))["box"]
    near = Q(unit__in=unit_ids) | Q(outside_m__isnull=False)
    if box:
        around = Polygon.from_bbox(box)
        around.srid = 4326
        near |= Q(place__bboverlaps=around)
    return near


def _leaving(case_ids: QuerySet[Incident, int], when: datetime) -> Iterable[int]:
    """Yield those of the cases that belong elsewhere, looked up many at a time."""
    ids = list(case_ids.order_by("pk"))
    for first in range(0, len(ids), _BATCH):
        batch = Incident.objects.filter(pk__in=ids[first : first + _BATCH])
        cases = list(batch.only("pk", "place", "unit").order_by("pk"))
        for case, unit_id in zip(cases, _homes(cases, when), strict=True):
            if unit_id != case.unit_id:
                yield case.pk


def _rehome(case_id: int, when: datetime) -> bool:
    """Move the case if it still belongs elsewhere; what others do with it meanwhile is looked at anew."""
    while True:
        try:
            return _move(case_id, when)
        except Stale:
            continue


@transaction.atomic
def _move(case_id: int, when: datetime) -> bool:
    rely_on_boundaries()
    case = _open_cases().filter(pk=case_id).first()
    if case is None:
        return False
    [unit_id] = _homes([case], when)
    if unit_id == case.unit_id and not _is_left_alone(case, when):
        return False
    act(
        incident_id=case.pk,
        action=Action.MOVE,
        actor=None,
        expected_version=case.version,
        unit_id=unit_id,
        extra={"cause": "boundaries"},
    )
    return True


def _is_left_alone(case: Incident, when: datetime) -> bool:
    """Tell whether who has the case to do lost his post by the change, and has no other there."""
    if case.assignee_id is None or not (State(case.state) in WORKED_ON or case.state_before):
        return False
    if not Post.objects.filter(holder=case.assignee_id, term__endswith=when).exists():
        return False
    return not can_be_assigned(case.assignee_id, chains([case.unit_id])[case.unit_id])


def _homes(cases: Sequence[Incident], when: datetime) -> list[int]:
    """Return the unit in which each case is to be, by the boundaries of now and those before ``when``."""
    places = [(case.place.x, case.place.y) for case in cases]
    in_force = set(
        UnitVersion.objects.filter(
            unit__in={case.unit_id for case in cases}, valid__contains=timezone.now()
        ).values_list("unit", flat=True)
    )
    now = [here.unit_id for here in locate(places)]
    try:
        before = [there.unit_id for there in locate(places, when - _INSTANT)]
    except NotFound:  # there were no units at all
        before = [0] * len(cases)
    return [
        today if case.unit_id == former or case.unit_id not in in_force else case.unit_id
        for case, today, former in zip(cases, now, before, strict=True)
    ]
