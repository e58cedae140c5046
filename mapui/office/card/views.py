"""The card of one unit: on the page, on paper, and without small counts for publication."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_grids.models.shapes import from_stored
from gis_grids.norms import light
from gis_grids.selectors.hierarchy import unit_names
from gis_grids.selectors.neighbours import responsible
from gis_grids.selectors.plans.norms import as_norm, unit_norms_of
from households.permissions import named_roots
from households.selectors.grid_card import six_elements
from households.selectors.judging import judged
from mapui.faces import OFFICE, face_required
from mapui.office.card.elements import EVERYTHING, NO_SMALL_COUNTS, elements, events_of
from mapui.office.norms.words import (
    HOW,
    LIGHT_LABELS,
    bounds_text,
    lacks_text,
    size_text,
    value_text,
)
from mapui.office.reading import unit_in_scope
from mapui.office.statistics.regions import Region, Regions, picture_of
from mapui.pages.printing import PrinterAway, pdf_of
from mapui.pages.spans import number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.contrib.auth.models import User
    from django.http import HttpRequest

    from gis_grids.levels import Level
    from gis_grids.models import UnitNorm, UnitVersion
    from gis_grids.permissions import Scope
    from gis_grids.selectors import ChainLink
    from households.selectors.judging import Judgement
    from households.selectors.unit_figures import UnitFigures
    from mapui.office.statistics.regions import Picture

_OUTLINE = "#9fc3e0"


@require_safe
@never_cache
@face_required(OFFICE)
def card(request: HttpRequest, code: str) -> HttpResponse:
    """Show the card of a unit, or send it as PDF (``?file=pdf``); ``?public=1`` leaves small counts out."""
    scope: Scope = request.reach  # type: ignore[attr-defined]  # set by face_required
    version, chain = unit_in_scope(scope, code)
    context = _context(request, scope, version, chain)
    if request.GET.get("file") == "pdf":
        try:
            return _paper(code, context)
        except PrinterAway as error:
            messages.error(request, str(error))
            return redirect("office_card", code=code)
    return render(request, "office/card/card.html", context)


def _context(
    request: HttpRequest, scope: Scope, version: UnitVersion, chain: Sequence[ChainLink]
) -> dict[str, Any]:
    user: User = request.user  # type: ignore[assignment]  # nobody else comes through the door
    is_public = bool(request.GET.get("public"))
    keeps = not named_roots(scope).isdisjoint(link.unit_id for link in chain)
    unit_id = version.unit_id
    figures, judgements = judged([unit_id])
    events = events_of(user, unit_id)
    telling = EVERYTHING if keeps and not is_public else NO_SMALL_COUNTS
    return {
        "unit": version,
        "above": chain[:-1],
        "level": chain[-1].level.label,
        "elements": elements(six_elements(unit_id), events, telling),
        "posts": responsible(chain[-1:])[0].posts,
        "judgements": _lines(unit_id, chain[-1].level, figures[unit_id], judgements[unit_id]),
        "funds": figures[unit_id].funds,
        "picture": _picture(version),
        "is_public": is_public,
        "printed_at": timezone.now(),
    }


def _lines(
    unit_id: int, level: Level, figures: UnitFigures, judgements: Sequence[Judgement]
) -> list[dict[str, Any]]:
    """Return how the unit stands to each norm in words, and where each was set: the nearest above holds."""
    size = unit_norms_of(unit_id).get(level)
    scopes = [each.norm.scope_id for each in judgements] + ([size.scope_id] if size else [])
    names = unit_names(scope for scope in scopes if scope)
    lines = [_line(each, names) for each in judgements]
    return [_size_line(size, figures.households, names), *lines] if size else lines


def _size_line(row: UnitNorm, households: int, names: Mapping[int, str]) -> dict[str, Any]:
    norm = as_norm(row)
    stands = light(households, norm.least, norm.most)
    return {
        "name": _("Households in the unit"),
        "how": _("What belongs to it by the register; plans are checked by the same norm."),
        "value": number(households),
        "bounds": size_text(norm),
        "light": stands,
        "light_label": LIGHT_LABELS[stands],
        "lacks": "",
        "basis": norm.basis,
        "where": names.get(row.scope_id or 0, ""),
    }


def _line(judgement: Judgement, names: Mapping[int, str]) -> dict[str, Any]:
    norm = judgement.norm
    return {
        "name": judgement.kind.label,
        "how": HOW[judgement.kind],
        "value": value_text(judgement.kind, judgement.value),
        "bounds": bounds_text(judgement.kind, norm.least, norm.most),
        "light": judgement.light,
        "light_label": LIGHT_LABELS[judgement.light],
        "lacks": lacks_text(judgement),
        "basis": norm.basis,
        "where": names.get(norm.scope_id or 0, ""),
    }


def _picture(version: UnitVersion) -> Picture:
    shape = shapely.force_2d(from_stored(version.boundary))
    return picture_of(Regions([Region(version.name, shape, None, 0, _OUTLINE, "")], []))


def _paper(code: str, context: dict[str, Any]) -> HttpResponse:
    answer = HttpResponse(pdf_of(render_to_string("office/card/paper.html", context)), "application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="card-{code}.pdf"'
    return answer
