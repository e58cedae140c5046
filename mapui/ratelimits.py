"""How many reports a person and an address may send: generous, so that only a flood stays outside.

A phone that comes back with two hundred reports after a day offline passes at once. Who is refused is
told when to come again, and keeps the report until then.
"""

from __future__ import annotations

import logging
import math
import time
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from asgiref.sync import sync_to_async
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from limits import parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import FixedWindowRateLimiter
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from gis_grids.errors import RateLimited

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

log = logging.getLogger(__name__)

#: How Redis is asked where somebody waits for the answer: at most 0.3 s to connect and as long to answer.
HASTY: Final = {
    "socket_connect_timeout": 0.3,
    "socket_timeout": 0.3,
    "retry": Retry(NoBackoff(), 0),
}
#: A process takes this share of a limit from Redis at a time, and spends it without asking again.
_BUNDLE: Final = 60
#: What was taken lasts so many seconds at least.
_LEAST_S: Final = 1.0
#: More keys than this are not remembered without looking which of them are over.
_MANY: Final = 10_000


class Outage:
    """Remembers that something doesn't answer, so that nobody waits for it again for a while."""

    def __init__(self, what: str, pause_s: float = 5.0) -> None:
        self._what = what
        self._pause_s = pause_s
        self._until = 0.0

    def __bool__(self) -> bool:
        """Whether it lasts."""
        return time.monotonic() < self._until

    def begin(self, error: Exception) -> None:
        """Leave it alone from now on; the log gets one line for an outage, however long."""
        now = time.monotonic()
        if now > self._until + self._pause_s:
            log.warning("%s (%s)", self._what, type(error).__name__)
        self._until = now + self._pause_s


class Quota:
    """A limit for each of many keys, in fixed windows; counted in memory, or by all processes in Redis.

    A process takes a sixtieth of the limit at a time and spends it without asking again: so few reports
    cost a round trip to Redis, and all processes together let at most that much too few through. While
    Redis is away each process counts by itself.
    """

    def __init__(self, rate: str, name: str, redis_url: str = "") -> None:
        self._rate = parse(rate)
        self._name = name
        self._own = FixedWindowRateLimiter(MemoryStorage())
        self._shared = _shared(redis_url)
        self._bundle = max(1, self._rate.amount // _BUNDLE)
        self._outage = Outage("Redis counts no reports; each process counts by itself")
        self._at_hand: dict[str, tuple[int, float]] = {}
        self._lock = Lock()

    def answers_at_once(self, key: str) -> bool:
        """Whether `take` needs nobody else for this key now."""
        return self._shared is None or bool(self._outage) or self._left(key) > 0

    def take(self, key: str) -> float:
        """Count one; returns 0, or the seconds until the next window if the limit is used up."""
        with self._lock:
            if left := self._left(key):
                self._at_hand[key] = (left - 1, self._at_hand[key][1])
                return 0
        if self._shared is None or self._outage:
            return self._fetch(self._own, key)
        try:
            return self._fetch(self._shared, key)
        except (StorageError, RedisError, OSError) as error:
            self._outage.begin(error)
            return self._fetch(self._own, key)

    def _left(self, key: str) -> int:
        count, until = self._at_hand.get(key, (0, 0.0))
        return count if time.time() < until else 0

    def _fetch(self, limiter: FixedWindowRateLimiter, key: str) -> float:
        if not limiter.hit(self._rate, self._name, key, cost=self._bundle):
            return max(1.0, limiter.get_window_stats(self._rate, self._name, key).reset_time - time.time())
        if self._bundle > 1:
            # Redis rounds to whole seconds: at a window's end a bundle would be over as soon as it was taken.
            ends = limiter.get_window_stats(self._rate, self._name, key).reset_time
            until = max(ends, time.time() + _LEAST_S)
            with self._lock:
                self._forget_what_is_over()
                self._at_hand[key] = (self._left(key) + self._bundle - 1, until)
        return 0

    def _forget_what_is_over(self) -> None:
        if len(self._at_hand) > _MANY:
            now = time.time()
            self._at_hand = {key: each for key, each in self._at_hand.items() if each[1] > now}


def _shared(redis_url: str) -> FixedWindowRateLimiter | None:
    if not redis_url:
        return None
    # The prefix that `limits` puts before unix:// is for its own choice of storage.
    url = f"redis+{redis_url}" if redis_url.startswith("unix://") else redis_url
    return FixedWindowRateLimiter(RedisStorage(url, wrap_exceptions=True, key_prefix="linge", **HASTY))  # type: ignore[arg-type]


class ReportLimits:
    """The limits of reports, by user and by address."""

    def __init__(self, per_user: str, per_address: str, redis_url: str = "") -> None:
        self._users = Quota(per_user, "reports-by-user", redis_url)
        self._addresses = Quota(per_address, "reports-by-address", redis_url)

    def admit(self, user_id: int, address: str) -> None:
        """Count a report; an empty address is nobody's. Takes half a second at most.

        Raises `RateLimited` ("rate_limited").
        """
        wait = self._users.take(str(user_id)) or (self._addresses.take(address) if address else 0)
        if wait:
            raise RateLimited(
                "rate_limited",
                _("Too many reports at once. Send the same again in %(retry_after_s)s seconds."),
                {"retry_after_s": math.ceil(wait)},
            )

    async def admit_soon(self, user_id: int, address: str) -> None:
        """Do the same as `admit` without holding up the event loop."""
        if self._users.answers_at_once(str(user_id)) and self._addresses.answers_at_once(address):
            self.admit(user_id, address)
        else:
            await sync_to_async(self.admit, thread_sensitive=False)(user_id, address)


@cache
def report_limits() -> ReportLimits:
    """Return the limits of this process."""
    return ReportLimits(settings.REPORTS_PER_USER, settings.REPORTS_PER_ADDRESS, settings.REDIS_URL)


def address_of(request: HttpRequest) -> str:
    """Return the address that a request came from; empty if it is not known."""
    return _address(request.META.get("REMOTE_ADDR") or "", request.META.get("HTTP_X_FORWARDED_FOR", ""))


def address_of_socket(scope: Mapping[str, Any]) -> str:
    """Return the address that a socket came from; empty if it is not known."""
    client = scope.get("client")
    forwarded = [value.decode("latin1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return _address(client[0] if client else "", ",".join(forwarded))


def _address(peer: str, forwarded: str) -> str:
    """Believe ``X-Forwarded-For`` only behind a proxy of ours, and then what that proxy itself has added."""
    if settings.BEHIND_PROXY:
        return forwarded.rpartition(",")[2].strip()
    return peer
