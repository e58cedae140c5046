"""Which norms hold, set by the district's office; and the funds that units got."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from gis_grids.levels import Level
from gis_grids.models import ServiceNorm, UnitFunds
from gis_grids.norms import NormKind
from gis_grids.permissions import OFFICE as CLERKS
from gis_grids.selectors import current_versions, descendant_ids
from gis_grids.services.norms import drop_norm, note_funds, set_norm
from households.permissions import register_roots
from mapui.faces import OFFICE, face_required
from mapui.office.norms.forms import FundsForm, NormForm
from mapui.office.norms.reach import setting_roots, units_above
from mapui.office.norms.words import bounds_text
from mapui.office.rules.choices import unit_names, unit_options
from mapui.office.rules.saving import done, saved

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import HttpRequest, HttpResponse

    from gis_grids.permissions import Scope

#: So many years of funds are shown, the latest first.
MOST_FUNDS = 300


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def norms(request: HttpRequest) -> HttpResponse:
    """List the norms that hold in the reader's units, and set one; who sets none only reads."""
    scope: Scope = request.reach  # type: ignore[attr-defined]  # set by face_required
    roots = setting_roots(scope)
    form = NormForm(unit_options(roots, Level.COMMUNITY), request.POST or None)
    outcome = saved(request, form, set_norm, _("The norm is set. It counts at once."))
    if outcome.is_saved:
        return redirect("office_norms")
    context = {"rows": _rows(scope, roots), "form": form, "may_set": bool(roots)}
    return render(request, "office/norms/norms.html", context, status=outcome.status)


@never_cache
@face_required(OFFICE)
@require_POST
def drop(request: HttpRequest, norm_id: int) -> HttpResponse:
    """End a district's own norm: the one above it holds again."""
    done(request, drop_norm, _("The norm holds no more; the one above it does."), norm_id=norm_id)
    return redirect("office_norms")


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def funds(request: HttpRequest) -> HttpResponse:
    """List what the reader's units got, and note a year of one."""
    scope: Scope = request.reach  # type: ignore[attr-defined]  # set by face_required
    form = FundsForm(_communities(scope.roots(CLERKS)), request.POST or None)
    outcome = saved(request, form, note_funds, _("The funds are noted."))
    if outcome.is_saved:
        return redirect("office_norms_funds")
    noted = UnitFunds.objects.filter(unit__in=descendant_ids(register_roots(scope)))
    rows = list(noted.order_by("-year", "unit__code")[:MOST_FUNDS])
    names = unit_names({row.unit_id for row in rows})
    context = {
        "rows": [(row, names.get(row.unit_id, "")) for row in rows],
        "form": form,
        "may_note": bool(scope.roots(CLERKS)),
    }
    return render(request, "office/norms/funds.html", context, status=outcome.status)


def _communities(roots: Collection[int]) -> list[tuple[str, str]]:
    """Return the communities below the units; who has less than one has none."""
    found = current_versions(Level.COMMUNITY).filter(unit__in=descendant_ids(roots))
    return [(str(unit), name) for unit, name in found.values_list("unit_id", "name")]


def _rows(scope: Scope, roots: Collection[int]) -> list[dict[str, Any]]:
    """Return the norms that hold everywhere, in or below the reader's units, or above them, by their kind."""
    now = timezone.now()
    below = ServiceNorm.objects.filter(scope__in=descendant_ids(register_roots(scope)))
    above = ServiceNorm.objects.filter(scope__in=units_above(scope))
    held = (ServiceNorm.objects.filter(scope=None) | below | above).filter(valid__contains=now)
    rows = list(held.select_related("set_by"))
    own = set(below.filter(scope__in=descendant_ids(roots)).values_list("pk", flat=True))
    names = unit_names({row.scope_id for row in rows if row.scope_id})
    order = list(NormKind)
    rows.sort(key=lambda row: (order.index(NormKind(row.kind)), row.scope_id or 0))
    return [
        {
            "norm": row,
            "bounds": bounds_text(NormKind(row.kind), row.least, row.most),
            "where": names.get(row.scope_id, "") if row.scope_id else "",
            "may_drop": row.pk in own,
        }
        for row in rows
    ]
