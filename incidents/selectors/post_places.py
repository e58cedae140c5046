"""Posts on the map: where each is at home, whether it is held and its holder on duty. No person is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.gis.db.models.functions import PointOnSurface
from django.contrib.gis.geos import Polygon
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from gis_grids.levels import PostKind
from gis_grids.models import Post
from gis_grids.permissions import FIELD
from gis_grids.selectors import current_versions, descendant_ids
from incidents.selectors.duty import turns_at

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from gis_grids.selectors import Extent


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPlace:
    """A post, with a point inside of its unit (lon/lat, EPSG:4326)."""

    id: int
    kind: PostKind
    is_deputy: bool
    is_vacant: bool
    is_on_duty: bool
    unit_id: int
    unit_name: str
    lon: float
    lat: float


def post_places(
    scope_roots: Collection[int], box: Extent | None = None, *, most: int, when: datetime | None = None
) -> list[PostPlace]:
    """Return the posts of the `FIELD` in the subtrees of ``scope_roots``, ``most`` of them at most.

    With a ``box`` (degrees, EPSG:4326) only those of units that it touches. The posts of the widest units
    come first. On duty is who has a turn of a published roster at `when` (default: now), wherever he has it.
    One query.
    """
    at = when or timezone.now()
    drawn = current_versions(when=at).filter(unit__in=descendant_ids(scope_roots, at))
    if box is not None:
        drawn = drawn.filter(boundary__bboverlaps=Polygon.from_bbox(box))
    posts = (
        Post.objects.filter(kind__in=FIELD, term__contains=at, unit__versions__in=drawn)
        .annotate(
            name=F("unit__versions__name"),
            depth=F("unit__versions__depth"),
            place=PointOnSurface("unit__versions__boundary"),
            turn=Exists(turns_at(at).filter(person=OuterRef("holder"))),
        )
        .order_by("depth", "unit", "kind", "is_deputy", "pk")
    )
    return [
        PostPlace(
            id=post.pk,
            kind=PostKind(post.kind),
            is_deputy=post.is_deputy,
            is_vacant=post.holder_id is None,
            is_on_duty=post.turn,
            unit_id=post.unit_id,
            unit_name=post.name,
            lon=post.place.x,
            lat=post.place.y,
        )
        for post in posts[:most]
    ]
