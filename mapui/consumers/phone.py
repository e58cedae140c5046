"""The phone's socket: reports in, acknowledgements out, and how one's own reports fare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from gis_grids.errors import RateLimited
from mapui.consumers.base import LiveConsumer
from mapui.consumers.cases import ack_of, new_report
from mapui.consumers.faults import UnavailableError
from mapui.faces import PHONE
from mapui.live.intake import get_intake
from mapui.live.listener import Audience
from mapui.ratelimits import address_of_socket, report_limits
from mapui.wire import Message, Report, phone_message

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from gis_grids.errors import LingeError
    from gis_grids.permissions import Scope


class PhoneConsumer(LiveConsumer):
    """Who holds a post reports, and follows his own reports."""

    face = PHONE
    adapter = phone_message

    def audience_of(self, user: AbstractBaseUser | AnonymousUser, scope: Scope) -> Audience:  # noqa: ARG002
        """All devices of one reporter hear the same."""
        return Audience(reporter=scope.user_id)

    async def connect(self) -> None:
        """Note where the socket comes from, and let it in if it may."""
        self.address = address_of_socket(self.scope)
        await super().connect()

    async def handle(self, message: Message) -> None:
        """Take a report in; the next message need not wait for its commit."""
        if isinstance(message, Report):
            await self.start(self._report(message))
        else:
            await super().handle(message)

    async def _report(self, message: Report) -> None:
        """Acknowledge after the commit, and only then; or say what is wrong."""
        report = new_report(message, report_id=message.id, reporter=self.user.pk)
        try:
            await report_limits().admit_soon(self.user.pk, self.address)
            reported = await get_intake().report(report)
        except Exception as error:  # noqa: BLE001 - told to the client or logged
            await self.refuse(error, message.id)
        else:
            await self.answer(ack_of(message.id, reported))

    def word(self, fault: LingeError) -> LingeError:
        """Say to who reports that nothing is lost: the phone sends it again."""
        if isinstance(fault, UnavailableError):
            sentence = _("The server can't store it just now. It is kept here and will be sent again.")
        elif isinstance(fault, RateLimited):
            sentence = _("Too many at once. It is kept here and sent again in %(retry_after_s)s seconds.")
        else:
            return fault
        return type(fault)(fault.code, sentence, fault.details)
