"""The phone's page, which knows nobody: who holds the phone is asked over the interface."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from mapui.phone.shell import page, service_worker

if TYPE_CHECKING:
    from django.http import HttpRequest

#: The browser may keep it, and asks each time whether it is still so.
_asked_again = cache_control(no_cache=True)
#: What the phone shows while it starts: the colours of its bar and of its paper.
BRAND, PAPER = "#0b1f33", "#f4f6f7"


@require_safe
@_asked_again
@conditional_page
def phone(request: HttpRequest) -> HttpResponse:
    """Show the phone page in the reader's language."""
    return HttpResponse(page(request.LANGUAGE_CODE))


@require_safe
@_asked_again
@conditional_page
def shell(request: HttpRequest, language: str) -> HttpResponse:  # noqa: ARG001
    """Answer the phone page in one language, for the service worker."""
    _check(language)
    return HttpResponse(page(language))


@require_safe
@_asked_again
def worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answer the script of the service worker."""
    return HttpResponse(service_worker(), content_type="text/javascript; charset=utf-8")


@require_safe
@_asked_again
def manifest(request: HttpRequest, language: str) -> HttpResponse:  # noqa: ARG001
    """Say how the phone is installed on a home screen."""
    _check(language)
    with translation.override(language):
        content = {
            "id": "/phone/",
            "start_url": "/phone/",
            "scope": "/phone/",
            "lang": language,
            "name": f"{_('Linge')} · {_('Phone')}",
            "short_name": _("Linge"),
            "description": _("Report an incident and follow it"),
            "display": "standalone",
            "orientation": "portrait",
            "theme_color": BRAND,
            "background_color": PAPER,
            "icons": [
                _icon("icon-192.png", "192x192", "any"),
                _icon("icon-512.png", "512x512", "any"),
                _icon("icon-maskable-512.png", "512x512", "maskable"),
                _icon("icon.svg", "any", "any"),
            ],
            "shortcuts": [{"name": _("Report"), "url": "/phone/#report"}],
        }
    return JsonResponse(content, content_type="application/manifest+json")


def _icon(name: str, sizes: str, purpose: str) -> dict[str, str]:
    kind = "image/svg+xml" if name.endswith(".svg") else "image/png"
    return {"src": static(f"dist/{name}"), "sizes": sizes, "type": kind, "purpose": purpose}


def _check(language: str) -> None:
    if language not in dict(settings.LANGUAGES):
        raise Http404
