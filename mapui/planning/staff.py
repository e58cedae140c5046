"""Who has the posts of a zone, and who could have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth import get_user_model
from django.utils import timezone

from gis_grids.drafts.images import staff_to_json
from gis_grids.levels import Level, PostKind
from gis_grids.models import Post
from gis_grids.people import name_of
from gis_grids.selectors import descendant_ids
from gis_grids.selectors.plans import draft_of

if TYPE_CHECKING:
    from gis_grids.models import Plan

#: The posts that units of a level have (S0 §2, S1, S3).
KINDS: Final = {
    Level.COMMUNITY: (PostKind.GRID_LEADER, PostKind.OFFICE_CLERK),
    Level.AREA: (PostKind.AREA_HEAD, PostKind.GRID_WORKER),
    Level.BUILDING_GROUP: (PostKind.BUILDING_STEWARD, PostKind.GRID_WORKER),
    Level.RESIDENT_GROUP: (PostKind.RESIDENT_GROUP_LEADER,),
}


def staff_of(plan: Plan, key: str) -> dict[str, Any]:
    """Return the posts of a zone as planned, or as they are today, and the people to choose from."""
    zone = draft_of(plan).zones.get(key)
    if zone is None:
        return {"staff": [], "kinds": [], "people": []}
    now = timezone.now()
    planned = staff_to_json(zone.staff)
    if planned is None:
        posts = Post.objects.filter(unit=zone.unit_id, term__contains=now) if zone.unit_id else []
        planned = [
            {"kind": post.kind, "holder": post.holder_id, "is_deputy": post.is_deputy} for post in posts
        ]
    kinds = dict.fromkeys([*KINDS.get(zone.level, ()), *(PostKind(post["kind"]) for post in planned)])
    scope = descendant_ids([plan.scope_id])
    people = get_user_model().objects.filter(is_active=True, posts__unit__in=scope, posts__term__contains=now)
    return {
        "staff": planned,
        "kinds": [{"code": kind.value, "name": str(kind.label)} for kind in kinds],
        "people": [{"id": person.pk, "name": name_of(person)} for person in people.distinct().order_by("pk")],
    }
