"""What anybody may know of a grid: the people as they are on its notice board, and when is who there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from gis_grids.levels import Level, PostKind
from gis_grids.models import Facility
from gis_grids.opening import Day, written
from gis_grids.selectors import chains, current_versions
from households.selectors.board_contents import content_of_unit
from households.selectors.party.joint import pledges_shown
from incidents.models import DayKind
from incidents.selectors.rosters import roster_in_force

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import _StrPromise

    from gis_grids.models import UnitVersion
    from gis_grids.selectors import ChainLink
    from households.models import JointDuty
    from households.selectors.board_contents import Responsible

#: So many places with opening times are named: the page is for a telephone.
MOST_PLACES: Final = 4
#: So many pledges of joint committees (承诺公示) are told, those that are due first.
MOST_PLEDGES: Final = 10
#: So many people stand above the report at once: who comes to report shall see its beginning.
NEAREST: Final = 3
_DAYS: Final = {
    Day.WORKDAY: _("Working days"),
    Day.WEEKEND: _("Week-ends"),
    Day.HOLIDAY: _("Public holidays"),
}
_DAYS_OF_DUTY: Final = dict(zip((DayKind.WORK, DayKind.REST, DayKind.HOLIDAY), _DAYS.values(), strict=True))


@dataclass(frozen=True, slots=True)
class Hours:
    """A place, or the duty of the community (name ""), with its hours by kind of day, and its telephone."""

    name: str
    contact: str
    days: Sequence[tuple[_StrPromise, str]]


@dataclass(frozen=True, slots=True)
class Known:
    """What the page of a grid shows above the report."""

    people: Sequence[tuple[str, Responsible]]
    hours: Sequence[Hours]
    pledges: Sequence[JointDuty]

    @property
    def nearest(self) -> Sequence[tuple[str, Responsible]]:
        """Who is shown at once; the others are opened."""
        return self.people[:NEAREST]

    @property
    def others(self) -> Sequence[tuple[str, Responsible]]:
        """The rest of the people."""
        return self.people[NEAREST:]


def known_of(unit: UnitVersion) -> Known | None:
    """Return what is public of a grid; None of units above the community, for which nobody hangs a board."""
    if Level(unit.unit.level).depth < Level.COMMUNITY.depth:
        return None
    chain = chains([unit.unit_id])[unit.unit_id]
    people = content_of_unit(chain).people
    community = next(link for link in chain if link.level is Level.COMMUNITY)
    return Known(
        people=[(str(PostKind(one.kind).label), one) for one in people],
        hours=[*_duty(chain), *_places(community)],
        pledges=list(pledges_shown([link.unit_id for link in chain])[:MOST_PLEDGES]),
    )


def _duty(chain: Sequence[ChainLink]) -> list[Hours]:
    """Return when somebody is on duty by the roster that is in force here, if there is one."""
    roster = roster_in_force(chain)
    if roster is None:
        return []
    shifts = list(roster.shifts.all())
    days = []
    for kind, label in _DAYS_OF_DUTY.items():
        spans = [f"{each.starts:%H:%M}–{each.ends:%H:%M}" for each in shifts if each.day_kind == kind]
        days.append((label, ", ".join(spans) or str(_("closed"))))
    return [Hours("", "", days)]


def _places(community: ChainLink) -> list[Hours]:
    """Return the places of the community whose opening times are known."""
    ground = current_versions().filter(unit=community.unit_id).values("boundary")[:1]
    told = Facility.objects.in_use().exclude(opening={})
    places = told.filter(geometry__intersects=ground).order_by("kind", "name")
    return [
        Hours(
            place.name,
            place.contact,
            [
                (label, written(place.opening[day]) or str(_("closed")))
                for day, label in _DAYS.items()
                if day in place.opening
            ],
        )
        for place in places[:MOST_PLACES]
    ]
