"""The negative list: what is not the community's to do, and a try-out of what it says to a text."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from gis_grids.people import name_of
from incidents.permissions import may_edit_catalogue
from incidents.selectors.negative_list import all_items, warnings_for
from incidents.services.negative_list import save_item, withdraw_item
from mapui.faces import OFFICE, face_required
from mapui.office.rules.choices import matter_names
from mapui.office.rules.forms import ItemForm, WarningForm
from mapui.office.rules.saving import Outcome, done, saved

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from incidents.models import NegativeItem


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def negative_list(request: HttpRequest, item_id: int | None = None) -> HttpResponse:
    """List the items and try a text; write a new item, or the one that is named."""
    items = list(all_items())
    item = next((each for each in items if each.pk == item_id), None)
    if item_id is not None and item is None:
        raise Http404
    # What people report is no part of an address: the try-out is posted.
    is_trial = "try" in request.POST
    trial = WarningForm(request.POST if is_trial else None)
    form = ItemForm(item, None if is_trial else request.POST or None)
    outcome = saved(request, form, partial(save_item, item_id=item_id), _("The negative list is changed."))
    if outcome.is_saved:
        return redirect("office_rules_negative")
    context = {
        "rows": _rows(items),
        "form": form,
        "item": item,
        "trial": trial,
        "warnings": _warnings(trial),
        "may_edit": may_edit_catalogue(request.reach),  # type: ignore[attr-defined]  # by face_required
    }
    return render(request, "office/rules/negative.html", context, status=_status(trial, outcome))


@never_cache
@face_required(OFFICE)
@require_POST
def remove_item(request: HttpRequest, item_id: int) -> HttpResponse:
    """Withdraw an item."""
    done(request, withdraw_item, _("The item is withdrawn: it warns no more."), item_id=item_id)
    return redirect("office_rules_negative")


def _rows(items: list[NegativeItem]) -> list[dict[str, Any]]:
    names = matter_names()
    return [
        {
            "item": item,
            "matter": names.get(item.matter_code, item.matter_code),
            "by": name_of(item.decided_by),
        }
        for item in items
    ]


def _warnings(trial: WarningForm) -> list[Any] | None:
    if not trial.is_valid():
        return None
    return warnings_for(trial.cleaned_data["tried_matter"], trial.cleaned_data["tried_text"])


def _status(trial: WarningForm, outcome: Outcome) -> int:
    return 422 if trial.errors else outcome.status
