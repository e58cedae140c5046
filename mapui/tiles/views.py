"""Tiles over HTTP: for whoever is logged in, cached for ever under their version."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any, Final

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_grids.permissions import scope_of
from gis_grids.selectors import map_version
from mapui.tiles.archive import archive, ground_of
from mapui.tiles.layers import Address
from mapui.tiles.making import tile

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

CONTENT_TYPE: Final = "application/vnd.mapbox-vector-tile"
ARCHIVE_TYPE: Final = "application/vnd.pmtiles"
FOR_EVER: Final = "private, max-age=31536000, immutable"
_NO_CONTENT, _UNAUTHORIZED = 204, 401


@require_safe
def answer_tile(request: HttpRequest, **parts: Any) -> HttpResponseBase:  # noqa: ANN401 - typed by Address
    """Answer one tile (204 where nothing is) for the version that is current.

    A page that was opened before a change asks for an older version: it is led to the current one. 404
    for a version that never was and for a tile that isn't on the map, 401 for who is not logged in.
    """
    if not request.user.is_authenticated:
        return _log_in_first()
    address = Address(**parts)
    current = map_version(address.layer)
    if not address.is_on_the_map or address.version > current:
        raise Http404
    if address.version < current:
        newer = HttpResponseRedirect(reverse("tile", kwargs={**parts, "version": current}))
        newer.headers["Cache-Control"] = "no-store"
        return newer
    return _current_tile(request, address)


def _log_in_first() -> HttpResponse:
    answer = {"code": "login_required", "message": _("Log in to see the map."), "details": {}}
    return JsonResponse(answer, status=_UNAUTHORIZED)


def _current_tile(request: HttpRequest, address: Address) -> HttpResponseBase:
    etag = f'"{address.layer}-{address.version}-{address.z}-{address.x}-{address.y}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        response = _body(request, tile(address))
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = FOR_EVER
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _body(request: HttpRequest, content: bytes) -> HttpResponse:
    if not content:
        return HttpResponse(status=_NO_CONTENT)
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(gzip.decompress(content), content_type=CONTENT_TYPE)
    return HttpResponse(content, content_type=CONTENT_TYPE, headers={"Content-Encoding": "gzip"})


@require_safe
def answer_archive(request: HttpRequest) -> HttpResponseBase:
    """Answer the map around the reader's posts as one file, to be kept for where there is no network.

    401 for who is not logged in, 404 for who has no post with ground.
    """
    if not request.user.is_authenticated:
        return _log_in_first()
    ground = ground_of(scope_of(request.user).roots())
    response: HttpResponseBase | None = get_conditional_response(request, etag=ground.etag)
    if response is None:
        content = archive(ground) if ground.boxes else b""
        if not content:
            raise Http404
        response = HttpResponse(content, content_type=ARCHIVE_TYPE)
    response.headers["ETag"] = ground.etag
    response.headers["Cache-Control"] = "private, no-cache"
    return response
