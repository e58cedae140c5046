"""What a worker's telephone reads ahead and keeps, and what it records at the door.

Visits and pins are written without a network and sent later: each has the telephone's id and is stored once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from uuid import UUID  # noqa: TC003 - ninja reads the types at run time

from ninja import Router
from shapely.geometry import mapping

from gis_grids.permissions import scope_of
from gis_grids.selectors import unit_at
from gis_grids.selectors.neighbours import neighbourhood, responsible
from households.models import Visit  # noqa: TC001 - pydantic reads the types at run time
from households.selectors.visits import households_to_visit, visits_of
from incidents.selectors.my_duty import my_duty
from incidents.selectors.tasks import reported_around
from mapui.api.kept import kept
from mapui.api.schemas import AroundShown, FollowUpShown, PlaceChangeShown, ViewShown, VisitShown
from mapui.consumers.fieldwork import (
    FollowUpContent,
    PlaceContent,
    ViewContent,
    VisitContent,
    followed_up,
    placed,
    view_noted,
    visited,
)
from mapui.wire import DatabaseId  # noqa: TC001 - ninja reads the types at run time

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

    from households.models import PlaceChange, PublicSentiment

router = Router()


@router.get("/households")
def get_households(request: HttpRequest) -> HttpResponse:
    """Return the households that the reader visits, names masked, with their last visit, due ones first."""
    return kept(request, households_to_visit(_person(request)))


@router.get("/households/{household_id}/visits")
def get_visits(request: HttpRequest, household_id: DatabaseId) -> HttpResponse:
    """Return the last visits to a household."""
    return kept(request, visits_of(_person(request), household_id))


@router.put("/visits/{uuid:visit_id}", response=VisitShown)
def put_visit(request: HttpRequest, visit_id: UUID, content: VisitContent) -> Visit:
    """Record a visit; the same again gets the same answer."""
    return visited(content, visit_id=visit_id, visitor=_person(request))


@router.put("/views/{uuid:sentiment_id}", response=ViewShown)
def put_view(request: HttpRequest, sentiment_id: UUID, content: ViewContent) -> PublicSentiment:
    """Note what residents said; the same again gets the same answer."""
    return view_noted(content, sentiment_id=sentiment_id, actor=_person(request))


@router.put("/follow-ups/{uuid:call_id}", response=FollowUpShown)
def put_follow_up(request: HttpRequest, call_id: UUID, content: FollowUpContent) -> dict[str, UUID]:
    """Note which report came out of a visit: both have their ids before either has arrived."""
    followed_up(content, actor=_person(request))
    return {"id": call_id, "visit": content.visit, "report": content.report}


@router.put("/places/{uuid:change_id}", response=PlaceChangeShown)
def put_place(request: HttpRequest, change_id: UUID, content: PlaceContent) -> PlaceChange:
    """Set the place of a household; the same again gets the same answer."""
    return placed(content, change_id=change_id, actor=_person(request))


@router.get("/ground")
def get_ground(request: HttpRequest) -> HttpResponse:
    """Return the reader's grids and those next door as GeoJSON features, and who is responsible there."""
    around = neighbourhood(scope_of(_person(request)).roots())
    areas = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": area.unit_id,
                "properties": {"is_mine": area.is_mine, "chain": area.chain},
                "geometry": mapping(area.boundary),
            }
            for area in around.areas
        ],
    }
    return kept(
        request, {"areas": areas, "units": around.units, "roots": around.roots, "is_cut": around.is_cut}
    )


@router.get("/responsible")
def get_responsible(request: HttpRequest, lon: float, lat: float) -> HttpResponse:
    """Return the units at a position (lon/lat, EPSG:4326) from the top down, each with who has its posts."""
    located = unit_at(lon, lat)
    answer: dict[str, Any] = {"chain": responsible(located.chain), "outside_m": located.outside_m}
    return kept(request, answer)


@router.get("/duty")
def get_duty(request: HttpRequest) -> HttpResponse:
    """Return who is on duty now around the reader, and his own turns of the next days."""
    return kept(request, my_duty(_person(request)))


@router.get("/around")
def get_around(request: HttpRequest) -> HttpResponse:
    """Return the open cases in the reader's grids that others reported and others have."""
    return kept(request, [AroundShown.model_validate(one) for one in reported_around(_person(request))])


def _person(request: HttpRequest) -> User:
    """Return who is logged in: `SessionAuth` lets nobody else come here."""
    return cast("User", request.user)
