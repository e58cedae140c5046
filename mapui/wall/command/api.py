"""What is commanded from the wall; the services decide who may, and do it once for each call."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID  # noqa: TC003 - ninja reads the types at run time

import shapely
from django.utils import timezone
from ninja import Router

from gis_grids.geometry.lattice import DECIMALS
from gis_grids.levels import Level, PostKind
from gis_grids.selectors import spot_in
from households.models import Need
from incidents.selectors import details
from incidents.selectors.areas import commanded_area, count_area
from incidents.services.announcements import announce_in_area, end_announcement
from incidents.services.emergencies import declare_in_area, end_emergency, give_order
from mapui.wall.command.schemas import (
    AreaBody,
    AreaShown,
    BroadcastBody,
    EmergencyBody,
    OrderBody,
    PostSpot,
    SentShown,
)
from mapui.wall.reach import roots_of
from mapui.wire import DatabaseId  # noqa: TC001 - ninja reads the types at run time

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest

    from incidents.models import Announcement

router = Router()


@router.post("/areas", response=AreaShown)
def post_area(request: HttpRequest, content: AreaBody) -> dict[str, Any]:
    """Return what is in a drawn area, as far as it lies in one's grids, in numbers. Stores nothing."""
    person = _viewer(request)
    area = commanded_area(person, content.ring)
    count = count_area(person, area)
    return {
        "area": json.loads(shapely.to_geojson(shapely.set_precision(area.shape, 10.0**-DECIMALS))),
        "is_cut": area.is_cut,
        "unit": area.chain[-1],
        "households": count.living.households,
        "residents": count.living.residents,
        "needs": count.living.needs
        and [
            {"kind": need.kind, "name": str(Need.Kind(need.kind).label), "people": need.people}
            for need in count.living.needs
        ],
        "posts": [
            {
                "kind": each.kind,
                "name": str(each.kind.label),
                "posts": each.posts,
                "on_duty": each.on_duty,
            }
            for each in count.posts
        ],
        "people": count.people,
        "open_cases": count.open_cases,
    }


@router.put("/emergencies/{uuid:call_id}", response=SentShown)
def put_emergency(request: HttpRequest, call_id: UUID, content: EmergencyBody) -> dict[str, int]:
    """Run a drawn area in emergency mode; the same call again gives the same emergency."""
    emergency = declare_in_area(
        actor=_viewer(request),
        ring=content.ring,
        reason=content.reason,
        order=content.order,
        call_id=call_id,
    )
    return {"id": emergency.pk, "people": sum(_people(order) for order in emergency.orders.all()[:1])}


@router.put("/emergencies/{emergency_id}/orders/{uuid:call_id}", response=SentShown)
def put_order(
    request: HttpRequest, emergency_id: DatabaseId, call_id: UUID, content: OrderBody
) -> dict[str, int]:
    """Give a further order to all posts in the area of an emergency."""
    order = give_order(
        actor=_viewer(request), emergency_id=emergency_id, order=content.order, call_id=call_id
    )
    return {"id": order.pk, "people": _people(order)}


@router.post("/emergencies/{emergency_id}/end", response={204: None})
def post_emergency_end(request: HttpRequest, emergency_id: DatabaseId) -> None:
    """End an emergency, and take its orders from the phones."""
    end_emergency(actor=_viewer(request), emergency_id=emergency_id)


@router.put("/broadcasts/{uuid:call_id}", response=SentShown)
def put_broadcast(request: HttpRequest, call_id: UUID, content: BroadcastBody) -> dict[str, int]:
    """Send something to the workers of a drawn area; the same call again gives the same broadcast."""
    sent = announce_in_area(
        actor=_viewer(request),
        ring=content.ring,
        text=content.text,
        until=timezone.now() + dt.timedelta(hours=content.hours),
        call_id=call_id,
    )
    return {"id": sent.pk, "people": _people(sent)}


@router.post("/broadcasts/{announcement_id}/end", response={204: None})
def post_broadcast_end(request: HttpRequest, announcement_id: DatabaseId) -> None:
    """Take a broadcast from the phones."""
    end_announcement(actor=_viewer(request), announcement_id=announcement_id)


@router.get("/cases/{incident_id}/posts", response=list[PostSpot])
def get_posts(request: HttpRequest, incident_id: DatabaseId) -> list[dict[str, Any]]:
    """Return the posts that one can give the case to, with a place to click at: none if one can't.

    Those from the community down: the middle of a street or a district is no place to look for somebody.
    """
    shown = details(_viewer(request), incident_id)
    near = [link.unit_id for link in shown.chain if link.level.depth >= Level.COMMUNITY.depth]
    spots = {unit: spot_in(unit) for unit in near}
    return [
        {
            "user_id": each.user_id,
            "unit_id": each.unit_id,
            "post": str(PostKind(each.post).label),
            "unit_name": each.unit_name,
            "open_cases": each.open_cases,
            "is_on_duty": each.is_on_duty,
            "lon": spot.lon,
            "lat": spot.lat,
        }
        for each in shown.candidates
        if (spot := spots.get(each.unit_id))
    ]


def _viewer(request: HttpRequest) -> User:
    """Return who asks, if a post of his opens the wall."""
    roots_of(request)
    return cast("User", request.user)


def _people(announcement: Announcement) -> int:
    return announcement.addressees.values("holder").distinct().count()
