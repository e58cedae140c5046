"""What somebody has to do: the open cases that are assigned to him, and what others report in his grids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from gis_grids.models import Post
from gis_grids.permissions import scope_of
from gis_grids.selectors import descendant_ids
from incidents.models import Incident, IncidentEvent
from incidents.permissions import HANDLING_POSTS
from incidents.selectors.cards import CardRow, cards
from incidents.selectors.details import Offer, offer_of
from incidents.selectors.visible import visible_cases
from incidents.workflow import (
    BACKGROUND,
    ENDED,
    HELD,
    NOTE_NEEDS,
    UNASSIGNED,
    Action,
    Actor,
    State,
    actions_for,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import QuerySet

#: More than that are nobody's to do at once.
MOST_TASKS = 200

#: So many cases of others are shown: the latest.
MOST_AROUND = 50

#: What waits for others: it's on the list, after what can be done now.
_WAITING = frozenset({State.ON_HOLD, State.NEED_INFO, State.EXTERNAL, State.RESOLVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A case as who has to do it sees it in a list; ``scheduled_for`` is the day that it's planned for.

    ``actions`` are what he may do with it now, as the one who has it, with no more than a note.
    """

    card: CardRow
    text: str
    scheduled_for: date | None
    actions: list[Offer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """An open case in somebody's grids that others reported and others have."""

    card: CardRow
    text: str


def my_tasks(user: AbstractBaseUser) -> list[Task]:
    """Return the open cases assigned to the user: those that can be done now first, each by when it's due.

    What is due next is the first deadline of a clock that still runs. Three queries.
    """
    if not user.is_active:
        return []
    mine = Incident.objects.filter(assignee=user.pk).exclude(state__in=ENDED)
    said = {
        pk: (text, day)
        for pk, text, day in mine.order_by("pk").values_list("pk", "text", "scheduled_for")[:MOST_TASKS]
    }
    found = cards(said)
    tasks = [
        Task(card=found[pk], text=text, scheduled_for=day, actions=_offers(found[pk].state))
        for pk, (text, day) in said.items()
    ]
    return sorted(tasks, key=_by_need)


def tasks_of_post(
    holder_id: int, unit_id: int, when: datetime, *, but: int | None = None
) -> QuerySet[Incident]:
    """Return the open cases that somebody has by a post in a unit: those in its subtree.

    What he has in the subtree of another post of his at `when` is not among them; ``but`` is the post itself,
    while he still holds it.
    """
    others = Post.objects.filter(
        ~Q(pk=but or 0), holder=holder_id, term__contains=when, kind__in=HANDLING_POSTS
    )
    kept = descendant_ids(list(others.values_list("unit", flat=True)), when)
    cases = Incident.objects.filter(
        assignee=holder_id, state__in=HELD, unit__in=descendant_ids([unit_id], when)
    )
    return cases.exclude(unit__in=kept).order_by("pk")


def reported_around(user: AbstractBaseUser) -> list[Around]:
    """Return the open cases below the user's posts that are none of his own, the latest first.

    At most `MOST_AROUND`; those of private matters only with a grant.
    """
    below = descendant_ids(scope_of(user).roots())
    others = visible_cases(user).filter(unit__in=below).exclude(state__in=ENDED).exclude(reporter=user.pk)
    latest = others.exclude(assignee=user.pk).order_by("-received_at", "-pk")
    texts = dict(latest.values_list("pk", "text")[:MOST_AROUND])
    found = cards(texts)
    return [Around(card=found[pk], text=text) for pk, text in texts.items()]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskGone:
    """How a case left somebody who had it: by which action, what was said with it, and whether by himself."""

    id: int
    action: Action
    note: str
    at: datetime
    is_own: bool


def tasks_gone(user: AbstractBaseUser, incident_ids: Collection[int]) -> list[TaskGone]:
    """Return how those of the cases left the user that he had last, and has no more; two queries.

    It is told to him even if he may not see the case any more: why it was taken from him was said to him.
    What happened afterwards is not.
    """
    had = IncidentEvent.objects.filter(incident__in=incident_ids, details__assignee=user.pk)
    lost = Incident.objects.filter(pk__in=had.values("incident")).exclude(assignee=user.pk)
    decided = IncidentEvent.objects.filter(incident__in=lost).exclude(action__in=BACKGROUND)
    left: dict[int, IncidentEvent] = {}
    for event in decided.order_by("seq"):
        assignee = event.details.get("assignee")
        if assignee == user.pk:
            left.pop(event.incident_id, None)
        elif assignee is not None or event.to_state in UNASSIGNED | ENDED:
            left.setdefault(event.incident_id, event)
    return [
        TaskGone(
            id=event.incident_id,
            action=Action(event.action),
            note=event.note,
            at=event.at,
            is_own=event.actor_id == user.pk,
        )
        for event in left.values()
    ]


def _offers(state: str) -> list[Offer]:
    rows = actions_for(State(state), {Actor.ASSIGNEE})
    return [offer_of(row) for row in rows if row.needs <= NOTE_NEEDS]


def _by_need(task: Task) -> tuple[bool, float, int]:
    card = task.card
    clocks = (
        (card.first_feedback_at, card.feedback_due_at),
        (card.first_handling_at, card.handling_due_at),
        (card.resolved_at, card.resolve_due_at),
    )
    dues = [due.timestamp() for stopped, due in clocks if stopped is None]
    return card.state in _WAITING, min(dues, default=float("inf")), card.id
