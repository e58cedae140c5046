"""What is one's own: the tasks that one has."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ninja import Router

from incidents.selectors.tasks import my_tasks
from mapui.api.schemas import TaskShown

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest

    from incidents.selectors.tasks import Task

router = Router()


@router.get("/my/tasks", response=list[TaskShown])
def get_my_tasks(request: HttpRequest) -> list[Task]:
    """Return the open cases assigned to who asks: what can be done now first, each by when it is due."""
    return my_tasks(cast("User", request.user))
