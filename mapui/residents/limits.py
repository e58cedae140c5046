"""How much one address may do: a whole neighbourhood may share one, so only a flood stays outside."""

from __future__ import annotations

from functools import cache
from typing import Final

from django.conf import settings

from mapui.ratelimits import Quota

#: How often the pages may be asked for, and how many pieces of pictures may be sent, from one address.
READS: Final = "600/5 minutes"
PIECES: Final = "3000/5 minutes"


@cache
def reading_limit() -> Quota:
    """Return the limit of this process for pages."""
    return Quota(READS, "residents-pages-by-address", settings.REDIS_URL)


@cache
def writing_limit() -> Quota:
    """Return the limit of this process for reports, answers and objections."""
    return Quota(settings.RESIDENTS_PER_ADDRESS, "residents-by-address", settings.REDIS_URL)


@cache
def piece_limit() -> Quota:
    """Return the limit of this process for pieces of pictures."""
    return Quota(PIECES, "residents-pieces-by-address", settings.REDIS_URL)
