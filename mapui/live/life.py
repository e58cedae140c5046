"""The life of the process, as the server tells it."""

from __future__ import annotations

import gc
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
    collect_garbage_seldom()
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


def collect_garbage_seldom() -> None:
    """Look for circles of garbage far less often than Python does, and not in what stays for ever.

    With some hundred sockets a full collection takes a quarter of a second, every few seconds, and nobody
    is answered meanwhile. Nearly all that we drop is freed without it, as nothing refers to it any more.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
