"""What the phone is given about its holder: everything that its shell, the same for everybody, lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import get_language

from gis_grids.people import name_of
from gis_grids.selectors import chains
from households.permissions import HANGERS
from incidents.services.declared import LIMITS, MAX_AT_ONCE
from mapui.pages.data import case_words, extent
from mapui.tiles import tile_sources

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

    from gis_grids.permissions import Scope


def phone_profile(user: AbstractUser, scope: Scope) -> dict[str, Any]:
    """Return who holds the phone, the posts of his scope, and what its screens need without a network.

    Words are in the reader's language. ``limits`` are those of files: how many with one report, and the
    most bytes of each type. ``extent`` is west, south, east, north in degrees (EPSG:4326).
    """
    units = {unit_id: chain[-1] for unit_id, chain in chains(scope.roots()).items()}
    return {
        "id": user.pk,
        "user": user.get_username(),
        "name": name_of(user),
        "posts": [
            {
                "kind": kind,
                "unit": {
                    "id": unit_id,
                    "code": units[unit_id].code,
                    "level": units[unit_id].level,
                    "name": units[unit_id].name,
                },
            }
            for kind, unit_id in sorted(scope.posts)
            if unit_id in units
        ],
        "hangs_boards": bool(scope.roots(HANGERS)),
        "language": get_language(),
        "time_zone": settings.TIME_ZONE,
        "tiles": tile_sources(),
        "extent": extent(),
        "limits": {"files": MAX_AT_ONCE, "bytes": LIMITS},
        "words": case_words(),
    }
