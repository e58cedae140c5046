"""What somebody is told while he writes a report, before he sends it."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Final, cast

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from ninja import Router
from pydantic import StringConstraints

from gis_grids.errors import RateLimited
from incidents.selectors.nearby import nearby
from incidents.selectors.negative_list import warnings_for
from mapui.api.schemas import EntryChecksShown
from mapui.ratelimits import Quota
from mapui.wire import Message

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest

router = Router()

#: A form asks when the matter, the place or the text has changed; nobody writes faster than that.
CHECKS_PER_USER: Final = "60/minute"


class EntryBody(Message):
    """What is about to be reported. It comes as a body: a text may name people, and addresses are logged."""

    matter: Annotated[str, StringConstraints(max_length=32, pattern=r"^[a-z0-9_-]+$")]
    text: Annotated[str, StringConstraints(max_length=2000)] = ""
    lon: float
    lat: float


@router.post("/entry-checks", response=EntryChecksShown)
def post_entry_checks(request: HttpRequest, content: EntryBody) -> dict[str, Any]:
    """Return what is known nearby of the same matter, and what speaks against the report. Stores nothing."""
    user = cast("User", request.user)
    _admit(user.pk)
    return {
        "nearby": nearby(user, content.matter, content.lon, content.lat),
        "warnings": warnings_for(content.matter, content.text),
    }


def _admit(user_id: int) -> None:
    wait = entry_quota().take(str(user_id))
    if wait:
        raise RateLimited(
            "rate_limited",
            _("Too many questions at once. Ask again in %(retry_after_s)s seconds."),
            {"retry_after_s": math.ceil(wait)},
        )


@cache
def entry_quota() -> Quota:
    """Return the limit of this process."""
    return Quota(CHECKS_PER_USER, "entry-checks-by-user", settings.REDIS_URL)
