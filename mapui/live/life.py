"""The life of the process, as the server tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connections

from mapui.live.hub import get_hub
from mapui.live.intake import get_intake

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, LifespanScope


async def lifespan(_scope: LifespanScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Start the hub with the server; at the end, let what is being written be written."""
    await receive()
    let_no_query_hang()
    get_hub().start()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await get_intake().finish()
    await get_hub().stop()
    await send({"type": "lifespan.shutdown.complete"})


def let_no_query_hang() -> None:
    """Give the connections that this process opens from now on the limits of `WEB_DATABASE_OPTIONS`."""
    options = connections.settings["default"]["OPTIONS"]
    if settings.WEB_DATABASE_OPTIONS not in options["options"]:
        options["options"] += settings.WEB_DATABASE_OPTIONS
