"""How many people hold posts below some units, and how many of them are on duty: numbers, no person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from gis_grids.models import Post
from gis_grids.selectors import ancestors, descendant_ids
from incidents.selectors.duty import turns_at

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection


@dataclass(frozen=True, slots=True)
class Staffing:
    """Distinct people with a post, those of them who are on duty now, and posts that nobody holds."""

    holders: int
    on_duty: int
    vacant: int


def staffing(scope_roots: Collection[int], now: dt.datetime | None = None) -> Staffing:
    """Return who is there in the subtrees below ``scope_roots``. Three queries.

    On duty is whose turn runs now by a published roster of these units or of one above them; what people do
    without a roster nobody knows.
    """
    at = now or timezone.now()
    posts = Post.objects.filter(unit__in=descendant_ids(scope_roots, at), term__contains=at)
    holders = set(posts.filter(holder__is_active=True).order_by().values_list("holder", flat=True).distinct())
    above = {unit for chain in ancestors(scope_roots, at).values() for unit in chain}
    turns = turns_at(at).filter(
        Q(shift__roster__unit__in=descendant_ids(scope_roots, at)) | Q(shift__roster__unit__in=above)
    )
    on_duty = holders & set(turns.order_by().values_list("person", flat=True).distinct())
    return Staffing(len(holders), len(on_duty), posts.filter(holder=None).count())
