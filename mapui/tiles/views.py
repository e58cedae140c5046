"""Tiles over HTTP, cached for ever under their version, and what describes them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_grids.permissions import scope_of
from gis_grids.selectors import map_version
from mapui.tiles.answers import ASK_AGAIN, Asked, answer_for
from mapui.tiles.archive import archive, ground_of
from mapui.tiles.layers import OPEN, Address, Layer
from mapui.tiles.rights import ground_in, may_read
from mapui.tiles.sources import describe, path_of

if TYPE_CHECKING:
    import datetime as dt

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

ARCHIVE_TYPE: Final = "application/vnd.pmtiles"
_UNAUTHORIZED, _FORBIDDEN = 401, 403


@require_safe
def answer_tile(request: HttpRequest, **parts: Any) -> HttpResponseBase:  # noqa: ANN401 - typed by Address
    """Answer one tile (204 where nothing is) for the version that is current.

    A page that was opened before a change asks for an older version: it is led to the current one. 404
    for a version that never was and for a tile that isn't on the map, 401 for who is not logged in, 403
    for who has no post that opens the layer.
    """
    address = Address(**parts)
    if refusal := _refusal(request, address.layer):
        return refusal
    current = map_version(address.layer)
    if not address.is_on_the_map or address.version > current:
        raise Http404
    if address.version < current:
        newer = HttpResponseRedirect(path_of(replace(address, version=current)))
        newer.headers["Cache-Control"] = "no-store"
        return newer
    return _answer(request, address)


@require_safe
def answer_tile_of_day(request: HttpRequest, level: str, day: dt.date, **place: int) -> HttpResponseBase:
    """Answer a tile of the units of a level as they were at the end of a day.

    What was on a day can still become another thing, by an import that is dated back: so a browser asks
    again, and is told by 304 that nothing has changed.
    """
    if refusal := _refusal(request, Layer.UNITS):
        return refusal
    address = Address(Layer.UNITS, map_version(Layer.UNITS), **place, level=level, day=day)
    if not address.is_on_the_map:
        raise Http404
    return _answer(request, address)


@require_safe
def answer_description(request: HttpRequest, layer: str, level: str = "") -> HttpResponse:
    """Answer the TileJSON 3.0 of a layer, or of a level of units, with the address of the current version."""
    if refusal := _refusal(request, layer):
        return refusal
    described = describe(Layer(layer), level)
    # The whole address at once would come with its braces encoded, and nobody could fill them in.
    host = request.build_absolute_uri("/").rstrip("/")
    described["tiles"] = [host + address for address in described["tiles"]]
    answer = JsonResponse(described)
    answer.headers["Cache-Control"] = ASK_AGAIN
    return answer


def _refusal(request: HttpRequest, layer: str) -> HttpResponse | None:
    """Return why the reader can't have a layer, if so."""
    if not request.user.is_authenticated:
        return _log_in_first()
    if layer in OPEN or may_read(scope_of(request.user), layer):
        return None
    answer = {"code": "tiles.no_post", "message": _("Your posts don't include this map."), "details": {}}
    return JsonResponse(answer, status=_FORBIDDEN)


def _log_in_first() -> HttpResponse:
    answer = {"code": "login_required", "message": _("Log in to see the map."), "details": {}}
    return JsonResponse(answer, status=_UNAUTHORIZED)


def _answer(request: HttpRequest, address: Address) -> HttpResponse:
    within = None
    if address.layer not in OPEN:
        within = ground_in(scope_of(request.user), address, map_version(Layer.UNITS))
    headers = request.headers
    asked = Asked(headers.get("Accept-Encoding", ""), headers.get("If-None-Match", ""))
    answer = answer_for(address, within, asked)
    return HttpResponse(answer.body, status=answer.status, headers=answer.headers)


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
