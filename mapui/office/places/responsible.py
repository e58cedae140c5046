"""Who is responsible here: for an address, or for a place on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gis_grids.errors import LingeError
from gis_grids.selectors import extent
from households.addresses import MOST_CHARACTERS
from households.models import Building
from households.permissions import named_roots
from households.selectors.parts import buildings_under
from households.selectors.responsibility import responsible_at, responsible_for
from mapui.faces import OFFICE, face_required
from mapui.office.doors import scope_of_request
from mapui.tiles import tile_sources

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from households.selectors.addresses import Found
    from households.selectors.responsibility import Answer


class WhereForm(forms.Form):
    """An address, one of the buildings that it may mean, or a place on the map."""

    address = forms.CharField(
        label=_("Address"),
        max_length=MOST_CHARACTERS,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    building = forms.ModelChoiceField(Building.objects.all(), required=False, widget=forms.HiddenInput())
    lon = forms.FloatField(min_value=-180, max_value=180, required=False, widget=forms.HiddenInput())
    lat = forms.FloatField(min_value=-90, max_value=90, required=False, widget=forms.HiddenInput())


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def responsible(request: HttpRequest) -> HttpResponse:
    """Answer who is responsible; the question is posted, as an address is somebody's home."""
    form = WhereForm(request.POST or None)
    found = answer = None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            found, answer = _answered(told)
        except LingeError as error:
            form.add_error(None, str(error))
    place = {"lon": answer.lon, "lat": answer.lat, "accuracy_m": None} if answer else None
    data: dict[str, Any] = {"tiles": tile_sources(), "extent": extent(), "place": place}
    context = {
        "form": form,
        "found": found,
        "answer": answer,
        "chain": answer.chain[::-1] if answer else (),
        "building": _kept_building(request, found) if found and answer else None,
        "page_data": data,
    }
    return render(request, "office/places/responsible.html", context, status=422 if form.errors else 200)


def _kept_building(request: HttpRequest, found: Found) -> Building | None:
    """Return the building of the answer if the reader may say which parts of it belong where."""
    ours = buildings_under(named_roots(scope_of_request(request)))
    return ours.filter(pk=found.building_id).first() if found.building_id else None


def _answered(told: dict[str, Any]) -> tuple[Found | None, Answer | None]:
    if told["lon"] is not None and told["lat"] is not None:
        return None, responsible_at(told["lon"], told["lat"])
    building = told["building"].pk if told["building"] else None
    return responsible_for(told["address"], building_id=building) if told["address"] else (None, None)
