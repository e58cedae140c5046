"""The rows that an import leaves out, as they came, for somebody to mend."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from households.models import AccessRecord
from households.selectors.imports import access_import
from households.services.access import record_access

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.auth.models import AbstractBaseUser

    from households.models import ImportRow


@transaction.atomic
def rows_to_mend(*, actor: AbstractBaseUser, run_id: int) -> Iterator[tuple[ImportRow, list[str]]]:
    """Return the rows that stay out with their cells as texts; that they were read is put on record.

    Raises `NotFound` ("import.unknown") and `RateLimited` ("access.too_many").
    """
    rows = access_import(actor, run_id).rows.exclude(cells="").order_by("number")
    record_access(
        reader=actor,
        what=AccessRecord.What.EXPORT,
        named=rows.count(),
        about=run_id,
        detail="import.xlsx",
        reason=_("Rows of an import, to be mended"),
    )
    return ((row, json.loads(row.cells)) for row in rows.iterator(chunk_size=1000))
