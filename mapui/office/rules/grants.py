"""Grants: who may see the cases of private matters, where and until when."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, cast

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from gis_grids.people import name_of
from incidents.selectors.grants import grants_below
from incidents.services.grants import end_grant, grant_access
from mapui.faces import OFFICE, face_required
from mapui.office.rules.choices import granting_roots, matter_names, unit_names
from mapui.office.rules.forms import GrantForm
from mapui.office.rules.saving import done, saved

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

#: So many are shown, the latest first.
MOST = 300


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def grants(request: HttpRequest) -> HttpResponse:
    """List the grants of the reader's district, and give one; who gives none sees none."""
    roots = granting_roots(request.reach)  # type: ignore[attr-defined]  # set by face_required
    form = GrantForm(roots, cast("User", request.user).pk, request.POST or None)
    outcome = saved(request, form, grant_access, _("The grant is given. It counts at once."))
    if outcome.is_saved:
        return redirect("office_rules_grants")
    context = {"rows": _rows(roots) if roots else [], "form": form, "may_grant": bool(roots)}
    return render(request, "office/rules/grants.html", context, status=outcome.status)


@never_cache
@face_required(OFFICE)
@require_POST
def stop_grant(request: HttpRequest, grant_id: int) -> HttpResponse:
    """End a grant now."""
    done(request, end_grant, _("The grant has ended."), grant_id=grant_id)
    return redirect("office_rules_grants")


def _rows(roots: Collection[int]) -> list[dict[str, Any]]:
    found = list(grants_below(roots)[:MOST])
    units, names, now = unit_names({grant.unit_id for grant in found}), matter_names(), timezone.now()
    return [
        {
            "grant": grant,
            "matter": names.get(grant.matter_code, grant.matter_code),
            "unit": units.get(grant.unit_id, grant.unit.code),
            "holder": name_of(grant.holder),
            "by": name_of(grant.granted_by),
            "is_open": grant.term.upper is None or grant.term.upper > now,
            # The term ends with the last day: a moment before, it's still that day.
            "last": grant.term.upper and grant.term.upper - dt.timedelta(seconds=1),
        }
        for grant in found
    ]
