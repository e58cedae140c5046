"""The phone page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from mapui.faces import PHONE, face_required
from mapui.pages.data import case_words, extent
from mapui.tiles import tile_sources

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@never_cache
@face_required(PHONE)
def phone(request: HttpRequest) -> HttpResponse:
    """Show the phone page; everything live comes over the socket."""
    page_data = {
        "user": request.user.get_username(),
        **case_words(),
        "api": "/api/",
        "tiles": tile_sources(),
        "extent": extent(),
        "time_zone": settings.TIME_ZONE,
    }
    return render(request, "phone/phone.html", {"page_data": page_data})
