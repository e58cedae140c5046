"""The forms of organisations and offers; what may be, the services decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from households.models import OfferKind, OrganisationKind
from mapui.office.opening import OpeningForm
from mapui.office.pinned import PlaceField, lonlat
from mapui.office.rules.forms import RuleForm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from households.models import Offer, Organisation


class OrganisationForm(RuleForm):
    """An organisation, its place, and whom to ask there."""

    about: ClassVar = {"place.": "place", "point.": "place", "organisation.": "name", "text.": "note"}

    kind = forms.ChoiceField(label=_("Kind"), choices=OrganisationKind.choices)
    name = forms.CharField(label=_("Name"), max_length=100)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    place = PlaceField()
    contact_name = forms.CharField(label=_("Contact person"), max_length=50, required=False)
    contact_phone = forms.CharField(label=_("Telephone of the contact"), max_length=40, required=False)
    note = forms.CharField(
        label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, organisation: Organisation | None, data: Mapping[str, Any] | None) -> None:
        names = ("kind", "name", "address", "contact_name", "contact_phone", "note")
        initial: dict[str, Any] = {}
        if organisation is not None:
            initial = {name: getattr(organisation, name) for name in names}
            initial["place"] = lonlat(organisation.place)
        super().__init__(data, initial=initial)


class OfferForm(OpeningForm, RuleForm):
    """What an organisation opens to the neighbourhood, and when."""

    about: ClassVar = {"offer.": "title", "text.": "terms"}

    kind = forms.ChoiceField(label=_("Kind"), choices=OfferKind.choices)
    title = forms.CharField(label=_("What is offered"), max_length=100)
    terms = forms.CharField(label=_("For whom, and how"), max_length=200, required=False)

    field_order = ("kind", "title", "terms", "workday", "weekend", "holiday")

    def __init__(self, offer: Offer | None, data: Mapping[str, Any] | None) -> None:
        initial = {}
        if offer is not None:
            initial = {"kind": offer.kind, "title": offer.title, "terms": offer.terms, **offer.opening}
        super().__init__(data, initial=initial)


class NearForm(forms.Form):
    """Near where, what, and whether it must be open."""

    kind = forms.ChoiceField(
        label=_("What"), required=False, choices=[("", _("Everything")), *OfferKind.choices]
    )
    open = forms.BooleanField(label=_("Open now"), required=False)
    place = PlaceField()
