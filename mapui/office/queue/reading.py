"""An exported queue (docs/phone.md): a zip file with ``queue.json`` and the bytes of its files beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Annotated, Any, Final, Literal
from uuid import UUID
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812 - an error, as its name should say

from django.utils.translation import gettext_lazy as _
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from gis_grids.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator

LIST: Final = "queue.json"
#: Nobody writes so much in a day; a file beyond it is none of ours.
MAX_LIST: Final = 16 * 1024 * 1024
MAX_ITEMS: Final = 5000


class KeptItem(BaseModel):
    """Something that waited to be sent; what is in its body is judged when it is imported."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    method: Annotated[str, Field(max_length=8)]
    path: Annotated[str, Field(max_length=200)]
    body: dict[str, Any]
    label: Annotated[str, Field(max_length=200)] = ""


class QueueContent(BaseModel):
    """The list of an exported queue; ``user`` is the log-in name of who wrote it."""

    model_config = ConfigDict(frozen=True)

    format: Literal["linge-queue"]
    version: Literal[1]
    user: Annotated[str, Field(max_length=150)]
    exported_at: AwareDatetime
    items: Annotated[list[KeptItem], Field(max_length=MAX_ITEMS)]


@dataclass(frozen=True, slots=True)
class ExportedQueue:
    """An exported queue that can be read; files are read from the archive when they are wanted."""

    content: QueueContent
    archive: ZipFile

    def size(self, file_id: UUID) -> int | None:
        """Return how many bytes of a file are here; None if it isn't."""
        try:
            return self.archive.getinfo(f"files/{file_id}").file_size
        except KeyError:
            return None

    def pieces(self, file_id: UUID, offset: int, step: int) -> Iterator[bytes]:
        """Yield the bytes of a file from an offset on. Raises `BadInput` (``queue.damaged``)."""
        try:
            with self.archive.open(f"files/{file_id}") as file:
                file.seek(offset)
                while piece := file.read(step):
                    yield piece
        except (BadZipFile, ZlibError, EOFError, NotImplementedError) as error:
            raise _damaged() from error


def read_queue(file: IO[bytes]) -> ExportedQueue:
    """Read an exported queue. Raises `BadInput` (``queue.no_zip``, ``queue.no_list``, ``queue.damaged``)."""
    try:
        archive = ZipFile(file)
        listed = archive.getinfo(LIST)
        if listed.file_size > MAX_LIST:
            raise _no_list()
        with archive.open(listed) as entry:
            return ExportedQueue(QueueContent.model_validate_json(entry.read(MAX_LIST)), archive)
    except (KeyError, ValidationError) as error:
        raise _no_list() from error
    except BadZipFile as error:
        raise BadInput(
            "queue.no_zip", _("This is no zip file. Choose the one that the phone has exported.")
        ) from error
    except (ZlibError, EOFError, NotImplementedError, RuntimeError) as error:
        raise _damaged() from error


def _no_list() -> BadInput:
    return BadInput("queue.no_list", _("There is no queue of a phone in this file, or it can't be read."))


def _damaged() -> BadInput:
    return BadInput("queue.damaged", _("The file is damaged. Export it on the phone once more."))
