"""The versions of a matter, told: who changed what from what to what."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from gis_grids.levels import PostKind
from incidents.models import CLOCK_LABELS, PRIORITY_LABELS, Matter, Mode, TimeLimit
from incidents.selectors.matters import CASES_OF_LIMITS, fields_of, matter_versions
from mapui.office.rules.fields import length_text
from mapui.office.rules.matter_form import CLOCKS, MatterForm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from incidents.selectors.matters import MatterFields, VersionRow


@dataclass(frozen=True, slots=True)
class Change:
    """A field that a version changed: its name, what it said before and what it says."""

    name: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Version:
    """A version with what it changed."""

    row: VersionRow
    changes: tuple[Change, ...]


def versions_of(code: str) -> list[Version]:
    """Return the versions of a matter, the latest first."""
    rows = matter_versions(code)
    fields = [fields_of(row.matter) for row in rows]
    return [
        Version(row, tuple(_changes(row, *fields[place : place + 2]))) if row.changed else Version(row, ())
        for place, row in enumerate(rows)
    ]


def names_of(changed: tuple[str, ...]) -> list[str]:
    """Return what people call these fields."""
    return [_("Limits") if name == "limits" else _label(name) for name in changed]


def _changes(row: VersionRow, now: MatterFields, before: MatterFields) -> Iterator[Change]:
    for name in row.changed:
        if name == "limits":
            yield from _limit_changes(now, before)
        else:
            told = _TOLD.get(name, str)
            yield Change(_label(name), told(getattr(before, name)), told(getattr(now, name)))


def _limit_changes(now: MatterFields, before: MatterFields) -> Iterator[Change]:
    for case in CASES_OF_LIMITS:
        old, new = asdict(before.limits[case]), asdict(now.limits[case])
        where = f"{PRIORITY_LABELS[case[0]]} · {Mode(case[1]).label}"
        for what in old:
            if old[what] != new[what]:
                name = CLOCK_LABELS[CLOCKS[what]] if what in CLOCKS else _("Which time counts")
                told: Callable[[Any], str] = length_text if what in CLOCKS else _calendar
                yield Change(f"{where} · {name}", told(old[what]), told(new[what]))


def _label(name: str) -> str:
    return str(MatterForm.base_fields[name].label)


def _calendar(value: str) -> str:
    return str(TimeLimit.Calendar(value).label)


def _yes_no(value: bool) -> str:  # noqa: FBT001 - a field's value
    return _("yes") if value else _("no")


def _posts(kinds: tuple[str, ...]) -> str:
    return " → ".join(str(PostKind(kind).label) for kind in kinds) or "–"


_TOLD: Final[dict[str, Callable[[Any], str]]] = {
    "matter_class": lambda value: str(Matter.Class(value).label),
    "bearer": lambda value: str(Matter.Bearer(value).label),
    **dict.fromkeys(("needs_photo", "is_private", "is_for_residents", "is_errand", "is_automatic"), _yes_no),
    "route": _posts,
    "errand_steps": lambda steps: " / ".join(steps) or "–",
    "legal_basis": lambda text: text or "–",
}
