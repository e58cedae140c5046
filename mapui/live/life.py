"""The life of the process, as the server tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapui.live.hub import get_hub
from mapui.live.intake import get_intake

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, LifespanScope


async def lifespan(_scope: LifespanScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Start the hub with the server; at the end, let what is being written be written."""
    await receive()
    get_hub().start()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await get_intake().finish()
    await get_hub().stop()
    await send({"type": "lifespan.shutdown.complete"})
