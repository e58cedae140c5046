"""The address of a list of cases, read with patience: what can't be understood is said, and left out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from gis_grids.levels import Level
from gis_grids.models import Unit
from incidents.models import Matter
from incidents.selectors.case_list import CaseFilter, Sort
from incidents.selectors.clock_states import LIMITED, Band
from incidents.workflow import ENDED, Priority, State
from mapui.pages.phases import Phase, states_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import QueryDict
    from django.utils.functional import _StrPromise

ALL, OPEN = "all", "open"
ME, NOBODY = "me", "nobody"
LONGEST_WORDS: Final = 60
LONGEST_QUERY: Final = 500
"""As much as a saved view keeps."""
_FIRST_DAY, _LAST_DAY = dt.date(2000, 1, 1), dt.date(2200, 1, 1)


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What a list was asked for. ``given`` are the values understood, by their names in the address."""

    chosen: CaseFilter
    sort: Sort
    is_descending: bool
    page: int
    given: Mapping[str, str]
    problems: list[_StrPromise] = field(default_factory=list)

    @property
    def order(self) -> str:
        """The value of ``sort`` in the address."""
        return f"{'-' if self.is_descending else ''}{self.sort.value}"


#: Which names an address may carry, beside `sort` and `page`, in the order of the form.
NAMES: Final = (
    "q", "state", "matter", "class", "unit", "priority", "who", "clock", "band", "level", "to_me",
    "reported", "resident", "rated", "from", "to",
)  # fmt: skip
#: What is said of a value that can't be understood.
_PROBLEMS: Final[dict[str, _StrPromise]] = {
    "state": _("There is no such state; open cases are shown."),
    "matter": _("There is no such matter; all are shown."),
    "class": _("There is no such class of matters; all are shown."),
    "unit": _("There is no such unit in force; your whole area is shown."),
    "priority": _("There is no such priority; all are shown."),
    "who": _("There is no such person here; cases of all are shown."),
    "clock": _("There is no such clock; all three count."),
    "band": _("Cases are in time, nearly late or late; all are shown."),
    "level": _("There is no such level; all are shown."),
    "from": _("The first day is not a date such as 2026-11-21; it was left out."),
    "to": _("The last day is not a date such as 2026-11-21; it was left out."),
    "sort": _("The list can't be sorted by that; the most urgent come first."),
    "page": _("There is no such page; this is the first."),
}


def read_query(query: QueryDict) -> ListQuery:
    """Return what the address asks for. It never fails: see `ListQuery.problems`."""
    given: dict[str, str] = {}
    read: dict[str, Any] = {}
    problems: list[_StrPromise] = []
    for name, understand in _READERS.items():
        text = query.get(name, "").replace("\x00", "").strip()
        if not text:
            continue
        value = understand(text)
        if value is None:
            problems.append(_PROBLEMS[name])
        else:
            read[name] = value
            given[name] = text[:LONGEST_WORDS] if name == "q" else text
    is_descending, sort = read.pop("sort", (False, Sort.URGENCY))
    page = read.pop("page", 1)
    given.pop("page", None)
    return ListQuery(_chosen(read), sort, is_descending, page, given, problems)


def _chosen(read: Mapping[str, Any]) -> CaseFilter:
    who = read.get("who", 0)
    return CaseFilter(
        words=read.get("q", ""),
        states=read.get("state", frozenset(State) - ENDED),
        matter=read.get("matter", ""),
        matter_class=read.get("class", ""),
        unit_id=read.get("unit"),
        priority=read.get("priority", ""),
        assignee_id=who if isinstance(who, int) and who else None,
        is_unassigned=who == NOBODY,
        is_mine=who == ME,
        is_reported_by_me="reported" in read,
        is_by_resident="resident" in read,
        clock=read.get("clock"),
        band=read.get("band"),
        escalated_to=read.get("level", ""),
        is_escalated_to_me="to_me" in read,
        received_from=read.get("from"),
        received_to=read.get("to"),
        is_rated="rated" in read,
    )


def _states(text: str) -> frozenset[State] | None:
    if text == ALL:
        return frozenset()
    if text == OPEN:
        return frozenset(State) - ENDED
    if text in set(Phase):
        return states_in(Phase(text))
    return frozenset({State(text)}) if text in set(State) else None


def _one_of(choices: Mapping[str, Any]) -> Callable[[str], Any]:
    return choices.get


def _matter(text: str) -> str | None:
    return text if Matter.objects.filter(code=text[:40]).exists() else None


def _unit(text: str) -> int | None:
    return Unit.objects.filter(code=text[:40]).values_list("pk", flat=True).first()


def _who(text: str) -> str | int | None:
    if text in {ME, NOBODY}:
        return text
    return int(text) if text.isdecimal() and len(text) <= 12 and int(text) else None  # noqa: PLR2004


def _day(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if _FIRST_DAY <= day <= _LAST_DAY else None


def _sort(text: str) -> tuple[bool, Sort] | None:
    name = text.removeprefix("-")
    return (text.startswith("-"), Sort(name)) if name in set(Sort) else None


def _page(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= 6 and int(text) else None  # noqa: PLR2004


_READERS: Final[dict[str, Callable[[str], Any]]] = {
    "q": lambda text: text[:LONGEST_WORDS],
    "state": _states,
    "matter": _matter,
    "class": _one_of({each.value: each.value for each in Matter.Class}),
    "unit": _unit,
    "priority": _one_of({each.value: each.value for each in Priority}),
    "who": _who,
    "clock": _one_of({clock.value: clock for clock in LIMITED}),
    "band": _one_of({each.value: each for each in Band}),
    "level": _one_of({each.value: each.value for each in Level}),
    "to_me": _one_of({"1": True}),
    "reported": _one_of({"1": True}),
    "resident": _one_of({"1": True}),
    "rated": _one_of({"1": True}),
    "from": _day,
    "to": _day,
    "sort": _sort,
    "page": _page,
}
