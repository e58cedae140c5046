"""The catalogue of matters."""

from __future__ import annotations

from django.db import transaction

from incidents.catalogue import MATTERS
from incidents.models import Matter


@transaction.atomic
def load_matters() -> int:
    """Add the matters of the first catalogue whose code is not there in any version; return how many.

    What a place has changed, or withdrawn, stays as it is: loading again is harmless.
    """
    known = set(Matter.objects.values_list("code", flat=True))
    new = [
        Matter(order=10 * place, **entry._asdict())
        for place, entry in enumerate(MATTERS, start=1)
        if entry.code not in known
    ]
    return len(Matter.objects.bulk_create(new, ignore_conflicts=True))
