"""What can be done with a roster, by the last word of the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gis_grids.errors import LingeError
from incidents.selectors.rosters import people_for
from incidents.services.rosters import copy_roster, delete_roster, end_roster, publish_roster
from incidents.services.turns import assign_turns, give_time_off, remove_turn
from mapui.office.duty.forms import PeriodForm, TurnForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.contrib.auth.models import User
    from django.http import QueryDict

    from incidents.models import Roster


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done, as a sentence, and which roster to show then (None: the list)."""

    sentence: str
    roster_id: int | None


class Refusal(Exception):  # noqa: N818 - what happened, not that it is an error
    """Why not, as a sentence, with the form as it was filled in."""

    def __init__(self, sentence: str, form: forms.Form | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.form = form


def _publish(person: User, roster: Roster, _told: QueryDict) -> Outcome:
    owed = len(publish_roster(actor=person, roster_id=roster.pk).without_time_off)
    sentence = _("The roster is published: deadlines count by it from now on.")
    if owed:
        sentence += " " + ngettext(
            "%(n)s turn on rest days has no time off yet.",
            "%(n)s turns on rest days have no time off yet.",
            owed,
        ) % {"n": owed}
    return Outcome(sentence, roster.pk)


def _end(person: User, roster: Roster, told: QueryDict) -> Outcome:
    form = PeriodForm({"first": told.get("last", ""), "last": told.get("last", "")})
    if not form.is_valid():
        raise Refusal(_("Choose the last day of the roster."))
    end_roster(actor=person, roster_id=roster.pk, last=form.cleaned_data["last"])
    return Outcome(_("The roster ends with that day."), roster.pk)


def _copy(person: User, roster: Roster, told: QueryDict) -> Outcome:
    form = PeriodForm(told)
    if not form.is_valid():
        raise Refusal(_("Give the first and the last day of the new roster."), form)
    copy = copy_roster(actor=person, roster_id=roster.pk, **form.cleaned_data)
    return Outcome(_("A draft with the same hours was made."), copy.pk)


def _delete(person: User, roster: Roster, _told: QueryDict) -> Outcome:
    delete_roster(actor=person, roster_id=roster.pk)
    return Outcome(_("The roster was deleted."), None)


def _assign(person: User, roster: Roster, told: QueryDict) -> Outcome:
    form = TurnForm(list(roster.shifts.all()), people_for(roster), told)
    if not form.is_valid():
        raise Refusal(_("Say who has which shift, from which day to which."), form)
    try:
        new = assign_turns(actor=person, **form.cleaned_data)
    except LingeError as error:
        raise Refusal(str(error), form) from None
    return Outcome(ngettext("%(n)s turn was added.", "%(n)s turns were added.", new) % {"n": new}, roster.pk)


def _remove(person: User, roster: Roster, told: QueryDict) -> Outcome:
    remove_turn(actor=person, duty_id=_number(told))
    return Outcome(_("The turn was taken away."), roster.pk)


def _time_off(person: User, roster: Roster, told: QueryDict) -> Outcome:
    is_given = told.get("is_given") == "1"
    give_time_off(actor=person, duty_id=_number(told), is_compensated=is_given)
    return Outcome(_("Time off was noted.") if is_given else _("Time off was taken back."), roster.pk)


def _number(told: QueryDict) -> int:
    text = told.get("duty", "")
    return int(text) if text.isdecimal() and len(text) < len(str(2**63)) else 0


def _told(deed: Callable[[User, Roster, QueryDict], Outcome]) -> Callable[[User, Roster, QueryDict], Outcome]:
    """Turn what the service refuses into a refusal that the page shows."""

    def done(person: User, roster: Roster, told: QueryDict) -> Outcome:
        try:
            return deed(person, roster, told)
        except LingeError as error:
            raise Refusal(str(error)) from None

    return done


DEEDS: Final = {
    "publish": _told(_publish),
    "end": _told(_end),
    "copy": _told(_copy),
    "delete": _told(_delete),
    "assign": _told(_assign),
    "remove": _told(_remove),
    "time-off": _told(_time_off),
}
