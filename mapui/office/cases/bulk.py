"""Bulk triage: what was ticked in the list, done case by case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4, uuid5

from django.utils.translation import gettext as _

from gis_grids.errors import LingeError
from incidents.models import STATE_LABELS
from incidents.services.action_input import Told
from incidents.services.bulk import Command, act_on_many
from incidents.workflow import Action
from mapui.office.cases.choices import BULK

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser
    from django.http import QueryDict

    from incidents.services.actions import Acted

_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case; ``number`` is as the page showed it."""

    incident_id: int | None
    number: str
    sentence: str
    is_done: bool


def carry_out(asked: QueryDict, actor: AbstractBaseUser) -> list[Outcome]:
    """Do the action of the form with every ticked case; what fails, fails alone and says why.

    A ticked case is ``id:version:number``. The form's ``batch`` makes the commands' ids, so that a form
    sent twice is carried out once.
    """
    action = asked.get("action", "")
    ticked = [found for text in asked.getlist("case") if (found := _ticked(text))]
    if action not in BULK:
        return [_refusal(_("Choose what is to be done with the cases."))]
    if not ticked:
        return [_refusal(_("Tick the cases first."))]
    batch, told = _batch(asked.get("batch", "")), _told(asked)
    commands = [
        Command(
            incident_id=incident_id,
            action=Action(action),
            expected_version=version,
            command_id=uuid5(batch, f"{action}:{incident_id}"),
            told=told,
        )
        for incident_id, version, _number in ticked
    ]
    try:
        results = act_on_many(commands=commands, actor=actor)
    except LingeError as error:
        return [_refusal(str(error))]
    return [
        _outcome(incident_id, number, result)
        for (incident_id, _version, number), result in zip(ticked, results, strict=True)
    ]


def _outcome(incident_id: int, number: str, result: Acted | LingeError) -> Outcome:
    if isinstance(result, LingeError):
        return Outcome(incident_id, number, str(result), is_done=False)
    sentence = _("Done: %(state)s") % {"state": STATE_LABELS[result.state]}
    return Outcome(incident_id, number, sentence, is_done=True)


def _refusal(sentence: str) -> Outcome:
    return Outcome(None, "", sentence, is_done=False)


def _ticked(text: str) -> tuple[int, int, str] | None:
    incident_id, _colon, rest = text.partition(":")
    version, _colon, number = rest.partition(":")
    if not all(part.isdecimal() and len(part) <= _MOST_DIGITS for part in (incident_id, version)):
        return None
    return int(incident_id), int(version), number[:30]


def _told(asked: QueryDict) -> Told:
    told: dict[str, Any] = {"note": asked.get("note", "")}
    person = asked.get("assignee", "")
    if person.isdecimal() and len(person) <= _MOST_DIGITS:
        told["assignee_id"] = int(person)
    return Told(**told)  # type: ignore[typeddict-item]


def _batch(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
