"""The pages of the office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_grids.selectors import tree
from households.selectors import coverage, unit_counts, unsettled_page
from households.selectors.coverage import PAGE_SIZE
from mapui.faces import OFFICE, face_required
from mapui.office.figures import Bar, altogether, by_level
from mapui.office.outline import MOST_FOUND, MOST_WORDS, Search, outline
from mapui.office.reading import ADVICE, REASONS, neighbours, scope_names, unit_in_scope

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from gis_grids.permissions import Scope


@require_safe
@never_cache
@face_required(OFFICE)
def office(request: HttpRequest) -> HttpResponse:
    """Show coverage, figures and the tree of the viewer's subtrees."""
    scope = _scope(request)
    search = _search(request)
    rows = tree(scope.roots(OFFICE.kinds))
    figures = coverage(scope)
    total = altogether(rows)
    context = {
        "place": scope_names(scope),
        "coverage": figures,
        "settled": Bar(figures.settled, figures.households),
        "placed": Bar(figures.with_place, figures.households),
        "filled": Bar(total.posts - total.vacant, total.posts),
        "levels": by_level(rows),
        "total": total,
        "search": search,
        "outline": outline(rows, unit_counts(scope), search),
        "most_found": MOST_FOUND,
    }
    return render(request, "office/office.html", context)


@require_safe
@never_cache
@face_required(OFFICE)
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """Show one unit: its posts, its figures, those below it and its neighbours."""
    scope = _scope(request)
    version, chain = unit_in_scope(scope, code)
    [branch] = outline(tree([version.unit_id]), unit_counts(scope), Search()).branches
    context = {
        "branch": branch,
        "above": chain[:-1],
        "roots": _opened(scope, chain),
        "neighbours": neighbours(version, scope),
        "version": version,
    }
    return render(request, "office/unit.html", context)


@require_safe
@never_cache
@face_required(OFFICE)
def unsettled(request: HttpRequest) -> HttpResponse:
    """List the households that are not in exactly one unit, with the reason for each."""
    scope = _scope(request)
    figures = coverage(scope)
    page = Paginator(range(figures.unsettled), PAGE_SIZE).get_page(request.GET.get("page"))
    households = [(row, REASONS[row.why], ADVICE[row.why]) for row in unsettled_page(scope, page.number)]
    context = {"coverage": figures, "page": page, "households": households}
    return render(request, "office/unsettled.html", context)


def _scope(request: HttpRequest) -> Scope:
    scope: Scope = request.reach  # type: ignore[attr-defined]  # set by face_required
    return scope


def _search(request: HttpRequest) -> Search:
    return Search(request.GET.get("q", "").strip()[:MOST_WORDS], bool(request.GET.get("vacant")))


def _opened(scope: Scope, chain: tuple[Any, ...]) -> set[int]:
    """Return the units of the chain that the viewer may open."""
    roots = scope.roots(OFFICE.kinds)
    first = next(n for n, link in enumerate(chain) if link.unit_id in roots)
    return {link.unit_id for link in chain[first:]}
