"""Who has the posts of a zone, and who could have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from gis_grids.drafts.images import staff_to_json
from gis_grids.levels import KINDS_OF_LEVEL, PostKind
from gis_grids.models import Post
from gis_grids.people import name_of
from gis_grids.selectors import descendant_ids
from gis_grids.selectors.plans import draft_of

if TYPE_CHECKING:
    from gis_grids.models import Plan


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
    kinds = dict.fromkeys(
        [*KINDS_OF_LEVEL.get(zone.level, ()), *(PostKind(post["kind"]) for post in planned)]
    )
    scope = descendant_ids([plan.scope_id])
    people = get_user_model().objects.filter(is_active=True, posts__unit__in=scope, posts__term__contains=now)
    return {
        "staff": planned,
        "kinds": [{"code": kind.value, "name": str(kind.label)} for kind in kinds],
        "people": [{"id": person.pk, "name": name_of(person)} for person in people.distinct().order_by("pk")],
    }
