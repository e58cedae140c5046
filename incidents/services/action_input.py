"""What an action was told, checked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput
from gis_grids.services.texts import MAX_ITEM, clean_text
from incidents import workflow
from incidents.workflow import Need

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from incidents.workflow import Transition

#: How far ahead a case can be scheduled.
MAX_AHEAD = dt.timedelta(days=366)

_NEED_LABELS = {
    Need.MESSAGE: _("a message"),
    Need.REASON: _("a reason"),
    Need.RESULT: _("what was done"),
    Need.DATE: _("a date"),
    Need.ASSIGNEE: _("who is to handle it"),
    Need.MASTER: _("the case it repeats"),
    Need.ITEM: _("the item of the list"),
    Need.PARTS: _("the parts"),
    Need.MATTER: _("the matter"),
    Need.PRIORITY: _("the priority"),
    Need.UNIT: _("the grid"),
    Need.STEP: _("the step"),
    Need.SCORE: _("a score"),
}


class Part(TypedDict):
    """One part that a case is split into; without a matter it has the case's own."""

    text: str
    matter: str | None
    assignee_id: int | None


class Told(TypedDict, total=False):
    """What an action may be told. Only what its row needs counts; a note may always be given.

    ``date`` is a date or its ISO form; ``matter`` a code of the catalogue; ``step`` the number of a step of
    an errand; ``score`` from 1, the worst, to 5.
    """

    note: str
    assignee_id: int | None
    date: dt.date | str | None
    master_id: int | None
    item: str
    matter: str
    priority: str
    unit_id: int | None
    parts: Sequence[Part]
    step: int | None
    score: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What an action was told, cleaned: see `Told`."""

    note: str = ""
    assignee_id: int | None = None
    date: dt.date | None = None
    master_id: int | None = None
    item: str = ""
    matter: str = ""
    priority: str = ""
    unit_id: int | None = None
    parts: tuple[Part, ...] = ()
    step: int | None = None
    score: int | None = None

    def of_need(self, need: Need) -> object:
        """Return what answers the need, or something false."""
        if need in workflow.NOTE_NEEDS:
            return self.note
        return {
            Need.DATE: str(self.date) if self.date else None,
            Need.ASSIGNEE: self.assignee_id,
            Need.MASTER: self.master_id,
            Need.ITEM: self.item,
            Need.PARTS: list(self.parts),
            Need.MATTER: self.matter,
            Need.PRIORITY: self.priority,
            Need.UNIT: self.unit_id,
            Need.STEP: self.step,
            Need.SCORE: self.score,
        }[need]

    def details(self, row: Transition) -> dict[str, object]:
        """Return what goes into the event beside the note: what the row needed, by the needs' names."""
        return {need.value: self.of_need(need) for need in sorted(row.needs - workflow.NOTE_NEEDS)}

    def is_that_of(self, note: str, details: Mapping[str, object]) -> bool:
        """Return whether an event with this note and these details was told the same."""
        told = {need.value: self.of_need(need) for need in Need}
        return self.note == note and all(details[key] == told[key] for key in details.keys() & told.keys())


def read_input(told: Told) -> Given:
    """Return what was told, cleaned. Raises `BadInput` (``text.*``, ``action.date``)."""
    clean: dict[str, Any] = dict(told)
    return Given(
        **clean
        | {
            "note": clean_text(told.get("note", "")),
            "item": clean_text(told.get("item", ""), limit=MAX_ITEM),
            "date": _date(told.get("date")),
            "parts": tuple(_part(part) for part in told.get("parts", ())),
        }
    )


def _part(part: Part) -> Part:
    return {**part, "text": clean_text(part["text"])}


def check_needs(row: Transition, given: Given, at: dt.datetime) -> None:
    """Raise `BadInput` when the row needs more than was given, or a date that is not to come."""
    missing = workflow.missing(row, {need: given.of_need(need) for need in Need})
    if missing:
        raise BadInput(
            "action.needs",
            _("For this, please also give: %(what)s."),
            {
                "what": ", ".join(str(_NEED_LABELS[need]) for need in missing),
                "needs": [need.value for need in missing],
            },
        )
    today = timezone.localdate(at, timezone.get_default_timezone())
    if Need.DATE in row.needs and given.date and not today <= given.date <= today + MAX_AHEAD:
        raise BadInput("action.date", _("Choose a date from today on, within a year."))


def _date(date: dt.date | str | None) -> dt.date | None:
    if not isinstance(date, str):
        return date
    try:
        return dt.date.fromisoformat(date)
    except ValueError:
        raise BadInput("action.date", _("Choose a date from today on, within a year.")) from None
