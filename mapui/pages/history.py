"""The history of a case in words: what was done, by whom, and what it was told."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth import get_user_model
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from gis_grids.levels import Level
from gis_grids.people import mask_name, name_of
from gis_grids.selectors import chains
from incidents.models import CLOCK_LABELS, PRIORITY_LABELS, Matter
from incidents.permissions import READS_NAMES
from incidents.selectors.routing import step_of
from incidents.workflow import INTERNAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.contrib.auth.models import AbstractBaseUser

    from incidents.selectors import Details, HistoryRow

_PEOPLE: Final = ("assignee", "told")


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """An event with what it was told, in words."""

    event: HistoryRow
    is_internal: bool
    said: list[str]


def history_lines(shown: Details, reader: AbstractBaseUser) -> list[HistoryLine]:
    """Return the history, the latest first. Names are masked as in `details`."""
    tell = _Teller(shown, reader)
    return [
        HistoryLine(event, event.action in INTERNAL, list(tell.said(event.details)))
        for event in reversed(shown.history)
    ]


def in_words(shown: Details, reader: AbstractBaseUser) -> dict[str, Any]:
    """Return the parts of a case by their names; its history, in the order of the feed, with the words."""
    history = [
        {part.name: getattr(line.event, part.name) for part in fields(line.event)}
        | {"said": line.said, "is_internal": line.is_internal}
        for line in reversed(history_lines(shown, reader))
    ]
    return {part.name: getattr(shown, part.name) for part in fields(shown)} | {"history": history}


class _Teller:
    """Puts the details of events into words; people and units are looked up once for all of them."""

    def __init__(self, shown: Details, reader: AbstractBaseUser) -> None:
        told = [event.details for event in shown.history]
        self._in_clear = not READS_NAMES.isdisjoint(shown.actors)
        self._reader = reader
        people = get_user_model().objects.filter(pk__in=_numbers(told, _PEOPLE))
        self._people = {person.pk: name_of(person) for person in people}
        self._units = {pk: chain[-1].name for pk, chain in chains(_numbers(told, ("unit",))).items()}
        codes = {each["matter"] for each in told if each.get("matter")}
        matters = Matter.objects.filter(code__in=codes, is_current=True)
        self._matters = {matter.code: matter.name for matter in matters}
        self._ways: dict[str, Callable[[Any], str]] = {
            "assignee": lambda pk: _("to %(name)s") % {"name": self._name(pk)},
            "date": lambda day: _("until %(day)s") % {"day": day},
            "master": lambda pk: _("into case %(id)s") % {"id": pk},
            "item": lambda item: _("item: %(item)s") % {"item": item},
            "matter": lambda code: _("now: %(what)s") % {"what": self._matters.get(code, code)},
            "priority": lambda value: _("now: %(what)s") % {"what": PRIORITY_LABELS.get(value, value)},
            "unit": lambda pk: _("grid: %(name)s") % {"name": self._units.get(pk, pk)},
            "step": lambda number: _("step %(number)s") % {"number": number},
            "score": lambda score: _("score %(score)s of 5") % {"score": score},
            "parts": lambda parts: _("%(count)s parts") % {"count": len(parts)},
            "title": str,
            "why": lambda steps: str(step_of(steps[-1])),
            "due_at": lambda at: _("due %(at)s") % {"at": _when(at)},
        }

    def said(self, details: dict[str, Any]) -> Iterable[str]:
        """Yield a phrase for each thing that the event was told, in the order of `_ways`."""
        if "clock" in details and "level" in details:
            yield from self._escalation(details)
            return
        for key, way in self._ways.items():
            if details.get(key):
                yield way(details[key])

    def _escalation(self, details: dict[str, Any]) -> Iterable[str]:
        clock = CLOCK_LABELS.get(details["clock"], details["clock"])
        yield _("%(clock)s: %(step)s %% of the time") % {"clock": clock, "step": details["step"]}
        yield str(Level(details["level"]).label)
        names = "、".join(self._name(pk) for pk in details.get("told", ()))
        yield _("told: %(names)s") % {"names": names} if names else _("nobody to tell")

    def _name(self, pk: int) -> str:
        name = self._people.get(pk, str(pk))
        return name if self._in_clear or pk == self._reader.pk else mask_name(name)


def _numbers(told: Iterable[dict[str, Any]], names: Iterable[str]) -> set[int]:
    """Return the ids under these names, one or several."""
    found: set[int] = set()
    for each in told:
        for name in names:
            value = each.get(name)
            found.update(pk for pk in (value if isinstance(value, list) else [value]) if isinstance(pk, int))
    return found


def _when(text: str) -> str:
    at = parse_datetime(text)
    return f"{localtime(at):%m-%d %H:%M}" if at else text
