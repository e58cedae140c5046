"""The columns of the list of cases, and the addresses that sort by them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from incidents.selectors.case_list import Sort

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from mapui.office.cases.query import ListQuery


@dataclass(frozen=True, slots=True)
class Column:
    """A heading; ``query`` sorts by it, the other way round when it is sorted so now (``order``)."""

    key: str
    title: _StrPromise
    query: str = ""
    order: str = ""


def columns(asked: ListQuery) -> list[Column]:
    """Return the headings in their order. The three clocks are sorted by the most urgent of them."""
    return [
        _column(asked, "number", _("Case"), Sort.RECEIVED),
        _column(asked, "matter", _("Matter"), Sort.MATTER),
        _column(asked, "unit", _("Grid"), Sort.UNIT),
        _column(asked, "state", _("State"), Sort.STATE),
        _column(asked, "priority", _("Priority"), Sort.PRIORITY),
        Column("assignee", _("Assignee")),
        _column(asked, "clock", _("Feedback"), Sort.URGENCY),
        Column("clock", _("Handling")),
        Column("clock", _("Resolution")),
    ]


def _column(asked: ListQuery, key: str, title: _StrPromise, sort: Sort) -> Column:
    is_here = asked.sort is sort
    turned = is_here and not asked.is_descending
    # What came last is looked for first.
    begins = "-" if sort is Sort.RECEIVED and not is_here else ""
    query = urlencode(dict(asked.given) | {"sort": f"{'-' if turned else begins}{sort}"})
    order = ("descending" if asked.is_descending else "ascending") if is_here else ""
    return Column(key, title, query, order)
