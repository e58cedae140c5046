"""How many messages a socket may send."""

from __future__ import annotations

from time import monotonic
from typing import Final

from django.utils.translation import gettext_lazy as _

from gis_grids.errors import RateLimited

#: Far more than a phone that comes back with a full outbox, and more than a client can get answered that
#: waits for each answer; a flood stays outside.
PER_SECOND: Final = 1000.0
BURST: Final = 1000.0


class Throttle:
    """A token bucket: it fills steadily, and each message takes a token out."""

    def __init__(self, per_second: float = PER_SECOND, burst: float = BURST) -> None:
        self._per_second = per_second
        self._burst = burst
        self._tokens = burst
        self._filled_at = monotonic()

    def admit(self) -> None:
        """Take a token. Raises `RateLimited` if there is none."""
        now = monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._filled_at) * self._per_second)
        self._filled_at = now
        if self._tokens < 1:
            raise RateLimited(
                "rate_limited", _("Too many messages at once. Wait a moment."), {"retry_after_s": 1}
            )
        self._tokens -= 1
