"""The form of a facility; what may be, the service decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib.gis.geos import Point
from django.utils.translation import gettext_lazy as _

from gis_grids.models import Facility
from mapui.office.opening import OpeningForm
from mapui.office.pinned import PlaceField, lonlat
from mapui.office.rules.forms import RuleForm

if TYPE_CHECKING:
    from collections.abc import Mapping


class FacilityForm(OpeningForm, RuleForm):
    """A place or a thing: what, where, how large, when open. One drawn as an area stays where it is."""

    about: ClassVar = {
        "place.": "place",
        "point.": "place",
        "facility.no_place": "place",
        "facility.activity": "activity_m2",
        "facility.": "name",
        "text.": "address",
    }

    kind = forms.ChoiceField(label=_("Kind"), choices=Facility.Kind.choices)
    name = forms.CharField(label=_("Name"), max_length=100)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    contact = forms.CharField(label=_("Service telephone"), max_length=40, required=False)
    area_m2 = forms.FloatField(label=_("Floor space, m²"), required=False, min_value=1, max_value=10_000_000)
    activity_m2 = forms.FloatField(
        label=_("Of it open to residents, m²"), required=False, min_value=0, max_value=10_000_000
    )
    built_year = forms.IntegerField(label=_("Built in"), required=False, min_value=1800, max_value=2100)
    place = PlaceField(required=False)

    field_order = (
        "kind",
        "name",
        "address",
        "contact",
        "area_m2",
        "activity_m2",
        "built_year",
        "workday",
        "weekend",
        "holiday",
        "place",
    )

    def __init__(self, facility: Facility | None, data: Mapping[str, Any] | None) -> None:
        names = ("kind", "name", "address", "contact", "area_m2", "activity_m2", "built_year")
        initial: dict[str, Any] = {}
        is_area = False
        if facility is not None:
            initial = {name: getattr(facility, name) for name in names} | facility.opening
            initial |= {name: f"{initial[name]:.12g}" for name in ("area_m2", "activity_m2") if initial[name]}
            is_area = not isinstance(facility.geometry, Point)
            initial["place"] = None if is_area else lonlat(facility.geometry)
        super().__init__(data, initial=initial)
        if is_area:
            del self.fields["place"]

    def clean(self) -> dict[str, Any]:
        """Leave an area where it is."""
        return {"place": None, **super().clean()}
