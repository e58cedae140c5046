"""What is one's own: the tasks that one has, and what became of those that one had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

from ninja import Query, Router

from incidents.selectors.tasks import my_tasks, tasks_gone
from mapui.api.kept import kept
from mapui.api.schemas import TaskShown
from mapui.wire import DatabaseId  # noqa: TC001 - ninja reads the types at run time

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

    from incidents.selectors.tasks import Task

router = Router()


@router.get("/my/tasks", response=list[TaskShown])
def get_my_tasks(request: HttpRequest) -> list[Task]:
    """Return the open cases assigned to who asks: what can be done now first, each by when it is due."""
    return my_tasks(cast("User", request.user))


@router.get("/my/tasks/gone")
def get_tasks_gone(
    request: HttpRequest,
    id: Annotated[list[DatabaseId], Query(max_length=200)],  # noqa: A002 - its name in the address
) -> HttpResponse:
    """Return how those of the cases left who asks that he once had, and has no more."""
    return kept(request, tasks_gone(cast("User", request.user), id))
