"""The negative list (负面清单): what is not the community's to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from incidents.models import NegativeItem

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import AbstractBaseUser

    from incidents.models import Incident


def put_on_list(  # noqa: PLR0913 - the fields of the item
    *,
    title: str,
    matter_code: str,
    reason: str,
    incident: Incident | None,
    decided_by: AbstractBaseUser,
    decided_at: dt.datetime,
) -> NegativeItem:
    """Add an item with the next number (N-0001, N-0002, …), in the caller's transaction."""
    with connection.cursor() as cursor:
        # The next number is that after the last: one at a time.
        cursor.execute("LOCK TABLE incidents_negativeitem IN SHARE ROW EXCLUSIVE MODE")
    last = NegativeItem.objects.filter(number__regex=r"^N-\d{4,}$").order_by("-pk").first()
    number = int(last.number[2:]) + 1 if last else 1
    return NegativeItem.objects.create(
        number=f"N-{number:04}",
        title=title,
        matter_code=matter_code,
        reason=reason,
        incident=incident,
        decided_by_id=decided_by.pk,
        decided_at=decided_at,
    )
