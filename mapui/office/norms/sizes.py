"""How large units should be: what plans are checked by, set by the district's office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from gis_grids.levels import Level
from gis_grids.models import UnitNorm
from gis_grids.selectors import descendant_ids
from gis_grids.selectors.plans.norms import as_norm
from gis_grids.services.unit_norms import drop_unit_norm, set_unit_norm
from households.permissions import register_roots
from mapui.faces import OFFICE, face_required
from mapui.office.norms.forms import SizeForm
from mapui.office.norms.reach import setting_roots, units_above
from mapui.office.norms.words import PER_CENT, size_text
from mapui.office.rules.choices import unit_names, unit_options
from mapui.office.rules.saving import done, saved

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import HttpRequest, HttpResponse

    from gis_grids.permissions import Scope


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def sizes(request: HttpRequest) -> HttpResponse:
    """List how many households units should have, and set it for a district; who sets none only reads."""
    scope: Scope = request.reach  # type: ignore[attr-defined]  # set by face_required
    roots = setting_roots(scope)
    form = SizeForm(unit_options(roots, Level.STREET), request.POST or None)
    outcome = saved(request, form, set_unit_norm, _("The norm is set. It counts at once."))
    if outcome.is_saved:
        return redirect("office_norms_sizes")
    context = {"rows": _rows(scope, roots), "form": form, "may_set": bool(roots)}
    return render(request, "office/norms/sizes.html", context, status=outcome.status)


@never_cache
@face_required(OFFICE)
@require_POST
def drop(request: HttpRequest, norm_id: int) -> HttpResponse:
    """Take a district's own size away: the one above it holds again."""
    done(request, drop_unit_norm, _("The norm holds no more; the one above it does."), norm_id=norm_id)
    return redirect("office_norms_sizes")


def _rows(scope: Scope, roots: Collection[int]) -> list[dict[str, Any]]:
    """Return the norms that hold everywhere, above the reader's units, in or below them, by their level."""
    below = UnitNorm.objects.filter(scope__in=descendant_ids(register_roots(scope)))
    held = UnitNorm.objects.filter(scope=None) | UnitNorm.objects.filter(scope__in=units_above(scope)) | below
    own = set(below.filter(scope__in=descendant_ids(roots)).values_list("pk", flat=True))
    rows = sorted(held, key=lambda row: (Level(row.level).depth, row.scope_id or 0))
    names = unit_names({row.scope_id for row in rows if row.scope_id})
    return [
        {
            "norm": row,
            "bounds": size_text(as_norm(row)),
            "tolerance": f"{row.tolerance * PER_CENT:g}",
            "where": names.get(row.scope_id, "") if row.scope_id else "",
            "may_drop": row.pk in own,
        }
        for row in rows
    ]
