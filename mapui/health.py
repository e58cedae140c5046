"""Whether this process can do its work, for whoever watches it: /healthz."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, TypeVar

from channels.layers import get_channel_layer
from django.conf import settings
from django.http import JsonResponse

from incidents.selectors import feed_position
from mapui.live.threads import DatabaseThreads

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from django.http import HttpRequest

T = TypeVar("T")

#: A part that has not answered after so many seconds is down.
TIMEOUT_S: Final = 1.5

# A thread of its own: probes that wait for a dead database take it from nobody but each other.
_thread = DatabaseThreads("linge-health")


async def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when all parts work, else 503 with the reason; it takes two seconds at most.

    ``down``: nothing can be stored. ``degraded``: the site works, but other processes' news arrive by
    polling only. Says nothing that a stranger may not know.
    """
    (database, position), (layer, _nothing) = await asyncio.gather(
        _check(_thread.run(feed_position)), _check(_touch_layer())
    )
    is_up = database["status"] == "ok"
    status = "down" if not is_up else "ok" if layer["status"] == "ok" else "degraded"
    content = {
        "status": status,
        "database": database,
        "channel_layer": layer,
        "feed": {"position": position},
        "version": settings.VERSION,
    }
    headers = {"Cache-Control": "no-store"}
    return JsonResponse(content, status=200 if status == "ok" else 503, headers=headers)


async def _check(question: Awaitable[T]) -> tuple[dict[str, Any], T | None]:
    try:
        async with asyncio.timeout(TIMEOUT_S):
            answer = await question
    except TimeoutError:
        return {"status": "down", "reason": f"no answer within {TIMEOUT_S} s"}, None
    except Exception as error:  # noqa: BLE001 - whatever it is, it's the answer
        return {"status": "down", "reason": f"can't be reached ({type(error).__name__})"}, None
    return {"status": "ok"}, answer


async def _touch_layer() -> None:
    await get_channel_layer().group_send("linge.health", {"type": "health"})
