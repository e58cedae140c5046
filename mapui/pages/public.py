"""Pages for everybody who has their address: in the language asked for, within limits, kept by nobody."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Final

import qrcode  # type: ignore[import-untyped]
from django.conf import settings
from django.utils import translation
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from qrcode.image.svg import SvgPathFillImage  # type: ignore[import-untyped]

from mapui.pages.errors import too_many_requests
from mapui.ratelimits import address_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

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


def asked_language(request: HttpRequest) -> str:
    """Return the language that the address asks for; empty if it asks for none that we speak."""
    language = request.GET.get("language", "")
    return language if language in dict(settings.LANGUAGES) else ""


def qr_code(address: str) -> SafeString:
    """Return an address as a QR code: an SVG to be put into a page, with the border that readers need."""
    drawing = qrcode.make(address, image_factory=SvgPathFillImage, box_size=10, border=4)
    # Made of squares by the library: nothing in it was written by anybody.
    return mark_safe(drawing.to_string(encoding="unicode"))  # noqa: S308
