"""The socket of a plan: a hint whenever somebody has drawn or anything else of it is new; and who is here."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import Error as DatabaseError

from gis_grids.errors import NotFound
from gis_grids.people import name_of
from gis_grids.permissions import scope_of
from gis_grids.selectors.plans import plan_for
from mapui.consumers.base import CLOSE_LOG_IN, CLOSE_NO_RIGHT
from mapui.live.presence import seen

if TYPE_CHECKING:
    News = tuple[int, str, int]

#: So often a plan that somebody has open is looked at. Few have one open, and the row is found by its key:
#: so no message has to be passed between processes, and none can be lost.
LOOK_S: Final = 0.5


class PlanConsumer(AsyncWebsocketConsumer):
    """Tells who has a plan open that there is news; what it is, the page asks over HTTP.

    Whoever may no longer see the plan is sent away at the next look.
    """

    channel_layer_alias = "none for sockets"

    async def connect(self) -> None:
        """Accept, so that a browser can read the close code, and look at the plan from then on."""
        await self.accept()
        if not self.scope["user"].is_authenticated:
            await self.close(CLOSE_LOG_IN)
            return
        self._task = asyncio.create_task(self._watch())

    async def disconnect(self, code: int) -> None:  # noqa: ARG002
        """Look no more."""
        if task := getattr(self, "_task", None):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Take a sign of life; there is nothing to say to this socket."""

    async def _watch(self) -> None:
        known: News | None = None
        others: list[str] = []
        while True:
            with suppress(DatabaseError):  # the page says itself that the server can't be asked
                news, here = await database_sync_to_async(self._look)()
                if news is None:
                    await self.close(CLOSE_NO_RIGHT)
                    return
                if news != known:
                    rev, status, _changes = known = news
                    await self.send(json.dumps({"kind": "rev", "rev": rev, "status": status}))
                if here != others:
                    others = here
                    await self.send(json.dumps({"kind": "here", "people": others}))
            await asyncio.sleep(LOOK_S)

    def _look(self) -> tuple[News | None, list[str]]:
        """Return what is new of the plan (None: its reader may see it no more), and who else has it open."""
        plan_id, reader = self.scope["url_route"]["kwargs"]["plan_id"], self.scope["user"]
        try:
            plan = plan_for(scope_of(reader), plan_id)
        except NotFound:
            return None, []
        return (plan.rev, plan.status, plan.news), seen(f"plan-{plan_id}", reader.pk, name_of(reader))
