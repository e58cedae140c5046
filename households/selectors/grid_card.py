"""What a unit has of the six elements (人地物情事组织), as far as this floor knows: counts, never a name."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from gis_grids.selectors import descendant_ids
from gis_grids.selectors.facilities import facilities_under
from gis_grids.selectors.under import lies_under
from households.models import (
    HouseholdUnit,
    Need,
    Offer,
    Organisation,
    PartyGround,
    PartyOrganisation,
    PublicSentiment,
    Visit,
    Volunteer,
    VolunteerTeam,
)
from households.selectors.areas import FEWEST_FOR_NEEDS
from households.selectors.unit_figures import figures_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import Model, QuerySet
    from django.db.models.expressions import RawSQL

#: What was said and done is counted for so many days.
RECENT: Final = dt.timedelta(days=90)

_GROUND: Final = """
SELECT ST_Area(v.boundary::geography), count(DISTINCT b.id), count(d.id)
FROM gis_grids_unitversion v
LEFT JOIN households_building b
    ON b.footprint && v.boundary AND ST_Covers(v.boundary, ST_Transform(b.spot_3857, 4326))
LEFT JOIN households_dwelling d ON d.building_id = b.id
WHERE v.unit_id = %s AND v.valid @> %s
GROUP BY v.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SixElements:
    """The counts of a unit with all below it; by kind where there are kinds. Area in m².

    ``needs`` counts households with a need in force, and is None where so few live there that it would name
    them. What is "recent" was within `RECENT`.
    """

    households: int
    residents: int
    party_households: int
    hub_households: int
    needs: Mapping[str, int] | None
    households_in_need: int
    volunteers: int
    area_m2: float
    buildings: int
    dwellings: int
    compounds: int
    facilities: Mapping[str, int]
    premises_m2: float
    sentiments: Mapping[str, int]
    unanswered: int
    visits: int
    organisations: Mapping[str, int]
    offers: int
    teams: int
    party_organisations: Mapping[str, int]


def six_elements(unit_id: int) -> SixElements:
    """Return what a unit that is in force has now."""
    now, today = timezone.now(), timezone.localdate()
    figures = figures_of([unit_id], now)[unit_id]
    below = descendant_ids([unit_id], now)
    members = HouseholdUnit.objects.filter(unit__in=below, valid__contains=now)
    homes = members.values("household")
    marked = members.filter(household__is_party_member_household=True)
    here = Organisation.objects.filter(lies_under([unit_id], "place"), days__contains=today)
    said = PublicSentiment.objects.filter(lies_under([unit_id], "place"))
    facilities = facilities_under([unit_id]).in_use()
    needs = Need.objects.filter(household__in=homes, days__contains=today)
    with connection.cursor() as cursor:
        cursor.execute(_GROUND, [unit_id, now])
        area_m2, buildings, dwellings = cursor.fetchone()
    return SixElements(
        households=figures.households,
        residents=figures.residents,
        party_households=marked.count(),
        hub_households=marked.filter(household__is_party_hub_household=True).count(),
        needs=_by(needs, "kind", "household") if figures.households >= FEWEST_FOR_NEEDS else None,
        households_in_need=needs.values("household").distinct().count(),
        volunteers=Volunteer.objects.filter(unit__in=below, days__contains=today).count(),
        area_m2=area_m2,
        buildings=buildings,
        dwellings=dwellings,
        compounds=figures.compounds,
        facilities=_by(facilities, "kind"),
        premises_m2=figures.premises_m2,
        sentiments=_by(said.filter(at__gt=now - RECENT), "topic"),
        unanswered=said.filter(answer="").count(),
        visits=Visit.objects.filter(household__in=homes, at__gt=now - RECENT).count(),
        organisations=_by(here, "kind"),
        offers=Offer.objects.filter(organisation__in=here.values("pk"), days__contains=today).count(),
        teams=VolunteerTeam.objects.filter(unit__in=below, days__contains=today).count(),
        party_organisations=_by(_party_organisations(below, today), "kind"),
    )


def _party_organisations(below: RawSQL, today: dt.date) -> QuerySet[PartyOrganisation]:
    """Return the party organisations that are for a unit, or for one below it."""
    grounds = PartyGround.objects.filter(unit__in=below, days__contains=today)
    return PartyOrganisation.objects.filter(pk__in=grounds.values("organisation"), days__contains=today)


def _by(rows: QuerySet[Model], kind: str, counted: str = "pk") -> dict[str, int]:
    """Return how many there are of each kind, the most frequent first."""
    groups = rows.order_by().values_list(kind).annotate(n=Count(counted, distinct=True))
    return dict(groups.order_by("-n", kind))
