"""Jobs to be done later, enqueued in the transaction of what they are for (procrastinate)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from procrastinate.types import JSONValue

QUEUE = "linge"


def job(name: str, at: datetime, **arguments: JSONValue) -> Job:
    """Return a job: the name of its task, when it is due, and what it is told."""
    return Job(
        queue=QUEUE,
        lock=None,
        queueing_lock=None,
        task_name=name,
        task_kwargs=arguments,
        scheduled_at=at,
    )


def enqueue(jobs: Sequence[Job]) -> None:
    """Have jobs done, if this transaction commits. Raises Django's `DatabaseError` if it can't be written."""
    # procrastinate hides what the database raised; whoever waits here must be able to tell an outage.
    with connection.wrap_database_errors:
        try:
            app.job_manager.batch_defer_jobs(list(jobs))
        except ConnectorException as error:
            raise error.__cause__ or error from None
