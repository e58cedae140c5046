"""Escalation: a late case goes up the ladder, step by step, each step once (incidents.md 1.4).

A step is a record and a level: the case stays in its state and with its assignee.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from gis_grids.levels import Level, PostKind
from gis_grids.models import Post
from gis_grids.selectors import chains
from incidents.models import Escalation, Incident, Mode
from incidents.permissions import HANDLING_POSTS
from incidents.services.actions import act
from incidents.services.deadlines import TIMED, steps_to_come
from incidents.services.jobs import enqueue_checks
from incidents.services.ladder import Answerable, Step, who_answers
from incidents.workflow import Action

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from gis_grids.selectors import ChainLink
    from incidents.models import IncidentCycle
    from incidents.services.deadlines import DueStep

#: Who answers for a unit that is late. Planners have no part in cases.
ANSWER = frozenset(HANDLING_POSTS) - {PostKind.GRID_WORKER}
#: Who is warned before, if nobody is assigned: also those who would do the work.
WARNED = ANSWER | {PostKind.GRID_WORKER}


def escalate(*, incident_id: int, now: dt.datetime | None = None) -> int:
    """Take every step of the case that has fallen due by ``now``; return how many were taken.

    The check for the step after them is enqueued with the last one.

    ``now`` is given only when history is loaded, or to look ahead; the steps have then happened at that time.

    Each step in a transaction of its own, under the case's lock, so that two who do it at once take each
    step once. What fell due while nothing ran is taken now, with the moment at which it fell due. A case
    that ended, was merged or waits (its clocks stand still) has no steps.
    """
    taken = 0
    while _take_next(incident_id, now):
        taken += 1
    return taken


@transaction.atomic
def _take_next(incident_id: int, at: dt.datetime | None) -> bool:
    now = at or timezone.now()
    found = Incident.objects.select_for_update(no_key=True).filter(pk=incident_id).first()
    if found is None:
        return False
    cycle = found.cycles.select_related("rule").get(number=found.cycle)
    due = next(iter(steps_to_come(cycle)), None)
    if due is None or due.due_at > now:
        _set_next_check(cycle, due.due_at if due else None)
        return False
    _take(found, cycle, due, now, at)
    return True


def _take(
    incident: Incident, cycle: IncidentCycle, due: DueStep, now: dt.datetime, at: dt.datetime | None
) -> None:
    step, clock = Step(due.step), TIMED[due.name]
    chain = chains([incident.unit_id])[incident.unit_id]
    answers = _who_answers(incident, cycle, step, clock, chain, now)
    Escalation.objects.create(
        incident=incident,
        cycle=cycle.number,
        clock=clock,
        step=step,
        level=answers.level,
        unit_id=answers.unit_id,
        told=list(answers.told),
        due_at=due.due_at,
        at=now,
    )
    if step >= Step.LATE and _is_higher(answers.level, incident.escalated_to):
        Incident.objects.filter(pk=incident.pk).update(escalated_to=answers.level)
    act(
        incident_id=incident.pk,
        action=Action.ESCALATE,
        actor=None,
        expected_version=incident.version,
        at=at,
        extra={
            "clock": clock.value,
            "step": int(step),
            "level": answers.level.value,
            "unit": answers.unit_id,
            "told": list(answers.told),
            "due_at": due.due_at.isoformat(),
        },
    )


def _who_answers(  # noqa: PLR0913, PLR0917 - all that the ladder is told
    incident: Incident,
    cycle: IncidentCycle,
    step: Step,
    clock: str,
    chain: Sequence[ChainLink],
    now: dt.datetime,
) -> Answerable:
    if step == Step.WARNING and incident.assignee_id:
        return Answerable(incident.unit_id, chain[-1].level, (incident.assignee_id,))
    before = Escalation.objects.filter(
        incident=incident, cycle=cycle.number, clock=clock, step__gte=Step.LATE
    ).order_by("step")
    last = before.last()
    return who_answers(
        step,
        chain,
        _people(chain, WARNED if step == Step.WARNING else ANSWER, now),
        reached=Level(last.level) if last else None,
        mode=Mode(cycle.rule.mode),
    )


def _people(chain: Sequence[ChainLink], kinds: frozenset[PostKind], now: dt.datetime) -> dict[int, list[int]]:
    """Return who holds a post of these kinds in each unit of the chain; vacant ones are not there."""
    people: dict[int, list[int]] = {}
    posts = Post.objects.filter(
        unit__in=[link.unit_id for link in chain],
        kind__in=kinds,
        holder__is_active=True,
        term__contains=now,
    )
    for unit_id, holder_id in posts.values_list("unit", "holder"):
        if holder_id is not None:
            people.setdefault(unit_id, []).append(holder_id)
    return people


def _is_higher(level: Level, than: str) -> bool:
    return not than or level.depth < Level(than).depth


def _set_next_check(cycle: IncidentCycle, at: dt.datetime | None) -> None:
    if cycle.next_check_at == at:
        return
    cycle.next_check_at = at
    cycle.save(update_fields=["next_check_at"])
    if at is not None:
        enqueue_checks([(cycle.incident_id, at)])
