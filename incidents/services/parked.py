"""Beginnings of files whose rest never came: removed from the disk after a while, and said so."""

from __future__ import annotations

import logging
import shutil
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from incidents.models import Attachment
from incidents.selectors.attachments import AWAITED, partial_folder
from incidents.services.report_parts import lock_files

if TYPE_CHECKING:
    from pathlib import Path

logger = logging.getLogger(__name__)


def remove_parked() -> int:
    """Remove what has come of files of which nothing has come for `AWAITED`; return how many bytes that were.

    They stay declared, and are shown as missing: who still has such a file sends it from its first byte.
    """
    folder = partial_folder()
    old = [path for path in folder.iterdir() if _is_old(path)] if folder.is_dir() else []
    removed = sum(_remove(path) for path in old)
    if old:
        logger.warning(
            "Removed %d beginnings of files, %d bytes: the rest has not come for %d days.",
            len(old),
            removed,
            AWAITED.days,
        )
    return removed


def _is_old(path: Path) -> bool:
    return timezone.now().timestamp() - path.stat().st_mtime > AWAITED.total_seconds()


@transaction.atomic
def _remove(path: Path) -> int:
    """Remove a beginning, or a folder in which copies were made when the server died."""
    attachment_id = UUID(path.name.partition(".")[0])
    lock_files([attachment_id])
    if not _is_old(path):
        return 0  # a piece has come this moment
    if path.is_dir():
        shutil.rmtree(path)
        return 0
    size = path.stat().st_size
    # First the bytes: a row that counts bytes which aren't there is put right when the next piece comes.
    path.unlink()
    Attachment.objects.filter(pk=attachment_id, completed_at=None).update(received=0)
    return size
