"""Pictures of the base maps of others, read by the server, kept for a month."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import urllib3
from django.conf import settings
from django.core.cache import caches
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mapui.faces import WALL, face_required
from mapui.wall.rasters import Sheet, sheet

if TYPE_CHECKING:
    from django.http import HttpRequest

logger = logging.getLogger(__name__)

PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/webp"})
MOST_BYTES: Final = 1024 * 1024
_OK, _BAD_GATEWAY = 200, 502
#: Others are asked by 16 connections at most, and given up soon: our own map lies below.
_OTHERS: Final = urllib3.PoolManager(
    num_pools=8,
    maxsize=16,
    timeout=urllib3.Timeout(connect=2.0, read=4.0),
    retries=False,
    headers={"User-Agent": f"Linge/{settings.VERSION}"},
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A tile as it was read."""

    content: bytes
    media_type: str


@require_safe
@face_required(WALL)
def answer_raster(request: HttpRequest, name: str, z: int, x: int, y: int) -> HttpResponse:  # noqa: ARG001
    """Answer a picture; 404 for a map that isn't on and for no tile of it, 502 if it can't be read."""
    found = sheet(name)
    if found is None or z > found.max_zoom or max(x, y) >= 2**z:
        raise Http404
    picture = _picture(name, found, z, x, y)
    if picture is None:
        answer = {
            "code": "raster.unavailable",
            "message": _("This base map can't be reached."),
            "details": {},
        }
        return JsonResponse(answer, status=_BAD_GATEWAY, headers={"Cache-Control": "no-store"})
    week = "private, max-age=604800"
    return HttpResponse(picture.content, content_type=picture.media_type, headers={"Cache-Control": week})


def _picture(name: str, source: Sheet, z: int, x: int, y: int) -> Picture | None:
    cache = caches["rasters"]
    key = f"{name}/{z}/{x}/{y}"
    kept: Picture | None = cache.get(key)
    if kept is None:
        kept = _read(name, source.address.format(z=z, x=x, y=y, key=settings.TIANDITU_KEY))
        if kept is not None:
            cache.set(key, kept)
    return kept


def _read(name: str, address: str) -> Picture | None:
    """Read a picture. None if there is none; the log never gets the address, which holds the key."""
    try:
        answer = _OTHERS.request("GET", address, preload_content=False, redirect=False)
        content = answer.read(MOST_BYTES + 1)
        # Only a connection that was read to its end may be used again.
        (answer.release_conn if len(content) <= MOST_BYTES else answer.close)()
    except urllib3.exceptions.HTTPError as error:
        logger.warning("raster map %s can't be read: %s", name, type(error).__name__)
        return None
    media_type = answer.headers.get("Content-Type", "").partition(";")[0].strip()
    if answer.status != _OK or media_type not in PICTURES or not 0 < len(content) <= MOST_BYTES:
        logger.warning(
            "raster map %s answered %s %s, %s bytes", name, answer.status, media_type, len(content)
        )
        return None
    return Picture(content, media_type)
