"""How units and matters do, over a period: a page, a workbook, paper."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_grids.errors import NotFound
from gis_grids.models import Unit
from gis_grids.selectors import chains
from gis_grids.small_counts import LEAST
from incidents.models import Matter
from incidents.selectors.performance import By
from mapui.faces import OFFICE, face_required
from mapui.office.cases.choices import unit_options
from mapui.office.cases.export import FILE_TYPES
from mapui.office.reading import scope_names
from mapui.office.statistics import charts
from mapui.office.statistics.asked import BY_LABELS, MEASURE_LABELS, PERIODS, periods, read
from mapui.office.statistics.files import paper, table_file
from mapui.office.statistics.lines import statistics as statistics_of
from mapui.office.statistics.regions import picture_of, regions_of
from mapui.office.statistics.tiles import tiles
from mapui.pages.printing import PrinterAway

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

    from gis_grids.permissions import Scope
    from gis_grids.selectors import ChainLink
    from mapui.office.statistics.asked import Asked
    from mapui.office.statistics.lines import Statistics

#: Fewer units than this are told by the table; a map would say nothing more.
_FEWEST_REGIONS: Final = 2


@require_safe
@never_cache
@face_required(OFFICE)
def statistics(request: HttpRequest) -> HttpResponse:
    """Show the figures of a period, or send them as a file (``?file=xlsx``)."""
    scope: Scope = request.reach  # type: ignore[attr-defined]  # set by face_required
    asked, found, chain = _read(request, scope)
    kind = request.GET.get("file", "")
    if kind in FILE_TYPES:
        return table_file(kind, asked, found)
    context = _shown(asked, found, chain, scope)
    if kind == "pdf":
        try:
            return paper(asked, context)
        except PrinterAway as error:
            messages.error(request, str(error))
            return redirect(f"{request.path}?{asked.query}")
    return render(request, "office/statistics/page.html", context | _choices(asked, scope))


def _read(request: HttpRequest, scope: Scope) -> tuple[Asked, Statistics, tuple[ChainLink, ...]]:
    """Return what is asked for, its figures, and the chain of the unit from the top of the scope down."""
    user, asked = cast("User", request.user), read(request.GET)
    roots = scope.roots()
    # Who has one area wants to see its parts, not the one line that it is.
    only = next(iter(roots)) if len(roots) == 1 else None
    unit_id = Unit.objects.filter(code=asked.unit).values_list("pk", flat=True).first()
    try:
        found = statistics_of(user, scope, asked, unit_id or only)
    except NotFound as error:
        asked = replace(asked, unit="", problems=(*asked.problems, str(error)))
        unit_id = None
        found = statistics_of(user, scope, asked, only)
    if unit_id is None:
        asked = replace(asked, unit="")
    shown = unit_id or only
    chain = chains([shown]).get(shown, ()) if shown else ()
    first = next((n for n, link in enumerate(chain) if link.unit_id in roots), 0)
    return asked, found, chain[first:]


def _shown(asked: Asked, found: Statistics, chain: tuple[ChainLink, ...], scope: Scope) -> dict[str, Any]:
    """Return what page and paper show alike."""
    regions = regions_of(found.lines, asked.measure) if asked.by is By.UNIT else None
    if regions and len(regions.regions) < _FEWEST_REGIONS:
        regions = None
    matter = Matter.objects.filter(code=asked.matter).order_by("-version").first() if asked.matter else None
    return {
        "asked": asked,
        "by": BY_LABELS[asked.by],
        "found": found,
        "place": [chain[-1].name] if chain else scope_names(scope),
        "matter": matter,
        "tiles": tiles(found.total.figures, found.before, LEAST if asked.is_public else 0),
        "chart": charts.columns(found.lines) if asked.by in PERIODS else charts.bars(found.lines),
        "picture": picture_of(regions) if regions else None,
        "keys": regions.keys if regions else (),
        "measure": MEASURE_LABELS[asked.measure],
        "colours": {"in_time": charts.IN_TIME, "late": charts.LATE, "open": charts.OPEN},
        "crumbs": [(link.name, asked.for_unit(link.code).query) for link in chain[:-1]],
        "printed_at": timezone.now(),
    }


def _choices(asked: Asked, scope: Scope) -> dict[str, Any]:
    """Return what the form offers."""
    names = Matter.objects.filter(is_current=True).order_by("order", "code")
    return {
        "ways": [(by.value, label) for by, label in BY_LABELS.items()],
        "units": unit_options(scope, asked.unit),
        "matters": [(matter.code, matter.name) for matter in names],
        "measures": [(measure.value, label) for measure, label in MEASURE_LABELS.items()],
        "periods": periods(asked, timezone.localdate()),
        "other_audience": replace(asked, is_public=not asked.is_public).query,
    }
