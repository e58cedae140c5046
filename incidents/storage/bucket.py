"""Whole files in a bucket. Beside the folder, so that only who has one loads what it needs."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.utils.translation import gettext_lazy as _
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

from incidents.storage.store import CHUNK, StoreAway

if TYPE_CHECKING:
    from collections.abc import Iterator

_MISSING: Final = 404


class Bucket(S3Storage):
    """Objects of S3, or of what speaks its language; the server reads them for who may see them.

    Who may write is said as all tools of S3 read it: ``AWS_ACCESS_KEY_ID`` and its like in the environment.
    """

    def __init__(self, *, endpoint_url: str = "", region_name: str = "", **options: Any) -> None:  # noqa: ANN401
        # A server of one's own has no subdomain for each bucket, and may not know the newest checksums.
        client = Config(
            s3={"addressing_style": "path" if endpoint_url else "auto"},
            connect_timeout=5,
            read_timeout=20,
            retries={"total_max_attempts": 2},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(
            endpoint_url=endpoint_url or None,
            region_name=region_name or None,
            client_config=client,
            **options,
        )

    @cached_property
    def _client(self) -> Any:  # noqa: ANN401 - boto3 makes its classes at run time
        # One for all threads, which may share it; the library below makes one for each.
        return self.connection.meta.client

    def _where(self, name: str) -> dict[str, str]:
        return {"Bucket": self.bucket_name, "Key": self._normalize_name(clean_name(name))}

    def exists(self, name: str) -> bool:
        """Return whether the object is there."""
        try:
            self.size(name)
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        """Return its bytes."""
        with _reachable(name):
            return int(self._client.head_object(**self._where(name))["ContentLength"])

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:  # noqa: ANN401
        """Keep the object; an object is there whole or not at all."""
        with _reachable(str(name)):
            return str(super().save(name, content, max_length))

    def delete(self, name: str) -> None:
        """Keep the object no longer."""
        with _reachable(name):
            self._client.delete_object(**self._where(name))

    def read(self, name: str, start: int, end: int) -> Iterator[bytes]:
        """Yield the bytes of a part; no others are fetched."""
        with _reachable(name):
            asked = f"bytes={start}-{end - 1}"
            body = self._client.get_object(**self._where(name), Range=asked)["Body"]
            yield from body.iter_chunks(CHUNK)


@contextmanager
def _reachable(name: str) -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        answer = getattr(error, "response", {}).get("ResponseMetadata", {})
        if answer.get("HTTPStatusCode") == _MISSING:
            raise FileNotFoundError(name) from error
        raise StoreAway(
            "attachment.store_away",
            _("The place where files are kept can't be reached now. What was sent is kept; try again later."),
        ) from error
