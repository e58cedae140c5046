"""The sheet for a notice board: the QR code by which residents report from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mapui.faces import OFFICE, face_required
from mapui.office.reading import unit_in_scope
from mapui.pages.public import qr_code

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@never_cache
@face_required(OFFICE)
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """Show the sheet of a unit, to be printed on A4."""
    version, chain = unit_in_scope(request.reach, code)  # type: ignore[attr-defined]  # set by face_required
    address = request.build_absolute_uri(reverse("report_unit", args=[code]))
    context = {
        "unit": version,
        "above": chain[-2].name if len(chain) > 1 else "",
        "address": address,
        "code": qr_code(address),
    }
    return render(request, "office/poster.html", context)
