"""What files of cases need of the place where they are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, cast

from django.core.files import File
from django.core.files.storage import storages

from gis_grids.errors import LingeError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Bytes that are read at once.
CHUNK: Final = 256 * 1024


class StoreAway(LingeError):  # noqa: N818 (what happened, not that it is an error)
    """The place of whole files can't be reached now; nothing that had come is lost."""


class Store(Protocol):
    """What files of cases need of a storage.

    Every method raises `StoreAway`, those that read a file that isn't there `FileNotFoundError`.
    """

    def exists(self, name: str) -> bool:
        """Return whether the file is there, whole."""

    def size(self, name: str) -> int:
        """Return its bytes."""

    def save(self, name: str, content: File[bytes]) -> str:
        """Keep the file; it's there for good when this returns. One of the same name is replaced."""

    def delete(self, name: str) -> None:
        """Keep the file no longer; one that isn't there is no fault."""

    def read(self, name: str, start: int, end: int) -> Iterator[bytes]:
        """Yield the bytes from ``start`` up to, and without, ``end``."""


def media_store() -> Store:
    """Return the storage of whole files."""
    return cast("Store", storages["media"])


class Moved(File):  # type: ignore[type-arg]  # it is generic for the type checker only
    """A file on the disk that `save` may take away: within one disk it's only renamed."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.open("rb"), name=path.name)
        self._path = path

    def temporary_file_path(self) -> str:
        """Return where it lies, as Django asks what it may move."""
        return str(self._path)
