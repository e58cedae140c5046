"""What an entry of the catalogue must keep to."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput
from gis_grids.services.texts import clean_text
from gis_grids.sheets import written
from incidents.models import CLOCK_LABELS, PRIORITY_LABELS, Matter, Mode, TimeLimit
from incidents.selectors.matters import CASES_OF_LIMITS, MatterFields
from incidents.services.routing import check_posts
from incidents.workflow import Clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from incidents.selectors.matters import Limits

MAX_STEPS, MAX_STEP = 20, 80
#: How far and how long ago at most a case is perhaps the same.
MAX_NEARBY_M, MAX_NEARBY_HOURS = 10_000, 366 * 24
MAX_ORDER = 32_767
_YEAR_MINUTES = 525_600
_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,32}")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_LINES = {"name_zh": 50, "name_en": 80}
MAX_BASIS = 1000
_NUMBERS = {"order": MAX_ORDER, "nearby_m": MAX_NEARBY_M, "nearby_hours": MAX_NEARBY_HOURS}
_CLOCKS = {
    "feedback_minutes": Clock.FEEDBACK,
    "handling_minutes": Clock.HANDLING,
    "resolve_minutes": Clock.RESOLVED,
}


def checked(code: str, fields: MatterFields) -> tuple[MatterFields, list[BadInput]]:
    """Return the fields cleaned, and all that speaks against them; each finding's details name its field.

    Codes: ``matter.code``, ``matter.names``, ``matter.class``, ``matter.bearer``, ``matter.icon``,
    ``matter.colour``, ``matter.steps``, ``matter.residents``, ``matter.number``, ``matter.limits``,
    ``route.posts``, ``text.*``.
    """
    findings: list[BadInput] = []
    clean: dict[str, Any] = {"colour": fields.colour.strip().lower(), "icon": fields.icon.strip()}
    for name, limit in _LINES.items():
        clean[name] = _tried(name, findings, _line, getattr(fields, name), limit=limit)
    clean["legal_basis"] = _tried("legal_basis", findings, _text, fields.legal_basis, limit=MAX_BASIS)
    clean["errand_steps"] = tuple(
        _tried("errand_steps", findings, _line, step, limit=MAX_STEP) for step in fields.errand_steps
    )
    clean["route"] = tuple(_tried("route", findings, check_posts, fields.route))
    cleaned = replace(fields, **clean)
    if not _SLUG.fullmatch(code):
        findings.append(
            _finding(
                "matter.code",
                "code",
                _("The code has 1 to 32 Latin letters, digits, hyphens or underscores. Change it."),
            )
        )
    findings += [*_of_words(cleaned), *_of_numbers(cleaned), *_of_limits(cleaned)]
    return cleaned, findings


def _text(text: str, *, limit: int) -> str:
    """Return the text as `clean_text` does, with no more in it than a cell of a workbook can hold."""
    return str(written(clean_text(text, limit=limit)))


def _line(text: str, *, limit: int) -> str:
    """Return the text in one line, as names and steps are."""
    return " ".join(_text(text, limit=limit).split())


def _tried(field: str, findings: list[BadInput], clean: Callable[..., Any], value: Any, **given: Any) -> Any:  # noqa: ANN401
    """Return the value cleaned, or as it is when that was not possible: then there is a finding."""
    try:
        return clean(value, **given)
    except BadInput as error:
        error.details["field"] = field
        findings.append(error)
        return value


def _finding(code: str, field: str, sentence: Any, **details: object) -> BadInput:  # noqa: ANN401
    return BadInput(code, sentence, {"field": field, **details})


def _of_words(fields: MatterFields) -> Iterator[BadInput]:
    for name in ("name_zh", "name_en"):
        if not getattr(fields, name):
            yield _finding("matter.names", name, _("A matter needs a Chinese and an English name."))
    choices: dict[str, list[str]] = {"matter_class": Matter.Class.values, "bearer": Matter.Bearer.values}
    for name, known in choices.items():
        value = getattr(fields, name)
        if value not in known:
            code = "matter.class" if name == "matter_class" else "matter.bearer"
            sentence = _("“%(value)s” can't be chosen. Choose one of: %(known)s.")
            yield _finding(code, name, sentence, value=value, known=", ".join(known))
    if not _SLUG.fullmatch(fields.icon):
        yield _finding("matter.icon", "icon", _("Choose an icon."))
    if not _COLOUR.fullmatch(fields.colour):
        sentence = _("“%(value)s” is no colour. Write it as #rrggbb, for instance #7fc97f.")
        yield _finding("matter.colour", "colour", sentence, value=fields.colour)
    yield from _of_steps_and_route(fields)


def _of_steps_and_route(fields: MatterFields) -> Iterator[BadInput]:
    if fields.errand_steps and not fields.is_errand:
        yield _finding(
            "matter.steps", "errand_steps", _("Only an errand has steps. Mark it as one, or delete them.")
        )
    if not all(fields.errand_steps) or len(fields.errand_steps) > MAX_STEPS:
        sentence = _("An errand has at most %(most)s steps, none of them empty. Change them.")
        yield _finding("matter.steps", "errand_steps", sentence, most=MAX_STEPS)
    if fields.is_errand and fields.is_for_residents:
        yield _finding(
            "matter.residents",
            "is_for_residents",
            _("An errand is for a household, so residents can't report it without an account."),
        )
    if fields.is_automatic and not fields.route:
        yield _finding(
            "route.posts", "route", _("What is assigned automatically needs a route. Choose its posts.")
        )


def _of_numbers(fields: MatterFields) -> Iterator[BadInput]:
    for name, most in _NUMBERS.items():
        if not 0 <= getattr(fields, name) <= most:
            yield _finding(
                "matter.number", name, _("The number must be from 0 to %(most)s. Change it."), most=most
            )


def _of_limits(fields: MatterFields) -> Iterator[BadInput]:
    for case in CASES_OF_LIMITS:
        limits = fields.limits.get(case)
        problem = _problem_of(limits) if limits else (_("all three limits are needed"), {})
        if problem:
            sentence, details = problem
            priority, mode = case
            yield BadInput(
                "matter.limits",
                _("Limits for “%(priority)s”, mode “%(mode)s”: %(problem)s."),
                {
                    "field": f"limits.{priority}.{mode}",
                    "priority": str(PRIORITY_LABELS[priority]),
                    "mode": str(Mode(mode).label),
                    "problem": str(sentence) % details,
                },
            )


def _problem_of(limits: Limits) -> tuple[Any, dict[str, str]] | None:
    minutes = {name: asdict(limits)[name] for name in _CLOCKS}
    for name, value in minutes.items():
        if not 0 < value <= _YEAR_MINUTES:
            clock = str(CLOCK_LABELS[_CLOCKS[name]])
            return _("“%(clock)s” must take from 1 minute to a year (525600 minutes)"), {"clock": clock}
    ordered = list(minutes.values())
    if ordered != sorted(ordered):
        return _("feedback can't take longer than handling, nor handling longer than the resolution"), {}
    if limits.calendar not in TimeLimit.Calendar.values:
        known = ", ".join(TimeLimit.Calendar.values)
        return _("the time that counts must be one of: %(known)s"), {"known": known}
    return None
