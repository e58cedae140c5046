"""Tiles past the middleware: a map asks for dozens at once, and for most of them the answer is at hand.

Who reads, and which version is current, is looked up as Django does it, and then believed for `TRUSTED_S`.
All that isn't plain (no log-in, no right, an old version, a tile that takes too long) is left to the views.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib.auth import get_user
from django.db import OperationalError, connection
from django.http import HttpRequest
from django.http.cookie import parse_cookie

from gis_grids.levels import Level
from gis_grids.permissions import scope_of
from gis_grids.selectors import map_version
from mapui.tiles.answers import Answer, Asked, answer_for
from mapui.tiles.layers import OPEN, Address, Layer
from mapui.tiles.rights import ground_in, may_read

if TYPE_CHECKING:
    from collections.abc import Callable

    from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope

    from gis_grids.permissions import Scope as Reach

TRUSTED_S: Final = 2.0
"""Who is locked out, or has lost a post, gets tiles for so long; and a map that has changed stays so long."""

_PATH: Final = re.compile(
    rf"/tiles/({'|'.join(Layer)})(?:/({'|'.join(Level.values)}))?"
    r"/(\d{1,10})/(\d{1,2})/(\d{1,6})/(\d{1,6})\.mvt"
)
_KEPT: Final = 4096


class _Trusted:
    """What was looked up lately, by key."""

    def __init__(self) -> None:
        self._found: OrderedDict[str, tuple[float, Any]] = OrderedDict()

    def look_up(self, key: str, find: Callable[[str], Any]) -> Any:  # noqa: ANN401 - what `find` returns
        """Return what `find` finds for the key, now or within the last `TRUSTED_S`."""
        now = time.monotonic()
        known = self._found.get(key)
        if known and now - known[0] < TRUSTED_S:
            return known[1]
        value = find(key)
        self._found[key] = (now, value)
        self._found.move_to_end(key)
        while len(self._found) > _KEPT:
            self._found.popitem(last=False)
        return value


class Shortcut:
    """An ASGI application that answers for tiles, and passes on what isn't one."""

    def __init__(self, otherwise: ASGI3Application) -> None:
        self._otherwise = otherwise
        self._readers, self._versions = _Trusted(), _Trusted()

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Answer a GET for a tile, if it's plain."""
        if scope["type"] == "http" and scope["method"] == "GET":
            match = _PATH.fullmatch(scope["path"])
            answer = await asyncio.to_thread(self._answer, scope, match.groups("")) if match else None
            if answer is not None:
                await _send(send, answer)
                return
        await self._otherwise(scope, receive, send)

    def _answer(self, scope: HTTPScope, parts: tuple[str, ...]) -> Answer | None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        session = parse_cookie(headers.get(b"cookie", "")).get(settings.SESSION_COOKIE_NAME, "")
        layer, level, version, z, x, y = parts
        address = Address(layer, int(version), int(z), int(x), int(y), level)
        if not session or not address.is_on_the_map:
            return None
        try:
            reach = self._readers.look_up(session, _reader)
            if reach is None or not may_read(reach, layer):
                return None
            if self._versions.look_up(layer, map_version) != address.version:
                return None
            within = None
            if layer not in OPEN:
                within = ground_in(reach, address, self._versions.look_up(Layer.UNITS, map_version))
            asked = Asked(headers.get(b"accept-encoding", ""), headers.get(b"if-none-match", ""))
            return answer_for(address, within, asked)
        except OperationalError:
            return None
        finally:
            connection.close()  # back to the pool: this is no request of Django's, which would do it


def _reader(session_key: str) -> Reach | None:
    """Return the scope of who is logged in with the session; None for nobody."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(request)
    return scope_of(user) if user.is_authenticated else None


async def _send(send: ASGISendCallable, answer: Answer) -> None:
    headers = answer.headers | {"Content-Length": str(len(answer.body)), "X-Content-Type-Options": "nosniff"}
    pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": pairs, "trailers": False})
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})
