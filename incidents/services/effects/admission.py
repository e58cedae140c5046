"""Admission (准入): what is not the community's to do goes on the negative list."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from incidents.services.negative_list import put_on_list

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

    from incidents.services.deed import Deed


def blacklist(deed: Deed) -> None:
    """Put what the case is about on the negative list; it warns at entry from now on."""
    item = put_on_list(
        title=deed.given.item,
        matter_code=deed.incident.matter.code,
        reason=deed.given.note,
        incident=deed.incident,
        decided_by=cast("AbstractBaseUser", deed.actor),  # the row is for people alone
        decided_at=deed.at,
    )
    deed.details["negative_item"] = item.number
