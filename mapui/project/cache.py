"""The cache: Redis, and while that is away the memory of this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django_redis.cache import RedisCache  # type: ignore[import-untyped]
from redis.exceptions import RedisError

from mapui.ratelimits import HASTY, Outage

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Of the whole process: Django makes a cache for each thread.
_outage = Outage("The cache does without Redis; each process has its own")


class SharedCache(BaseCache):
    """Redis for all processes; while it doesn't answer, each has a cache of its own.

    So a log-in works without Redis, and attempts are still counted (django-redis alone would count none).
    Nobody waits more than once in a few seconds, for 0.6 s at most. The rest of the interface is
    Django's own, on top of what is here.
    """

    def __init__(self, url: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._redis = RedisCache(url, params | {"OPTIONS": {"CONNECTION_POOL_KWARGS": HASTY}})
        self._own = LocMemCache("without-redis", params)

    def _do(self, name: str, *args: Any) -> Any:  # noqa: ANN401 - whatever is cached
        if not _outage:
            try:
                return getattr(self._redis, name)(*args)
            except (RedisError, OSError) as error:
                _outage.begin(error)
        return getattr(self._own, name)(*args)

    def add(
        self, key: str, value: object, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Keep a value unless there is one; returns whether it was kept."""
        return bool(self._do("add", key, value, timeout, version))

    def get(self, key: str, default: object = None, version: int | None = None) -> Any:  # noqa: ANN401
        """Return the value or the default."""
        return self._do("get", key, default, version)

    def set(
        self, key: str, value: object, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Keep a value."""
        self._do("set", key, value, timeout, version)

    def touch(self, key: str, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep what is there for longer."""
        return bool(self._do("touch", key, timeout, version))

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forget a value."""
        return bool(self._do("delete", key, version))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Add to a number, at once for all processes."""
        return int(self._do("incr", key, delta, version))

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        """Return the values that are there."""
        return dict(self._do("get_many", list(keys), version))

    def clear(self) -> None:
        """Forget all."""
        self._do("clear")
