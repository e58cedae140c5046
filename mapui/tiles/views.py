"""Tiles over HTTP, cached for ever under their version, and what describes them."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_grids.permissions import scope_of
from gis_grids.selectors import map_version
from mapui.tiles.archive import archive, ground_of
from mapui.tiles.layers import OPEN, Address, Layer
from mapui.tiles.making import Tile, tile
from mapui.tiles.rights import NOTHING, ground_in, may_read
from mapui.tiles.sources import describe

if TYPE_CHECKING:
    import datetime as dt

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

CONTENT_TYPE: Final = "application/vnd.mapbox-vector-tile"
ARCHIVE_TYPE: Final = "application/vnd.pmtiles"
FOR_EVER: Final = "private, max-age=31536000, immutable"
ASK_AGAIN: Final = "private, no-cache"
_NO_CONTENT, _UNAUTHORIZED, _FORBIDDEN = 204, 401, 403


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
        newer = HttpResponseRedirect(reverse("tile", kwargs={**parts, "version": current}))
        newer.headers["Cache-Control"] = "no-store"
        return newer
    return _answer(request, address, FOR_EVER)


@require_safe
def answer_tile_of_day(request: HttpRequest, day: dt.date, **place: int) -> HttpResponseBase:
    """Answer a tile of the units as they were at the end of a day.

    What was on a day can still become another thing, by an import that is dated back: so a browser asks
    again, and is told by 304 that nothing has changed.
    """
    if refusal := _refusal(request, Layer.UNITS):
        return refusal
    address = Address(Layer.UNITS, map_version(Layer.UNITS), **place, day=day)
    if not address.is_on_the_map:
        raise Http404
    return _answer(request, address, ASK_AGAIN)


@require_safe
def answer_description(request: HttpRequest, layer: str) -> HttpResponse:
    """Answer the TileJSON 3.0 of a layer; its address of tiles is that of the current version."""
    if refusal := _refusal(request, layer):
        return refusal
    described = describe(Layer(layer))
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


def _answer(request: HttpRequest, address: Address, cache_control: str) -> HttpResponseBase:
    """Answer with what the reader may see of a tile, or that he has it already."""
    is_open = address.layer in OPEN
    within = None if is_open else ground_in(scope_of(request.user), address)
    etag = f'"{sha256(repr((address, within)).encode()).hexdigest()[:32]}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        response = _body(request, Tile(b"") if within == NOTHING else tile(address, within))
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = cache_control
    # Two people may sit at one browser: what it keeps of the one's ground isn't the other's.
    patch_vary_headers(response, ["Accept-Encoding"] if is_open else ["Accept-Encoding", "Cookie"])
    return response


def _body(request: HttpRequest, content: Tile) -> HttpResponse:
    if not content.gzipped:
        return HttpResponse(status=_NO_CONTENT)
    accepted = request.headers.get("Accept-Encoding", "")
    for name, body in (("br", "brotli"), ("gzip", "gzipped")):
        if _takes(accepted, name):
            return HttpResponse(
                getattr(content, body), content_type=CONTENT_TYPE, headers={"Content-Encoding": name}
            )
    return HttpResponse(content.plain, content_type=CONTENT_TYPE)


def _takes(accepted: str, name: str) -> bool:
    """Return whether an Accept-Encoding header has the name, and doesn't refuse it by a weight of 0."""
    for part in accepted.split(","):
        coding, _separator, weight = part.partition(";")
        if coding.strip().lower() == name:
            return weight.replace(" ", "").rstrip("0").rstrip(".") != "q="
    return False


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
