"""The list of households, one household, what is done with it, and the needs that end soon."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gis_grids.errors import LingeError, NotFound
from households.permissions import named_roots
from households.selectors.listing import SOON, ending_needs, household_page
from households.selectors.party.households import party_of
from households.selectors.whole import whole_household
from mapui.faces import OFFICE, face_required
from mapui.office.doors import register_page
from mapui.office.households.deeds import DEEDS, Asked
from mapui.office.households.opening import OpenForm, opened
from mapui.office.households.reading import here_or, relatives_of, visits_shown
from mapui.office.households.searching import SearchForm, ask, asked
from mapui.office.pinned import pin_data

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

    from gis_grids.permissions import Scope
    from households.selectors.whole import WholeHousehold
    from mapui.office.households.deeds import Deed


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def households(request: HttpRequest) -> HttpResponse:
    """List the register; what is looked for is posted, and holds until something else is asked."""
    if request.method == "POST" or "unit" in request.GET:
        ask(request, request.POST if request.method == "POST" else {"unit": request.GET["unit"]})
        return redirect("office_households")
    scope = _scope(request)
    form = SearchForm(scope, asked(request))
    after = request.GET.get("after", "")
    page = household_page(_person(request), form.wanted(), after=_number(after))
    context = {
        "form": form,
        "page": page,
        "is_first": not after,
        "is_narrowed": bool(asked(request)),
        "may_write": bool(named_roots(scope)),
    }
    return render(request, "office/households/list.html", context)


@never_cache
@face_required(OFFICE)
@require_safe
def household(request: HttpRequest, household_id: int) -> HttpResponse:
    """Show one household whole, as far as the reader may know it."""
    whole = _whole(request, household_id)
    context = {
        "whole": whole,
        "household": whole.household,
        "visits": visits_shown(whole.visits, in_clear=whole.is_named),
        "relatives": relatives_of(whole),
        "party": party_of(_scope(request), household_id) if whole.is_named else None,
    }
    return render(request, "office/households/household.html", context)


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def do(request: HttpRequest, household_id: int, deed: str, about: int | None = None) -> HttpResponse:
    """Show the form of a deed, and do it; a refusal keeps what was typed."""
    chosen = _deed(deed, about)
    whole = _whole(request, household_id)
    if not whole.is_named:
        raise PermissionDenied
    wanted = Asked(_person(request), whole, about)
    try:
        form = chosen.form(wanted, request.POST if request.method == "POST" else None)
    except NotFound:
        raise Http404 from None
    if request.method == "POST" and form.is_valid():
        try:
            shown = chosen.do(wanted, form)
        except LingeError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, chosen.done)
            return redirect("office_household", household_id=shown)
    context = {"whole": whole, "household": whole.household, "deed": chosen, "name": deed, "form": form}
    if about is not None and deed != "need-days":
        context["resident"] = wanted.residence().resident
    if chosen.has_map:
        context["page_data"] = pin_data(here_or(_scope(request), whole.household))
    return render(request, "office/households/deed.html", context, status=422 if form.errors else 200)


@register_page
@require_http_methods(["GET", "HEAD", "POST"])
def new_household(request: HttpRequest) -> HttpResponse:
    """Enter a household: by an address that has a dwelling, or else by the unit that it belongs to."""
    scope = _scope(request)
    form = OpenForm(scope, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            one = opened(_person(request), form)
        except LingeError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The household is entered. Who else lives there?"))
            return redirect("office_household", household_id=one.pk)
    return render(request, "office/households/new.html", {"form": form}, status=422 if form.errors else 200)


@register_page
@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    """List the needs that end soon, or just have, for who keeps the record of them."""
    context = {"needs": ending_needs(_person(request)), "days": SOON.days}
    return render(request, "office/households/needs.html", context)


def _deed(name: str, about: int | None) -> Deed:
    chosen = DEEDS.get(name)
    if chosen is None or chosen.is_about_one != (about is not None):
        raise Http404
    return chosen


def _whole(request: HttpRequest, household_id: int) -> WholeHousehold:
    try:
        return whole_household(_person(request), household_id)
    except NotFound:
        raise Http404 from None


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < len(str(2**63)) else None


def _scope(request: HttpRequest) -> Scope:
    scope: Scope = request.reach  # type: ignore[attr-defined]  # set by face_required
    return scope


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)
