"""Pages for everybody who has their address: in the language asked for, within limits, kept by nobody."""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import qrcode  # type: ignore[import-untyped]
from django.conf import settings
from django.utils import translation
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from qrcode.image.svg import SvgPathFillImage  # type: ignore[import-untyped]

from gis_grids.errors import BadInput
from mapui.pages.errors import too_many_requests
from mapui.ratelimits import address_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from gis_grids.errors import LingeError
    from mapui.ratelimits import Quota

    View = Callable[..., HttpResponse]

#: What such an address names belongs in no other site's log, and in no search engine.
HEADERS: Final = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}


def public_page(limit: Callable[[], Quota]) -> Callable[[View], View]:
    """Limit a view by address, keep its answers out of caches and logs, answer in the language asked for."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **parts: object) -> HttpResponse:
            if limit().take(address_of(request)):
                return too_many_requests(request)
            with translation.override(asked_language(request) or translation.get_language()):
                response = view(request, *args, **parts)
            for name, value in HEADERS.items():
                response.headers[name] = value
            return response

        return never_cache(guarded)

    return decorate


def linked_page(limit: Callable[[], Quota]) -> Callable[[View], View]:
    """Make a view that also takes a form a `public_page`, of which nobody's cookies say what he may.

    Its address, or what the page itself carries signed, is the right to it: no other site can make somebody's
    browser do what that site couldn't do itself. Django's check would need the referrer, which isn't sent.
    """

    def decorate(view: View) -> View:
        return csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(public_page(limit)(view)))

    return decorate


def status_of(error: LingeError | None) -> int:
    """Return the status of a page that comes back with what is wrong: with what was typed, or meanwhile."""
    if error is None:
        return HTTPStatus.OK
    return HTTPStatus.UNPROCESSABLE_ENTITY if isinstance(error, BadInput) else HTTPStatus.CONFLICT


def asked_language(request: HttpRequest) -> str:
    """Return the language that the address asks for; empty if it asks for none that we speak."""
    language = request.GET.get("language", "")
    return language if language in dict(settings.LANGUAGES) else ""


def onward(request: HttpRequest, path: str, **more: str) -> str:
    """Return a path with more in its query, and the language that was asked for, to be asked for again."""
    language = asked_language(request)
    query = urlencode(({"language": language} if language else {}) | more)
    return f"{path}?{query}" if query else path


def qr_code(address: str) -> SafeString:
    """Return an address as a QR code: an SVG to be put into a page, with the border that readers need."""
    drawing = qrcode.make(address, image_factory=SvgPathFillImage, box_size=10, border=4)
    # Made of squares by the library: nothing in it was written by anybody.
    return mark_safe(drawing.to_string(encoding="unicode"))  # noqa: S308
