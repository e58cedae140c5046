"""What all sockets share: who is let in, what is understood, how the feed reaches them, how they end."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Final

from channels.auth import get_user
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest
from django.utils import translation

from gis_grids.permissions import scope_of
from mapui.consumers.faults import OUTAGES, fault_of
from mapui.consumers.parsing import id_in, parse
from mapui.consumers.throttle import Throttle
from mapui.live.hub import get_hub
from mapui.live.listener import Listener
from mapui.wire import Error, Hello, Message, Ping

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from uuid import UUID

    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
    from pydantic import TypeAdapter

    from gis_grids.errors import LingeError
    from gis_grids.permissions import Scope
    from mapui.faces import Face
    from mapui.live.listener import Audience, Frame

#: Close codes; docs/websocket.md says what a client does about them.
CLOSE_LOG_IN: Final = 4401
CLOSE_NO_RIGHT: Final = 4403
CLOSE_TRY_LATER: Final = 1013

#: Rights are looked up again after so many seconds, not all sockets at once.
RECHECK_S: Final = (20.0, 40.0)
#: So many reports of one socket may be on their way into the database; further ones wait.
MAX_UNDER_WAY: Final = 16


class LiveConsumer(AsyncWebsocketConsumer):
    """A socket of a face: log-in and post are checked before anything is said, and again every half minute.

    A subclass names its face, its messages and its audience, and handles what isn't common to all.
    Nothing a client sends can end the socket: what is wrong is answered with an `Error`.
    """

    # The layer carries nothing for sockets, only hints for the hub: a socket without Redis lives on.
    channel_layer_alias = "none for sockets"
    face: ClassVar[Face]
    adapter: ClassVar[TypeAdapter[Any]]

    listener: Listener | None = None

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Handle an ASGI message; without the hop to a thread that Channels makes before each."""
        await getattr(self, message["type"].replace(".", "_"))(message)

    # --- coming and going ----------------------------------------------------------------------

    async def connect(self) -> None:
        """Accept, so that a browser can read the close code, and let in only who has a post for the face."""
        self.language = _language_of(self.scope)
        self.throttle = Throttle()
        self.must_reload = False
        self._under_way: set[asyncio.Task[None]] = set()
        await self.accept()
        self.user = self.scope["user"]
        code, audience = await database_sync_to_async(self._rights_of)(self.user)
        if code is not None:
            await self.close(code)
            return
        self.listener = Listener(audience, self._send_frame)
        self._tasks = [asyncio.create_task(self.listener.run()), asyncio.create_task(self._watch_rights())]

    async def disconnect(self, code: int) -> None:  # noqa: ARG002
        """Leave the hub. What is on its way into the database still gets there, in the socket's thread."""
        if self.listener is None:
            return
        get_hub().leave(self.listener)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, *self._under_way, return_exceptions=True)

    def audience_of(self, user: AbstractBaseUser | AnonymousUser, scope: Scope) -> Audience:
        """Return what the socket of a person with these posts listens to."""
        raise NotImplementedError

    def _rights_of(self, user: AbstractBaseUser | AnonymousUser) -> tuple[int | None, Audience]:
        scope = scope_of(user)
        code = None if scope.roots(self.face.kinds) else CLOSE_NO_RIGHT
        return (code if user.is_authenticated else CLOSE_LOG_IN), self.audience_of(user, scope)

    async def _watch_rights(self) -> None:
        while True:
            await asyncio.sleep(random.uniform(*RECHECK_S))  # noqa: S311 - not a secret
            with suppress(DatabaseError):  # then there is no feed either; the next time will tell
                await self.check_rights()

    async def check_rights(self) -> None:
        """Close the socket of who has logged out, was disabled or lost his posts; follow a changed scope."""
        session_store = import_module(settings.SESSION_ENGINE).SessionStore
        user = await get_user({"session": session_store(self.scope["session"].session_key)})
        code, audience = await database_sync_to_async(self._rights_of)(user)
        if self.listener is None:
            return
        if code is not None:
            get_hub().leave(self.listener)
            await self.close(code)
            return
        self.user = user
        if audience != self.listener.place.audience:
            self.must_reload = True
            get_hub().move(self.listener, audience)

    # --- what a client says --------------------------------------------------------------------

    async def receive(
        self,
        text_data: str | None = None,
        bytes_data: bytes | None = None,  # noqa: ARG002
    ) -> None:
        """Handle one frame; whatever goes wrong is answered, and the socket stays."""
        if self.listener is None:
            return
        with translation.override(self.language):
            try:
                self.throttle.admit()
                await self.handle(parse(self.adapter, text_data))
            except Exception as error:  # noqa: BLE001 - told to the client or logged, by fault_of
                await self.refuse(error, id_in(text_data))

    async def handle(self, message: Message) -> None:
        """Handle a message; a subclass adds its own kinds."""
        assert self.listener is not None  # noqa: S101 - for the type checker
        if isinstance(message, Hello):
            if message.holder not in {None, self.user.get_username()}:
                await self.close(CLOSE_LOG_IN)  # another person has logged in on this device meanwhile
                return
            await self._begin(self.listener, message)
        elif isinstance(message, Ping):
            get_hub().answer_ping(self.listener)

    async def _begin(self, listener: Listener, hello: Hello) -> None:
        """Let the listener in; without the database there is nothing to begin with, so it must come again."""
        position = None if self.must_reload else hello.position
        try:
            await get_hub().begin(listener, position, packed=hello.packed)
        except OUTAGES:
            await self.close(CLOSE_TRY_LATER)
        else:
            self.must_reload = False

    async def answer(self, message: Message) -> None:
        """Send a message; to a client that has gone, nothing."""
        with suppress(OSError):
            await self._send_frame(message.model_dump_json(fallback=str))

    async def refuse(self, error: Exception, about: UUID | None) -> None:
        """Tell the client what is wrong with a message, naming its id if it has one."""
        fault = self.word(fault_of(error))
        await self.answer(Error(code=fault.code, message=str(fault), id=about, details=fault.details))

    def word(self, fault: LingeError) -> LingeError:
        """Return the fault, in words that fit what this socket is for."""
        return fault

    async def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Go on with the next message while this one is under way; wait only if too many are."""
        if len(self._under_way) >= MAX_UNDER_WAY:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _send_frame(self, frame: Frame) -> None:
        await self.base_send({"type": "websocket.send", "text" if isinstance(frame, str) else "bytes": frame})


def _language_of(scope: dict[str, Any]) -> str:
    """Return the language of the page that opened the socket, by Django's own rules."""
    request = HttpRequest()
    request.COOKIES = scope["cookies"]
    request.META["HTTP_ACCEPT_LANGUAGE"] = (
        dict(scope["headers"]).get(b"accept-language", b"").decode("latin1")
    )
    return translation.get_language_from_request(request)
