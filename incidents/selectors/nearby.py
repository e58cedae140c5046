"""Cases of the same matter near a place: perhaps what is to be reported is known already."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypedDict

from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point, Polygon
from django.contrib.gis.measure import D
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import Refused
from gis_grids.geometry.points import check_point
from incidents.models import Incident, Matter
from incidents.permissions import who_may_report
from incidents.selectors.visible import visible_cases
from incidents.workflow import ENDED, State

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AbstractBaseUser
    from django.contrib.gis.measure import Distance as Length
    from django.db.models import QuerySet
    from django_stubs_ext import WithAnnotations

#: How many are named at most, the nearest first.
MOST_NEARBY = 10

#: What never says that something is known already: it was no case, or another one is named for it.
_NO_SIGN = (State.VOID, State.DUPLICATE)

#: The shortest a degree of latitude is anywhere, in metres; one of longitude is that at the equator.
_DEGREE_M = 110_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NearbyCase:
    """A case near a place, as who reports may know it: no person, no text. ``metres`` on the ellipsoid."""

    number: str
    matter: str
    state: State
    metres: float
    received_at: datetime
    is_mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarCase(NearbyCase):
    """A case that may be the same as another, as who triages knows it."""

    incident_id: int
    text: str


class _HasMetres(TypedDict):
    metres: Length


def nearby(
    user: AbstractBaseUser, matter_code: str, lon: float, lat: float, now: datetime | None = None
) -> list[NearbyCase]:
    """Return the cases of the matter near a position (lon/lat, EPSG:4326), the nearest first, at most ten.

    Near is within the matter's ``nearby_m``; open cases count however old they are, those that ended for
    the matter's ``nearby_hours`` from then on. They are told to whoever reports, in whichever unit they
    are; so of private matters there are none. Raises `InvalidPoint`, `Refused` ("report.no_post"). Three
    queries.
    """
    if user.pk not in who_may_report([user.pk]):
        raise Refused("report.no_post", _("Only who holds a post can report. Ask the office."))
    matter = Matter.objects.filter(code=matter_code, is_current=True, is_private=False).first()
    check_point(lon, lat)
    if matter is None:
        return []
    cases = Incident.objects.filter(matter__is_private=False)
    found = near(cases, matter, Point(lon, lat, srid=4326), now or timezone.now())
    return [
        NearbyCase(
            number=each.number,
            matter=matter.code,
            state=State(each.state),
            metres=each.metres.m,
            received_at=each.received_at,
            is_mine=each.reporter_id == user.pk,
        )
        for each in found
    ]


def similar(user: AbstractBaseUser, incident: Incident, now: datetime | None = None) -> list[SimilarCase]:
    """Return the cases that the user may see and that may be the same as this one, the nearest first."""
    cases = visible_cases(user).exclude(pk=incident.pk)
    if incident.parent_id:
        cases = cases.exclude(pk=incident.parent_id)
    found = near(cases.exclude(parent=incident.pk), incident.matter, incident.place, now or timezone.now())
    return [
        SimilarCase(
            incident_id=each.pk,
            number=each.number,
            matter=incident.matter.code,
            state=State(each.state),
            metres=each.metres.m,
            received_at=each.received_at,
            is_mine=each.reporter_id == user.pk,
            text=each.text,
        )
        for each in found
    ]


def near(
    cases: QuerySet[Incident], matter: Matter, place: Point, now: datetime
) -> QuerySet[WithAnnotations[Incident, _HasMetres]]:
    """Return those of the cases that are of the matter, and near enough in space and time to be the same.

    Each has its distance to the place as ``metres``. The box finds them by the index of places.
    """
    since = now - timedelta(hours=matter.nearby_hours)
    return (
        cases.filter(~Q(state__in=ENDED) | Q(state_since__gte=since), matter__code=matter.code)
        .exclude(state__in=_NO_SIGN)
        .filter(place__bboverlaps=_box_around(place, matter.nearby_m))
        .annotate(metres=Distance("place", place, spheroid=True))
        .filter(metres__lte=D(m=matter.nearby_m))
        .order_by("metres", "pk")[:MOST_NEARBY]
    )


def _box_around(place: Point, metres: float) -> Polygon:
    """Return a box that holds all within the distance; beside a pole or the 180th meridian, all around."""
    up = metres / _DEGREE_M
    highest = abs(place.y) + up
    aside = up / math.cos(math.radians(highest)) if highest < 89 else 360.0  # noqa: PLR2004 - nearly a pole
    west, east = place.x - aside, place.x + aside
    if west < -180 or east > 180:  # noqa: PLR2004 - the whole way round
        west, east = -180.0, 180.0
    box = Polygon.from_bbox((west, max(-90, place.y - up), east, min(90, place.y + up)))
    box.srid = 4326
    return box
