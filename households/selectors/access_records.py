"""Who has read personal data: for auditors, as far as their posts reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone

from gis_grids.models import Post
from gis_grids.permissions import AUDITORS
from gis_grids.selectors import descendant_ids
from households.models import AccessRecord

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from gis_grids.permissions import Scope

#: So many records are on a page.
PAGE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessQuery:
    """What an auditor looks for; days are those of the site's zone, the last one included.

    ``reader`` is a part of a name or log-in name, ``words`` a part of the reason, ``about`` the number of the
    thing that was read of.
    """

    first: date
    last: date
    reader: str = ""
    what: str = ""
    about: int | None = None
    words: str = ""


def access_records(scope: Scope, asked: AccessQuery) -> QuerySet[AccessRecord]:
    """Return the records of those who held a post below the auditor's when they read, the latest first."""
    held = Post.objects.filter(
        holder=OuterRef("reader"),
        unit__in=descendant_ids(scope.roots(AUDITORS)),
        term__contains=OuterRef("at"),
    )
    begin, end = (
        timezone.make_aware(_midnight(day)) for day in (asked.first, asked.last + timedelta(days=1))
    )
    found = AccessRecord.objects.filter(Exists(held), at__gte=begin, at__lt=end)
    if asked.reader:
        names = Concat("reader__last_name", "reader__first_name", Value(" "), "reader__username")
        found = found.alias(reader_names=names).filter(reader_names__icontains=asked.reader)
    if asked.what:
        found = found.filter(what=asked.what)
    if asked.about is not None:
        found = found.filter(about=asked.about)
    if asked.words:
        found = found.filter(Q(reason__icontains=asked.words) | Q(detail__icontains=asked.words))
    return found.select_related("reader").order_by("-pk")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min)
