"""What is late, and with whom: by the unit that has to answer, never a table of persons."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.contrib.auth import get_user_model
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_grids.levels import Level
from gis_grids.people import mask_name, name_of
from incidents.selectors.case_list import CaseFilter, Sort, case_rows, each_case
from incidents.selectors.clock_states import Band
from incidents.selectors.escalations import escalated_to_me, late_cases
from incidents.workflow import ENDED, State
from mapui.faces import OFFICE, face_required

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

    from gis_grids.selectors import ChainLink
    from incidents.selectors.case_list import CaseRow
    from incidents.selectors.escalations import LateCase

MOST_LATE: Final = 300
MOST_NEAR: Final = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A case of the page; ``late`` says since when and who was told, None while it is only nearly late."""

    row: CaseRow
    late: LateCase | None
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The cases that a unit has to answer for, the longest overdue first."""

    unit: ChainLink
    lines: list[Line] = field(default_factory=list)


@require_safe
@never_cache
@face_required(OFFICE)
def late(request: HttpRequest) -> HttpResponse:
    """Show the late and the nearly late cases of the viewer's area, those escalated to him first."""
    user: User = request.user  # type: ignore[assignment]  # nobody else comes through the door
    mine = escalated_to_me(user)
    own = {each.incident_id for each in mine}
    others = [each for each in late_cases(user, limit=MOST_LATE + 1) if each.incident_id not in own]
    nearly = CaseFilter(states=frozenset(State) - ENDED, band=Band.NEAR)
    near = each_case(user, nearly, Sort.URGENCY, is_descending=False, limit=MOST_NEAR)
    context = {
        "mine": _lines(user, mine),
        "groups": _groups(_lines(user, others[:MOST_LATE])),
        "near": _groups(Line(row, None, ()) for row in near),
        "is_cut": len(others) > MOST_LATE,
        "most": MOST_LATE,
        "count": len(mine) + len(others[:MOST_LATE]),
        "now": timezone.now(),
    }
    return render(request, "office/cases/late.html", context)


def _groups(lines: Iterable[Line]) -> list[Group]:
    found: dict[int, Group] = {}
    for line in lines:
        unit = _answering(line)
        found.setdefault(unit.unit_id, Group(unit)).lines.append(line)
    return sorted(found.values(), key=lambda group: (Level(group.unit.level).depth, group.unit.code))


def _answering(line: Line) -> ChainLink:
    """Return the unit that has to answer: of the level it was escalated to, else its community."""
    level = (line.late and line.late.level) or Level.COMMUNITY
    return next((link for link in line.row.chain if link.level == level), line.row.chain[-1])


def _lines(user: User, cases: Sequence[LateCase]) -> list[Line]:
    rows = {row.card.id: row for row in case_rows(user, [each.incident_id for each in cases])}
    told = {user_id for each in cases for user_id in each.told}
    people = {person.pk: name_of(person) for person in get_user_model().objects.filter(pk__in=told)}
    found = []
    for each in cases:
        row = rows.get(each.incident_id)
        if row is not None:
            names = [
                name if row.reads_names or user_id == user.pk else mask_name(name)
                for user_id in each.told
                if (name := people.get(user_id))
            ]
            found.append(Line(row, each, tuple(names)))
    return found
