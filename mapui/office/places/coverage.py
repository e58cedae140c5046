"""Coverage as a map: of each unit, how many of its households are placed, in exactly one unit, visited."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_grids.models import Unit
from gis_grids.selectors import current_versions
from gis_grids.selectors.hierarchy import listed
from households.permissions import named_roots, register_roots
from households.selectors.coverage_map import Covered, covered_counts
from mapui.faces import OFFICE, face_required
from mapui.office.doors import scope_of_request
from mapui.office.figures import share
from mapui.office.reading import unit_in_scope
from mapui.office.statistics.regions import NOTHING, Key, Region, Regions, picture_of
from mapui.pages.spans import per_cent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise

    from gis_grids.models import UnitVersion

#: How far back a visit counts, in days: a quarter, as offices plan, or a year.
SPANS: Final = (90, 365)


class Measure(StrEnum):
    """What the map shows."""

    PLACED = "placed"
    SETTLED = "settled"
    VISITED = "visited"


LABELS: Final[dict[Measure, _StrPromise]] = {
    Measure.PLACED: pgettext_lazy("coverage", "Placed"),
    Measure.SETTLED: gettext_lazy("In exactly one unit"),
    Measure.VISITED: pgettext_lazy("coverage", "Visited"),
}
#: The classes of a share by their upper limits, in per cent: few places may lack, visits come with time.
_LIMITS: Final = {
    Measure.PLACED: (80.0, 95.0, 99.0, 99.9, 100.0),
    Measure.SETTLED: (80.0, 95.0, 99.0, 99.9, 100.0),
    Measure.VISITED: (20.0, 40.0, 60.0, 80.0, 100.0),
}
_NEARLY_ALL: Final = 99.5
_FILLS: Final = ("#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494")


@dataclass(frozen=True, slots=True)
class Row:
    """A unit of the table: its figures, and the shares of its households in per cent (None: it has none)."""

    version: UnitVersion
    counts: Covered
    has_children: bool

    def share(self, measure: Measure) -> float | None:
        """Return how many of its households are so, in per cent."""
        return share(getattr(self.counts, measure.value), self.counts.households)

    @property
    def cells(self) -> list[tuple[_StrPromise, int, float | None]]:
        """The names of the measures with figures and shares."""
        return [(LABELS[each], getattr(self.counts, each.value), self.share(each)) for each in Measure]


@never_cache
@face_required(OFFICE)
@require_safe
def coverage_map(request: HttpRequest) -> HttpResponse:
    """Show the units below one, or those of the reader's posts, coloured by a measure, and as a table."""
    scope, now = scope_of_request(request), timezone.now()
    measure = _measure(request.GET.get("show", ""))
    days = int(asked) if (asked := request.GET.get("days", "")) in map(str, SPANS) else SPANS[0]
    counts = covered_counts(scope, now - timedelta(days=days), now)
    code = request.GET.get("unit") or _only_root(register_roots(scope))
    version, chain = unit_in_scope(scope, code) if code else (None, ())
    rows = _rows(version, counts, register_roots(scope))
    regions = _regions(rows, measure)
    context = {
        "measure": measure.value,
        "label": LABELS[measure],
        "measures": [(each.value, LABELS[each]) for each in Measure],
        "days": days,
        "spans": SPANS,
        "unit": version,
        "crumbs": [link for link in chain[:-1] if link.unit_id in counts],
        "rows": rows,
        "picture": picture_of(regions) if regions else None,
        "keys": regions.keys if regions else [],
        "keeps": bool(named_roots(scope)),
    }
    return render(request, "office/places/coverage.html", context)


def _measure(asked: str) -> Measure:
    return Measure(asked) if asked in {each.value for each in Measure} else Measure.SETTLED


def _only_root(roots: frozenset[int]) -> str:
    """Return the code of the unit of a reader who has one alone; "" for others."""
    return Unit.objects.get(pk=next(iter(roots))).code if len(roots) == 1 else ""


def _rows(version: UnitVersion | None, counts: Mapping[int, Covered], roots: frozenset[int]) -> list[Row]:
    """Return the children of a unit, or itself where it has none; without one the reader's own units."""
    current = current_versions().defer("boundary", "boundary_3857")
    if version is None:
        found = list(current.filter(unit__in=listed(roots)))
    else:
        found = list(current.filter(parent=version.unit_id)) or [version]
    ids = [each.unit_id for each in found]
    parents = set(current.filter(parent__in=ids).values_list("parent", flat=True))
    return [Row(each, counts.get(each.unit_id, Covered()), each.unit_id in parents) for each in found]


def _regions(rows: list[Row], measure: Measure) -> Regions | None:
    by_unit = {row.version.unit_id: row for row in rows}
    drawn = current_versions().filter(unit__in=listed(by_unit)).annotate(wkb=AsWKB("boundary"))
    limits = _LIMITS[measure]
    regions = []
    for unit, wkb in drawn.values_list("unit", "wkb"):
        row = by_unit[unit]
        value = row.share(measure)
        colour = None if value is None else bisect_left(limits, value)
        fill = NOTHING if colour is None else _FILLS[colour]
        text = "–" if value is None else per_cent(value / 100)
        regions.append(Region(row.version.name, shapely.from_wkb(bytes(wkb)), value, colour, fill, text))
    if not regions:
        return None
    keys = [
        Key(fill, _range(low, high)) for fill, low, high in zip(_FILLS, (0.0, *limits), limits, strict=False)
    ]
    if any(region.colour is None for region in regions):
        keys.append(Key(NOTHING, _("No household")))
    return Regions(regions, keys)


def _range(low: float, high: float) -> str:
    # Shares are cut to one decimal: above 99.9 there is nothing but all.
    return f"{high:g} %" if low > _NEARLY_ALL else f"{low:g} – {high:g} %"
