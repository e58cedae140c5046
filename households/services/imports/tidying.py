"""What is kept of imports, and for how long: their files and rows tell of people."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from households.models import ImportChange, ImportPart, ImportRow, ImportRun

State = ImportRun.State

#: So long an import waits for its answer or its confirmation.
WAITS: Final = timedelta(days=7)
#: So long an import can be undone, and its rows be looked at.
UNDOABLE: Final = timedelta(days=30)

_WAITING: Final = (State.ASKING, State.CHECKED, State.FAILED)


@transaction.atomic
def tidy_imports() -> None:
    """Cancel imports that nobody has come back to, and forget what ended ones said of people."""
    now = timezone.now()
    waiting = ImportRun.objects.filter(state__in=_WAITING, created_at__lt=now - WAITS)
    waiting.update(state=State.CANCELLED, finished_at=now)
    over = Q(run__state__in=(State.CANCELLED, State.UNDONE)) | Q(run__finished_at__lt=now - UNDOABLE)
    for model in (ImportPart, ImportRow, ImportChange):
        model.objects.filter(over).delete()
    ImportRun.objects.filter(finished_at__lt=now - UNDOABLE).exclude(sample="").update(sample="")
