"""The wall's socket: the feed below the viewer's units, actions on cases, and who else has a case open."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from channels.db import database_sync_to_async
from django.db import Error as DatabaseError

from gis_grids.errors import NotFound
from gis_grids.permissions import scope_of
from incidents.selectors import open_grants
from incidents.selectors.access import access_incident
from mapui.consumers.base import LiveConsumer
from mapui.consumers.cases import carry_out
from mapui.faces import WALL
from mapui.live.listener import Audience
from mapui.live.presence import gone, seen
from mapui.wire import Command, Here, Message, PostHere, Watch, wall_message

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from gis_grids.permissions import Scope

#: So often it is looked who else has a case open: only while somebody has it open here.
LOOK_S: Final = 1.0
#: After so many looks it is asked again whether the viewer may still see it.
_RECHECK: Final = 20


class WallConsumer(LiveConsumer):
    """Who holds a post of the wall watches the subtrees of those posts, and acts by his rights."""

    face = WALL
    adapter = wall_message

    _watching: asyncio.Task[None] | None = None

    def audience_of(self, user: AbstractBaseUser | AnonymousUser, scope: Scope) -> Audience:
        """All who watch the same units and may see the same private matters hear the same."""
        return Audience(roots=scope.roots(WALL.kinds), grants=open_grants(user))

    async def disconnect(self, code: int) -> None:
        """Leave the case that is open, then the hub."""
        await self._watch(None)
        await super().disconnect(code)

    async def handle(self, message: Message) -> None:
        """Carry out a command, the answer comes after the commit; or note which case is open."""
        if isinstance(message, Watch):
            await self._watch(message.incident)
        elif isinstance(message, Command):
            done = await database_sync_to_async(carry_out)(
                message, incident_id=message.incident, command_id=message.id, actor=self.user
            )
            await self.answer(done)
        else:
            await super().handle(message)

    async def _watch(self, incident_id: int | None) -> None:
        """Be at this case from now on, and at none before. Raises `NotFound` if the viewer may not see it."""
        if self._watching:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
            self._watching = None
        if incident_id is not None:
            me = await database_sync_to_async(self._post_for)(incident_id)
            self._watching = asyncio.create_task(self._stay(incident_id, me))

    async def _stay(self, incident_id: int, me: PostHere) -> None:
        what, known, looks = f"case-{incident_id}", None, 0
        try:
            while True:
                with suppress(DatabaseError):
                    looks += 1
                    if looks % _RECHECK == 0:
                        me = await database_sync_to_async(self._post_for)(incident_id)
                    here = await database_sync_to_async(seen)(what, self.user.pk, me.model_dump_json())
                    if here != known:
                        known = here
                        others = [PostHere.model_validate_json(each) for each in here]
                        await self.answer(Here(incident=incident_id, others=others))
                await asyncio.sleep(LOOK_S)
        except NotFound:
            await self.answer(Here(incident=incident_id, others=[]))
        finally:
            await database_sync_to_async(gone)(what, self.user.pk)

    def _post_for(self, incident_id: int) -> PostHere:
        """Return the viewer's post nearest to the case, by which others are told of him."""
        access = access_incident(self.user, incident_id)
        held = {unit: kind for kind, unit in scope_of(self.user).posts}
        near = [(held[link.unit_id], link.name) for link in reversed(access.chain) if link.unit_id in held]
        kind, name = near[0] if near else ("", access.chain[-1].name)
        return PostHere(post=kind, unit_name=name)
