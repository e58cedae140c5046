"""The gate of all sockets: whose page may open one, and what becomes of what nobody caught."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import cycle
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from asgiref.sync import ThreadSensitiveContext
from channels.security.websocket import OriginValidator
from django.conf import settings
from django.http.request import split_domain_port, validate_host

from mapui.consumers.base import CLOSE_TRY_LATER
from mapui.consumers.faults import UnavailableError, fault_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Scope = dict[str, Any]
    Receive = Callable[[], Awaitable[dict[str, Any]]]
    Send = Callable[[dict[str, Any]], Awaitable[None]]
    Application = Callable[[Scope, Receive, Send], Awaitable[None]]

log = logging.getLogger(__name__)

CLOSE_FOREIGN_ORIGIN: Final = 4403
CLOSE_UNKNOWN_PATH: Final = 4404
CLOSE_FAULT: Final = 1011

#: So many threads of a process ask the database for what sockets need by themselves: rights, and actions.
_THREADS: Final = 4
_threads = cycle(ThreadPoolExecutor(1, thread_name_prefix=f"linge-socket-{n}") for n in range(_THREADS))


class Gate:
    """Refuses pages of other sites, and shares the sockets out among a few threads for the database.

    A socket carries the session's cookie, so a page of another origin could speak in a person's name: the
    ``Origin`` must be this very host and port, or be named in ``CSRF_TRUSTED_ORIGINS``. Clients that
    are no browsers must send one too. By themselves all sockets of a process would wait for each other's
    queries in one thread (asgiref#218), or have a thread each, of which there would be thousands.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a socket in, or refuse it."""
        headers = dict(scope["headers"])
        host, origin = (headers.get(name, b"").decode("latin1") for name in (b"host", b"origin"))
        if not self.admits(host, origin):
            log.warning("Socket refused: origin %.100r is not this site", origin)
            await send({"type": "websocket.close", "code": CLOSE_FOREIGN_ORIGIN})
            return
        async with ThreadSensitiveContext(executor=next(_threads)):
            await self._serve(scope, receive, send)

    def admits(self, host: str, origin: str) -> bool:
        """Tell whether pages of the origin may open sockets at this host."""
        try:
            parsed = urlsplit(origin.lower())
            is_ours = validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)
            if is_ours and parsed.scheme in {"http", "https"} and parsed.netloc == host.lower():
                return True
            trusted = [named.replace("://*.", "://.") for named in settings.CSRF_TRUSTED_ORIGINS]
            return bool(OriginValidator(self._application, trusted).valid_origin(parsed))
        except ValueError:  # not an address at all
            return False

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_open = False

        async def watched_send(message: dict[str, Any]) -> None:
            nonlocal is_open
            is_open = is_open or message["type"] == "websocket.accept"
            await send(message)

        try:
            await self._application(scope, receive, watched_send)
        except OSError:
            pass  # the client has gone before it was answered: what uvicorn raises then is one
        except Exception as error:  # noqa: BLE001 - logged by fault_of
            code = CLOSE_TRY_LATER if isinstance(fault_of(error), UnavailableError) else CLOSE_FAULT
            with suppress(OSError):  # gone already
                if not is_open:
                    await send({"type": "websocket.accept"})  # else a browser could not read the code
                await send({"type": "websocket.close", "code": code})


async def unknown_path(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Close a socket at an address that is none."""
    await send({"type": "websocket.close", "code": CLOSE_UNKNOWN_PATH})
