"""Pictures and videos of cases, photos of boards: for who may see the case or the board, and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_grids.errors import NotFound
from gis_grids.permissions import scope_of
from households.selectors.boards import hanging_photo
from incidents.permissions import LinkHolder
from incidents.selectors.attachments import Size, attachment_shown, board_photo
from incidents.selectors.follow import case_of_link
from incidents.storage import StoreAway, media_store
from mapui.media.ranges import Part, in_threads, part_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from incidents.selectors.attachments import Shown

#: What somebody sent is looked at, never run: not as a page of this site, nor guessed to be something else.
HEADERS: Final = {
    "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'; media-src 'self'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
    "Accept-Ranges": "bytes",
}
_PARTIAL, _UNAUTHORIZED, _BEYOND, _AWAY = 206, 401, 416, 503
_RETRY_S: Final = 10


@require_safe
def show_file(request: HttpRequest, attachment_id: UUID) -> HttpResponseBase:
    """Answer a file that is complete: 401 for who is not logged in, 404 for who may not see its case.

    With `?size=thumb` a small picture of it. A browser may keep it, but must ask each time whether it still
    may show it.
    """
    if not request.user.is_authenticated:
        return _log_in()
    size = request.GET.get("size", Size.FULL)
    return _answer(request, lambda: attachment_shown(request.user, attachment_id, Size(size)))  # type: ignore[arg-type]


@require_safe
def show_board_photo(request: HttpRequest, hanging_id: int) -> HttpResponseBase:
    """Answer the photo of a board: 401 for who is not logged in, 404 for who has no post over its place."""
    if not request.user.is_authenticated:
        return _log_in()
    size = request.GET.get("size", Size.FULL)
    roots = scope_of(request.user).roots()
    return _answer(request, lambda: board_photo(hanging_photo(roots, hanging_id), Size(size)))


@require_safe
def show_followed(request: HttpRequest, token: str, attachment_id: UUID) -> HttpResponseBase:
    """Answer the small picture of a file that the holder of a private link has sent himself; else 404."""
    return _answer(
        request, lambda: attachment_shown(LinkHolder(case_of_link(token).pk), attachment_id, Size.THUMB)
    )


def _log_in() -> HttpResponse:
    answer = {"code": "login_required", "message": _("Log in to see this file."), "details": {}}
    return JsonResponse(answer, status=_UNAUTHORIZED)


def _answer(request: HttpRequest, find: Callable[[], Shown]) -> HttpResponseBase:
    try:
        shown = find()
        response: HttpResponseBase = get_conditional_response(request, etag=shown.etag) or _body(
            request, shown
        )
    except (NotFound, FileNotFoundError, ValueError) as error:
        raise Http404 from error
    except StoreAway as away:
        answer = {"code": away.code, "message": str(away), "details": {}}
        return JsonResponse(answer, status=_AWAY, headers={"Retry-After": _RETRY_S})
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers["ETag"] = shown.etag
    return response


def _body(request: HttpRequest, shown: Shown) -> HttpResponseBase:
    store = media_store()
    size = store.size(shown.stored)
    wanted = request.headers.get("Range", "")
    # A part of what has changed meanwhile would be none of what the player has.
    if request.headers.get("If-Range", shown.etag) != shown.etag:
        wanted = ""
    try:
        part = part_of(wanted, size)
    except ValueError:
        return HttpResponse(status=_BEYOND, headers={"Content-Range": f"bytes */{size}"})
    start, end = part or Part(0, size)
    response = StreamingHttpResponse(
        () if request.method == "HEAD" else in_threads(store.read(shown.stored, start, end)),
        status=_PARTIAL if part else None,
        content_type=shown.media_type,
    )
    response.headers["Content-Length"] = str(end - start)
    response.headers["Content-Disposition"] = content_disposition_header(False, shown.name) or "inline"  # noqa: FBT003
    if part:
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return response
