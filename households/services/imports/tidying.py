"""What is kept of imports, and for how long: their files and rows tell of people."""

from __future__ import annotations

from datetime import timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
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

#: What tells of people beside the run's own row.
_OF_PEOPLE: Final = (ImportPart, ImportRow, ImportChange)

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
    kept = [Exists(model.objects.filter(run=OuterRef("pk"))) for model in _OF_PEOPLE]
    over = ImportRun.objects.filter(reduce(or_, kept, ~Q(sample="")), finished_at__lt=until)
    if is_dry:
        return over.count()
    ids = list(over.values_list("pk", flat=True))
    for model in _OF_PEOPLE:
        model.objects.filter(run__in=ids).delete()
    return ImportRun.objects.filter(pk__in=ids).update(sample="")


FORGETTING: Final = Forgetting(Keep.IMPORT, _("Files and rows of imports"), _imports)
