"""Whether this process can do its work, for whoever watches it: /healthz."""

from __future__ import annotations

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from channels.layers import get_channel_layer
from django.conf import settings
from django.db.models import Max
from django.db.models.functions import Now
from django.http import JsonResponse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from incidents.selectors import feed_position
from mapui.live.threads import DatabaseThreads

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from django.http import HttpRequest

T = TypeVar("T")
Part = dict[str, Any]

#: A part that has not answered after so many seconds is down.
TIMEOUT_S: Final = 1.5
#: A job that is due for longer than this waits for a worker that isn't there, or can't keep up.
DUE_AT_MOST_S: Final = 120.0
#: A worker of jobs tells that it lives every ten seconds.
SILENT_AT_MOST: Final = timedelta(seconds=60)
#: Less room than this for uploads is too little.
FREE_AT_LEAST: Final = 1024**3

# A thread of its own: probes that wait for a dead database take it from nobody but each other.
_thread = DatabaseThreads("linge-health")


async def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer within two seconds what works: 503 when nothing can be stored, else 200.

    ``down``: the database is away. ``degraded``: the site works, and somebody should look at the part
    that says why (docs/decisions/0011-degraded-is-200.md). Says nothing that a stranger may not know.
    """
    (database, position), (layer, _nothing), (jobs, _nothing), (media, _nothing) = await asyncio.gather(
        _check(_thread.run(feed_position)),
        _check(_touch_layer()),
        _check(_thread.run(_jobs)),
        _check(asyncio.to_thread(_media)),
    )
    parts = {"database": database, "channel_layer": layer, "jobs": jobs, "media": media}
    if database["status"] != "ok":
        status = "down"
    else:
        status = "ok" if all(part["status"] == "ok" for part in parts.values()) else "degraded"
    content = {"status": status, **parts, "feed": {"position": position}, "version": settings.VERSION}
    headers = {"Cache-Control": "no-store"}
    return JsonResponse(content, status=503 if status == "down" else 200, headers=headers)


async def _check(question: Awaitable[T]) -> tuple[Part, T | None]:
    """Return the part as it is: what the answer says if it is a part itself, else that there is one."""
    try:
        async with asyncio.timeout(TIMEOUT_S):
            answer = await question
    except TimeoutError:
        return {"status": "down", "reason": f"no answer within {TIMEOUT_S} s"}, None
    except Exception as error:  # noqa: BLE001 - whatever it is, it's the answer
        return {"status": "down", "reason": f"can't be reached ({type(error).__name__})"}, None
    return answer if isinstance(answer, dict) else {"status": "ok"}, answer


async def _touch_layer() -> None:
    await get_channel_layer().group_send("linge.health", {"type": "health"})


def _jobs() -> Part:
    """Say for how long the oldest job waits that is due, and whether the workers live."""
    due = ProcrastinateJob.objects.filter(status="todo", scheduled_at__lte=Now()).order_by("scheduled_at")
    oldest = due.values_list("scheduled_at", flat=True).first()
    waits = 0.0 if oldest is None else (timezone.now() - oldest).total_seconds()
    heard = ProcrastinateWorker.objects.aggregate(last=Max("last_heartbeat"))["last"]
    part: Part = {"status": "ok", "oldest_due_s": round(waits, 1)}
    if waits > DUE_AT_MOST_S:
        return part | {"status": "degraded", "reason": "jobs wait: no worker, or it can't keep up"}
    if heard is not None and timezone.now() - heard > SILENT_AT_MOST:
        return part | {"status": "degraded", "reason": "no worker has been heard for a minute"}
    return part


def _media() -> Part:
    """Say whether there is room for uploads."""
    folder = Path(settings.MEDIA_ROOT).absolute()
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if shutil.disk_usage(there).free < FREE_AT_LEAST:
        return {"status": "degraded", "reason": "the disk of the uploads is nearly full"}
    return {"status": "ok"}
