"""Jobs to be done later, enqueued in the transaction of what they are for (procrastinate)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gis_grids.prepared import prepared_cursor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from procrastinate.types import JSONValue

QUEUE: Final = "linge"

# procrastinate's own function, by a statement that is planned once: each report enqueues a job.
_DEFER = f"""
SELECT procrastinate_defer_jobs_v1(array_agg(
    ROW('{QUEUE}', task_name, 0, NULL, NULL, args, scheduled_at)::procrastinate_job_to_defer_v1
))
FROM unnest(%(names)s::text[], %(arguments)s::jsonb[], %(times)s::timestamptz[])
    AS job (task_name, args, scheduled_at)
"""  # noqa: S608 - all of it constant


@dataclass(frozen=True, slots=True)
class Job:
    """The name of a task, when it is due, and what it is told."""

    name: str
    at: datetime
    arguments: dict[str, JSONValue]


def job(name: str, at: datetime, **arguments: JSONValue) -> Job:
    """Return a job."""
    return Job(name, at, arguments)


def enqueue(jobs: Sequence[Job]) -> None:
    """Have jobs done, if this transaction commits. Raises Django's `DatabaseError` if it can't be written."""
    with prepared_cursor() as cursor:
        cursor.execute(
            _DEFER,
            {
                "names": [each.name for each in jobs],
                "arguments": [json.dumps(each.arguments) for each in jobs],
                "times": [each.at for each in jobs],
            },
        )
