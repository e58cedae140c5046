"""What the list of households is asked for: kept in the session, so that a name is in no address or log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.levels import Level
from gis_grids.selectors import current_versions, descendant_ids
from households.models import Need
from households.permissions import named_roots, register_roots
from households.selectors.listing import HouseholdFilter

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from django.http import HttpRequest

    from gis_grids.permissions import Scope

#: Where the session keeps what was asked.
_KEY: Final = "households"
#: So many units are offered to choose from, the largest first; smaller ones lead here from their own page.
_MOST_UNITS: Final = 300
_PARTY: Final = (("", _("All")), ("member", _("Party-member households")), ("hub", _("Party hub households")))
_PLACED: Final = (
    ("", _("All")),
    ("yes", _("With a place")),
    ("no", _("Without a place")),
    ("nowhere", _("In no unit")),
)
_STATES: Final = (("", _("Living here")), ("ended", _("Ended")))
_OF_PERSONS: Final = ("name", "phone", "need", "party")


class SearchForm(forms.Form):
    """The filters; those that tell of persons only for who sees some by name."""

    unit = forms.ChoiceField(label=_("Unit"), required=False)
    address = forms.CharField(label=_("Words of the address"), max_length=60, required=False)
    name = forms.CharField(label=_("Name begins with"), max_length=20, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)
    need = forms.ChoiceField(label=_("Need"), choices=(("", _("All")), *Need.Kind.choices), required=False)
    party = forms.ChoiceField(label=_("Party"), choices=_PARTY, required=False)
    placed = forms.ChoiceField(
        label=pgettext_lazy("of a household", "Place"), choices=_PLACED, required=False
    )
    state = forms.ChoiceField(label=_("State"), choices=_STATES, required=False)

    def __init__(self, scope: Scope, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        self._units = units_below(register_roots(scope), str(data.get("unit", "")))
        choices = [("", _("Your whole area")), *((code, label) for code, (_id, label) in self._units.items())]
        self.fields["unit"].choices = choices  # type: ignore[attr-defined]
        for name in ("address", "name", "phone"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        if not named_roots(scope):
            for name in _OF_PERSONS:
                del self.fields[name]

    def wanted(self) -> HouseholdFilter:
        """Return what is asked for; a field that can't be understood doesn't narrow."""
        self.full_clean()
        told = {name: self.cleaned_data.get(name, "") for name in self.fields}
        unit, state = told.pop("unit"), told.pop("state")
        return HouseholdFilter(
            unit_id=self._units[unit][0] if unit else None, has_ended=state == "ended", **told
        )


def asked(request: HttpRequest) -> dict[str, str]:
    """Return what the list was asked for last."""
    told = request.session.get(_KEY)
    return told if isinstance(told, dict) else {}


def ask(request: HttpRequest, told: Mapping[str, str]) -> None:
    """Keep what the list is asked for, as far as it is a field of the form."""
    names = SearchForm.base_fields
    request.session[_KEY] = {
        name: str(told.get(name, "")).replace("\0", "").strip()[:60] for name in names if told.get(name)
    }


def units_below(roots: Collection[int], chosen: str = "") -> dict[str, tuple[int, str]]:
    """Return the units to choose from, by code: id and words; the one that is chosen among them."""
    below = current_versions().filter(unit__in=descendant_ids(roots))
    rows = below.order_by("depth", "unit__code").values_list("unit__code", "unit", "name", "unit__level")
    found = [*rows[:_MOST_UNITS], *rows.filter(unit__code=chosen)]
    return {code: (unit, f"{name} · {Level(level).label}") for code, unit, name, level in found}
