"""What somebody has to do: the open cases that are assigned to him."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from incidents.models import Incident
from incidents.selectors.cards import CardRow, card_rows
from incidents.workflow import ENDED, State

if TYPE_CHECKING:
    from datetime import date

    from django.contrib.auth.models import AbstractBaseUser

#: More than that are nobody's to do at once.
MOST_TASKS = 200

#: What waits for others: it's on the list, after what can be done now.
_WAITING = frozenset({State.ON_HOLD, State.NEED_INFO, State.EXTERNAL, State.RESOLVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A case as who has to do it sees it in a list; ``scheduled_for`` is the day that it's planned for."""

    card: CardRow
    text: str
    scheduled_for: date | None


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
    rows = card_rows(Incident.objects.filter(pk__in=said).order_by("pk"))
    tasks = [Task(card=row, text=said[row.id][0], scheduled_for=said[row.id][1]) for row in rows]
    return sorted(tasks, key=_by_need)


def _by_need(task: Task) -> tuple[bool, float, int]:
    card = task.card
    clocks = (
        (card.first_feedback_at, card.feedback_due_at),
        (card.first_handling_at, card.handling_due_at),
        (card.resolved_at, card.resolve_due_at),
    )
    dues = [due.timestamp() for stopped, due in clocks if stopped is None]
    return card.state in _WAITING, min(dues, default=float("inf")), card.id
