"""The negative list, and what it says to somebody who is about to report."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from incidents.models import Matter, NegativeItem

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWarning:
    """Why a report may not be the community's to handle.

    ``number`` is "" when the catalogue itself says so; ``keyword`` is the word of the text that it was
    found by, "" when it was found by its matter.
    """

    number: str
    title: str
    reason: str
    keyword: str


def warnings_for(matter_code: str, text: str) -> list[ListWarning]:
    """Return what speaks against a report of this matter with this text; it can be sent all the same.

    Items of the list warn by their matter, or when one of their words is in the text: whatever its case, in
    full or half width. Matters that the community declines (class "refuse") warn as well. Two queries.
    """
    said = _folded(text)
    matter = Matter.objects.filter(
        code=matter_code, is_current=True, matter_class=Matter.Class.REFUSE
    ).first()
    found = [_of_matter(matter)] if matter else []
    for item in open_items():
        keyword = next((word for word in item.keywords if _folded(word) in said), "")
        if keyword or (item.matter_code and item.matter_code == matter_code):
            found.append(
                ListWarning(number=item.number, title=item.title, reason=item.reason, keyword=keyword)
            )
    return found


def open_items() -> QuerySet[NegativeItem]:
    """Return the items that warn, by number."""
    return NegativeItem.objects.filter(withdrawn_at=None)


def all_items() -> QuerySet[NegativeItem]:
    """Return all items with who decided them and by which case, those that warn first: for the office."""
    items = NegativeItem.objects.select_related("decided_by", "incident")
    return items.order_by(F("withdrawn_at").desc(nulls_first=True), "number")


def _of_matter(matter: Matter) -> ListWarning:
    title = str(_("“%(matter)s” is not the community's to do.") % {"matter": matter.name})
    return ListWarning(number="", title=title, reason=matter.legal_basis, keyword="")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
