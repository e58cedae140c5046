"""Party hub households: all of them, and each with the members whom it serves."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis_grids.permissions import scope_of
from households.selectors.party.hubs import hub_page, hub_rows
from households.services.party.hubs import end_hub, serve_members
from mapui.office.doors import register_page
from mapui.office.party.desk import answer
from mapui.office.party.forms import DayForm, ServeForm
from mapui.office.rules.saving import saved

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse


@register_page
@require_safe
def hubs(request: HttpRequest) -> HttpResponse:
    """List the hubs, and how many members each serves beside what the norm says."""
    return render(request, "office/party/hubs.html", {"rows": hub_rows(scope_of(request.user))})


@register_page
@require_http_methods(["GET", "HEAD", "POST"])
def hub(request: HttpRequest, hub_id: int) -> HttpResponse:
    """Show a hub, and choose whom it serves."""
    page = hub_page(cast("User", request.user), hub_id)
    options = [(str(row.id), row.name) for row in (*page.served, *page.offered)]
    served = [str(row.id) for row in page.served]
    form = ServeForm(options, request.POST or None, member_ids=served)
    outcome = saved(request, form, partial(serve_members, hub_id=hub_id), _("The change is saved."))
    if outcome.is_saved:
        return redirect("office_party_hub", hub_id)
    context = {"page": page, "hub": page.hub, "form": form, "day_form": DayForm()}
    return render(request, "office/party/hub.html", context, status=outcome.status)


@register_page
@require_POST
def close_hub(request: HttpRequest, hub_id: int) -> HttpResponse:
    """End a hub."""
    answer(request, DayForm(request.POST), end_hub, _("The hub has ended."), hub_id=hub_id)
    return redirect("office_party_hubs")
