"""The list of organisations, one of them, and what is near a place."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis_grids.selectors import locate
from households.models import Organisation, OrganisationKind
from households.permissions import named_roots, register_roots
from households.selectors.organisations import (
    contacts,
    editable,
    found,
    nearest_offers,
    organisations_of,
    with_offers,
)
from households.services.organisations import (
    end_offer,
    end_organisation,
    save_offer,
    save_organisation,
)
from mapui.faces import OFFICE, face_required
from mapui.office.opening import opening_lines
from mapui.office.organisations.forms import NearForm, OfferForm, OrganisationForm
from mapui.office.pinned import pin_data
from mapui.office.rules.saving import done, saved

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from gis_grids.permissions import Scope
    from households.models import Offer

PAGE_SIZE = 50
_MOST_WORDS = 40


@require_safe
@never_cache
@face_required(OFFICE)
def organisations(request: HttpRequest) -> HttpResponse:
    """List the organisations on the reader's ground, by words and kind."""
    scope = _scope(request)
    words = request.GET.get("q", "").replace("\0", "").strip()[:_MOST_WORDS]
    kind = request.GET.get("kind", "")
    rows = found(organisations_of(scope), words)
    if kind in OrganisationKind.values:
        rows = rows.filter(kind=kind)
    page = Paginator(with_offers(rows), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    units = locate([(row.place.x, row.place.y) for row in shown]) if shown else []
    context = {
        "page": page,
        "rows": [(row, where.chain[-1].name) for row, where in zip(shown, units, strict=True)],
        "contacts": contacts(scope, shown),
        "words": words,
        "kind": kind,
        "kinds": OrganisationKind.choices,
        "query": urlencode({"q": words, "kind": kind}),
        "may_add": bool(named_roots(scope)),
    }
    return render(request, "office/organisations/list.html", context)


@require_safe
@never_cache
@face_required(OFFICE)
def near(request: HttpRequest) -> HttpResponse:
    """Show the offers that are nearest to a place, those of a kind, or those that are open now."""
    scope = _scope(request)
    form = NearForm(request.GET if "place_lon" in request.GET else None)
    offers = []
    if form.is_valid():
        lon, lat = form.cleaned_data["place"]
        offers = nearest_offers(
            scope, lon=lon, lat=lat, kind=form.cleaned_data["kind"], only_open=form.cleaned_data["open"]
        )
    context = {
        "form": form,
        "rows": [(each, opening_lines(each.offer.opening)) for each in offers],
        "page_data": pin_data(register_roots(scope)),
    }
    return render(request, "office/organisations/near.html", context, status=422 if form.errors else 200)


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, organisation_id: int | None = None) -> HttpResponse:
    """Enter an organisation, or correct the one that is named."""
    scope = _scope(request)
    row = None if organisation_id is None else _one(scope, organisation_id)
    may_edit = editable(scope, row.pk) if row else bool(named_roots(scope))
    # Whoever may not change it is not shown the contact in a form either.
    form = OrganisationForm(row if may_edit else None, request.POST or None)
    save = partial(save_organisation, organisation_id=organisation_id)
    outcome = saved(request, form, save, _("The organisation is saved."))
    if outcome.is_saved:
        return redirect("office_organisation", row.pk) if row else redirect("office_organisations")
    if not may_edit and request.method != "POST":
        raise Http404
    context = {"form": form, "row": row, "page_data": pin_data(named_roots(scope))}
    return render(request, "office/organisations/edit.html", context, status=outcome.status)


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: HttpRequest, organisation_id: int, offer_id: int | None = None) -> HttpResponse:
    """Show an organisation with what it offers; add an offer, or correct the one that is named."""
    scope = _scope(request)
    row = _one(scope, organisation_id)
    offers: list[Offer] = row.current_offers  # type: ignore[attr-defined]  # by with_offers
    offer = next((each for each in offers if each.pk == offer_id), None)
    if offer_id is not None and offer is None:
        raise Http404
    form = OfferForm(offer, request.POST or None)
    save = partial(save_offer, organisation_id=row.pk, offer_id=offer_id)
    outcome = saved(request, form, save, _("The offer is saved."))
    if outcome.is_saved:
        return redirect("office_organisation", row.pk)
    context: dict[str, Any] = {
        "row": row,
        "contact": contacts(scope, [row])[row.pk],
        "unit": locate([(row.place.x, row.place.y)])[0].chain[-1],
        "offers": [(each, opening_lines(each.opening)) for each in offers],
        "offer": offer,
        "form": form,
        "may_edit": editable(scope, row.pk),
    }
    return render(request, "office/organisations/organisation.html", context, status=outcome.status)


@never_cache
@face_required(OFFICE)
@require_POST
def end(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Take an organisation out of the register."""
    done(request, end_organisation, _("The organisation has ended."), organisation_id=organisation_id)
    return redirect("office_organisations")


@never_cache
@face_required(OFFICE)
@require_POST
def offer_end(request: HttpRequest, organisation_id: int, offer_id: int) -> HttpResponse:
    """End an offer."""
    told = {"organisation_id": organisation_id, "offer_id": offer_id}
    done(request, end_offer, _("The offer has ended."), **told)
    return redirect("office_organisation", organisation_id)


def _one(scope: Scope, organisation_id: int) -> Organisation:
    row = with_offers(organisations_of(scope).filter(pk=organisation_id)).first()
    if row is None:
        raise Http404
    return row


def _scope(request: HttpRequest) -> Scope:
    scope: Scope = request.reach  # type: ignore[attr-defined]  # set by face_required
    return scope
