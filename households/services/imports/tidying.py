"""What is kept of imports, and for how long: their files and rows tell of people."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.hooks import Forgetting
from gis_grids.personal import Keep
from households.models import ImportChange, ImportPart, ImportRow, ImportRun

if TYPE_CHECKING:
    from datetime import datetime

State = ImportRun.State

#: So long an import waits for its answer or its confirmation.
WAITS: Final = timedelta(days=7)

_WAITING: Final = (State.ASKING, State.CHECKED, State.FAILED)


@transaction.atomic
def cancel_forsaken() -> int:
    """Cancel the imports that nobody has come back to, and delete their files; return how many."""
    now = timezone.now()
    forsaken = ImportRun.objects.filter(state__in=_WAITING, created_at__lt=now - WAITS)
    ImportPart.objects.filter(run__in=forsaken.values("pk")).delete()
    return forsaken.update(state=State.CANCELLED, finished_at=now)


def _imports(until: datetime, is_dry: bool) -> int:  # noqa: FBT001 - a `Forgetting`
    """Delete what ended imports said of people; that they were, and how many rows they had, stays."""
    over = ImportRun.objects.filter(finished_at__lt=until).exclude(sample="")
    if is_dry:
        return over.count()
    ids = list(over.values_list("pk", flat=True))
    for model in (ImportPart, ImportRow, ImportChange):
        model.objects.filter(run__in=ids).delete()
    return ImportRun.objects.filter(pk__in=ids).update(sample="")


FORGETTING: Final = Forgetting(Keep.IMPORT, _("Files and rows of imports"), _imports)
