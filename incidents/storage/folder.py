"""Whole files in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.files.storage import FileSystemStorage

from incidents.copies.files import sync
from incidents.storage.store import CHUNK

if TYPE_CHECKING:
    from collections.abc import Iterator


class Folder(FileSystemStorage):
    """Files below `MEDIA_ROOT`, for all server processes the same folder."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - Django's
        super().__init__(allow_overwrite=True, file_permissions_mode=0o640, **options)

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:  # noqa: ANN401
        """Keep the file, and have the disk know its name."""
        saved = super().save(name, content, max_length)
        sync(Path(self.path(saved)).parent)
        return saved

    def read(self, name: str, start: int, end: int) -> Iterator[bytes]:
        """Yield the bytes of a part."""
        with Path(self.path(name)).open("rb") as file:
            file.seek(start)
            left = end - start
            while left and (content := file.read(min(left, CHUNK))):
                left -= len(content)
                yield content
