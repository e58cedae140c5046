"""What the pages of a household read beyond the selectors of the floors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.permissions import scope_of
from gis_grids.personal import shown
from households.models import Visit
from households.permissions import named_roots
from households.selectors.coverage import visible
from incidents.models import Incident
from mapui.office.pinned import lonlat

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.contrib.auth.models import User

    from gis_grids.permissions import Scope
    from households.models import Household
    from households.selectors.visits import VisitRow
    from households.selectors.whole import WholeHousehold

#: So many households of a house are offered to be merged with.
_MOST_MATES: Final = 200


def house_mates(user: User, household: Household) -> list[tuple[int, str]]:
    """Return other households of its entrance that the user keeps the record of: (id, words).

    Those of the same dwelling come first.
    """
    if household.dwelling is None:
        return []
    dwelling = household.dwelling
    same = visible(named_roots(scope_of(user)), timezone.now()).filter(
        dwelling__building=dwelling.building_id, dwelling__entrance=dwelling.entrance_id
    )
    rows = same.exclude(pk=household.pk).order_by("dwelling__floor", "dwelling__room", "pk")
    here = rows.filter(dwelling=dwelling)
    others = rows.exclude(dwelling=dwelling)[:_MOST_MATES]
    return [(row.pk, " · ".join(filter(None, (row.address, row.householder)))) for row in [*here, *others]]


def here_or(scope: Scope, household: Household) -> list[int]:
    """Return the unit that a household belongs to, for a map to begin with; else the reader's own units."""
    own = household.memberships.filter(valid__upper_inf=True).values_list("unit", flat=True)
    return list(own) or list(named_roots(scope))


@dataclass(frozen=True, slots=True)
class VisitShown:
    """A visit in words; ``case`` is the number of the case that came out of it, if it has arrived.

    ``place`` (lon/lat, degrees) is None where nobody wanted it kept, or for who may not know it.
    """

    at: datetime
    visitor: str
    result: str
    note: str
    case: str
    place: tuple[float, float] | None


def visits_shown(visits: Sequence[VisitRow] | None, *, in_clear: bool) -> list[VisitShown] | None:
    """Return visits in words, or None for who may not know them."""
    if visits is None:
        return None
    reports = [visit.follow_up for visit in visits if visit.follow_up]
    placed = Visit.objects.filter(pk__in=[visit.id for visit in visits], place__isnull=False)
    places = {
        str(pk): shown("households.Visit.place", lonlat(place), in_clear=in_clear)
        for pk, place in placed.values_list("pk", "place")
    }
    cases = {str(case.report_id): case.number for case in Incident.objects.filter(report_id__in=reports)}
    return [
        VisitShown(
            at=visit.at,
            visitor=visit.visitor,
            result=str(Visit.Result(visit.result).label),
            note=visit.note,
            case=cases.get(visit.follow_up, ""),
            place=places.get(visit.id),
        )
        for visit in visits
    ]


def relatives_of(whole: WholeHousehold) -> list[tuple[str, int]]:
    """Return the households that this one came from, became, or lives together with: (words, number)."""
    household = whole.household
    found = [
        *((_("Split from"), pk) for pk in [household.split_from_id] if pk),
        *((_("Merged into"), pk) for pk in [household.merged_into_id] if pk),
        *((_("Split off"), one.pk) for one in whole.split),
        *((_("Merged with"), one.pk) for one in whole.merged),
        *((_("In the same dwelling"), one.pk) for one in whole.others),
    ]
    return [(str(words), number) for words, number in found]
