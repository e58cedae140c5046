"""Cases that have ended lately, for the map: where, how and when; no person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, Q

from gis_grids.selectors import descendant_ids
from incidents.models import Incident
from incidents.selectors.cards import current_cycle
from incidents.selectors.grants import seen_below
from incidents.workflow import ENDED

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from incidents.selectors.grants import Grant


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedCase:
    """A case that has ended, at lon/lat (EPSG:4326)."""

    id: int
    state: str
    lon: float
    lat: float
    ended_at: datetime


def ended_since(
    scope_roots: Collection[int],
    since: datetime,
    *,
    most: int,
    grants: Collection[Grant] = (),
    under: int | None = None,
) -> list[EndedCase]:
    """Return the cases below ``scope_roots`` that have ended since then, the latest first, ``most`` at most.

    Only of one unit's subtree with ``under``; those of private matters only with a grant. One query.
    """
    within = Q() if under is None else Q(unit__in=descendant_ids([under]))
    ended = (
        Incident.objects.annotate(current=current_cycle())
        .filter(seen_below(scope_roots, grants), within, state__in=ENDED, current__closed_at__gte=since)
        .annotate(ended_at=F("current__closed_at"))
        .order_by("-ended_at", "-pk")
    )
    return [
        EndedCase(id=case.pk, state=case.state, lon=case.place.x, lat=case.place.y, ended_at=case.ended_at)
        for case in ended.only("state", "place")[:most]
    ]
