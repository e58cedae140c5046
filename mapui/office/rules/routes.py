"""Routes: who gets whose cases, and a try-out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from gis_grids.levels import PostKind
from gis_grids.people import name_of
from gis_grids.selectors import chains
from incidents.permissions import SETTERS, may_edit_catalogue, may_write_routes
from incidents.selectors.matters import current_matters
from incidents.selectors.routing import propose, routing_rules
from incidents.services.routing import delete_route, save_route
from mapui.faces import OFFICE, face_required
from mapui.office.reading import unit_in_scope
from mapui.office.rules.choices import matter_names, matter_options, unit_names
from mapui.office.rules.forms import RouteForm
from mapui.office.rules.saving import done, saved

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from gis_grids.permissions import Scope
    from incidents.models import RoutingRule


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def routes(request: HttpRequest, rule_id: int | None = None) -> HttpResponse:
    """List the rules and try one out; write a new one, or the one that is named."""
    scope: Scope = request.reach  # type: ignore[attr-defined]  # set by face_required
    rules = list(routing_rules())
    rule = next((each for each in rules if each.pk == rule_id), None)
    if rule_id is not None and rule is None:
        raise Http404
    is_everywhere = may_edit_catalogue(scope)
    form = RouteForm(scope.roots(SETTERS), rule, request.POST or None, is_everywhere=is_everywhere)
    outcome = saved(
        request,
        form,
        partial(save_route, rule_id=rule_id),
        _("The route is saved and counts for what is reported from now on."),
    )
    if outcome.is_saved:
        return redirect("office_rules_routes")
    context = {
        "rows": _rows(scope, rules, is_everywhere=is_everywhere),
        "form": form,
        "rule": rule,
        "may_write": bool(scope.roots(SETTERS)),
        "matters": matter_options(),
        "asked": {name: request.GET.get(name, "") for name in ("unit", "matter")},
        "trial": _trial(request, scope),
    }
    return render(request, "office/rules/routes.html", context, status=outcome.status)


@never_cache
@face_required(OFFICE)
@require_POST
def remove_route(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Delete a rule."""
    done(request, delete_route, _("The route is deleted; cases stay with who has them."), rule_id=rule_id)
    return redirect("office_rules_routes")


def _rows(scope: Scope, rules: list[RoutingRule], *, is_everywhere: bool) -> list[dict[str, Any]]:
    units = {rule.unit_id for rule in rules if rule.unit_id is not None}
    above, unit_name, matter_name = chains(units), unit_names(units), matter_names()
    return [
        {
            "rule": rule,
            "matter": matter_name.get(rule.matter_code, rule.matter_code),
            "unit": unit_name.get(rule.unit_id, "") if rule.unit_id else "",
            "posts": [PostKind(kind).label for kind in rule.posts],
            "may": may_write_routes(scope, above.get(rule.unit_id, ())) if rule.unit_id else is_everywhere,
        }
        for rule in rules
    ]


def _trial(request: HttpRequest, scope: Scope) -> dict[str, Any] | None:
    """Return who would get a case of the matter in the unit that were asked for, with each step."""
    code = request.GET.get("unit", "").replace("\0", "").strip()[:40]
    matter = current_matters().filter(code=request.GET.get("matter", "").replace("\0", "")[:40]).first()
    if not code or matter is None:
        return None
    try:
        _version, chain = unit_in_scope(scope, code)
    except Http404:
        return {"problem": _("There is no such grid in your area. Give the code of one.")}
    found = propose(chain, matter)
    person = get_user_model().objects.filter(pk=found.user_id).first() if found.user_id else None
    return {"chain": chain, "matter": matter, "found": found, "name": name_of(person) if person else ""}
