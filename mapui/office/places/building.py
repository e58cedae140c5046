"""A building whose entrances or floors belong to different groups, and households set by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import messages
from django.contrib.gis.db.models.functions import GeometryDistance
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from gis_grids.errors import LingeError, NotFound
from gis_grids.selectors import unit_names
from households.addresses import MOST_CHARACTERS
from households.permissions import named_roots
from households.selectors.addresses import address_book, find_address
from households.selectors.floors import lodged_in
from households.selectors.parts import access_building, divided_buildings, leaves_under, parts_of
from households.services.parts import end_part, release, set_by_hand, set_part
from mapui.office.doors import register_page, scope_of_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

    from households.models import Building

#: So many of the nearest units are offered: a part of a building belongs to one next door.
NEAREST_UNITS = 30


class PartForm(forms.Form):
    """Which entrances and floors belong to which unit; what is left empty is all of them."""

    entrance_id = forms.TypedChoiceField(
        label=gettext_lazy("Entrance"), coerce=int, empty_value=None, required=False
    )
    lowest = forms.IntegerField(
        label=gettext_lazy("lowest floor"), min_value=-9, max_value=200, required=False
    )
    highest = forms.IntegerField(
        label=gettext_lazy("highest floor"), min_value=-9, max_value=200, required=False
    )
    unit_id = forms.TypedChoiceField(label=gettext_lazy("Unit"), coerce=int)

    def __init__(self, building: Building, units: list[tuple[int, str]], data: Any = None) -> None:  # noqa: ANN401
        super().__init__(data)
        entrances = [(each.pk, str(each.number)) for each in building.entrances.order_by("number")]
        self.fields["entrance_id"].choices = [("", _("all")), *entrances]  # type: ignore[attr-defined]
        self.fields["unit_id"].choices = units  # type: ignore[attr-defined]


class HandForm(forms.Form):
    """Households, and the unit that they are given to; without a unit they go by the map again."""

    households = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": gettext_lazy("Choose at least one household.")}
    )
    unit_id = forms.TypedChoiceField(label=gettext_lazy("Unit"), coerce=int, empty_value=None, required=False)

    def __init__(self, ids: list[int], units: list[tuple[int, str]], data: Any = None) -> None:  # noqa: ANN401
        super().__init__(data)
        self.fields["households"].choices = [(one, str(one)) for one in ids]  # type: ignore[attr-defined]
        by_map = ("", _("by the map again"))
        self.fields["unit_id"].choices = [by_map, *units]  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """The part that ends."""

    part_id = forms.IntegerField(min_value=1, max_value=2**63 - 1)


@register_page
@require_http_methods(["GET", "HEAD", "POST"])
def buildings(request: HttpRequest) -> HttpResponse:
    """Find a building by its address, and list those that have parts."""
    person = cast("User", request.user)
    roots = named_roots(scope_of_request(request))
    address = request.POST.get("address", "").replace("\0", "").strip()[:MOST_CHARACTERS]
    found = find_address(address, address_book(roots)) if address else None
    if found and found.building_id:
        return redirect("office_building", building_id=found.building_id)
    context = {"address": address, "found": found, "divided": divided_buildings(person)}
    return render(request, "office/places/buildings.html", context)


@register_page
@require_http_methods(["GET", "HEAD", "POST"])
def building(request: HttpRequest, building_id: int) -> HttpResponse:
    """Show the parts of a building and the unit of each household, and change them."""
    person = cast("User", request.user)
    try:
        house = access_building(person, building_id)
    except NotFound:
        raise Http404 from None
    units = _units_near(person, house)
    rows = lodged_in(house.pk)
    asked = {
        "part": PartForm(house, units, _posted(request, "part")),
        "hand": HandForm([row.household_id for row in rows], units, _posted(request, "hand")),
        "end": EndForm(_posted(request, "end")),
    }
    if request.method == "POST" and _done(person, house, asked, request):
        return redirect("office_building", building_id=house.pk)
    parts = list(parts_of(house.pk))
    names = unit_names({each.unit_id for each in parts})
    context = {
        "house": house,
        "parts": [(each, names[each.unit_id]) for each in parts],
        "rows": rows,
        "asked": asked,
    }
    is_wrong = any(form.errors for form in asked.values())
    return render(request, "office/places/building.html", context, status=422 if is_wrong else 200)


def _posted(request: HttpRequest, deed: str) -> Any:  # noqa: ANN401
    return request.POST if request.POST.get("deed") == deed else None


def _units_near(person: User, house: Building) -> list[tuple[int, str]]:
    near = leaves_under(person).order_by(GeometryDistance("boundary", house.footprint))
    rows = near.values_list("unit", "name", "unit__code")[:NEAREST_UNITS]
    return [(unit, f"{name} ({code})") for unit, name, code in rows]


def _done(person: User, house: Building, asked: dict[str, forms.Form], request: HttpRequest) -> bool:
    """Do what was posted; a refusal is said beside the form that it is about."""
    deed = request.POST.get("deed", "")
    if deed not in asked:
        raise Http404
    form = asked[deed]
    if not form.is_valid():
        return False
    try:
        sentence = _DEEDS[deed](person, house, form.cleaned_data)
    except LingeError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, sentence)
    return True


def _set_part(person: User, house: Building, told: dict[str, Any]) -> str:
    set_part(building_id=house.pk, actor=person, **told)
    return _("This part of the building belongs to its unit from now on.")


def _end_part(person: User, _house: Building, told: dict[str, Any]) -> str:
    end_part(actor=person, **told)
    return _("The part has ended: its households go by the map again.")


def _by_hand(person: User, _house: Building, told: dict[str, Any]) -> str:
    if told["unit_id"] is None:
        release(household_ids=told["households"], actor=person)
        return _("The households go by the map again.")
    set_by_hand(household_ids=told["households"], unit_id=told["unit_id"], actor=person)
    return _("The households belong to this unit from now on, wherever they are.")


_DEEDS: dict[str, Callable[[User, Building, dict[str, Any]], str]] = {
    "part": _set_part,
    "end": _end_part,
    "hand": _by_hand,
}
