"""The wall's socket: the feed below the viewer's units, and actions on cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from channels.db import database_sync_to_async

from incidents.selectors import open_grants
from mapui.consumers.base import LiveConsumer
from mapui.consumers.cases import carry_out
from mapui.faces import WALL
from mapui.live.listener import Audience
from mapui.wire import Command, Message, wall_message

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from gis_grids.permissions import Scope


class WallConsumer(LiveConsumer):
    """Who holds a post of the wall watches the subtrees of those posts, and acts by his rights."""

    face = WALL
    adapter = wall_message

    def audience_of(self, user: AbstractBaseUser | AnonymousUser, scope: Scope) -> Audience:
        """All who watch the same units and may see the same private matters hear the same."""
        return Audience(roots=scope.roots(WALL.kinds), grants=open_grants(user))

    async def handle(self, message: Message) -> None:
        """Carry out a command; the answer comes after the commit."""
        if not isinstance(message, Command):
            await super().handle(message)
            return
        done = await database_sync_to_async(carry_out)(
            message, incident_id=message.incident, command_id=message.id, actor=self.user
        )
        await self.answer(done)
