"""A household is entered: its address finds the dwelling, or somebody chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from households.models import Dwelling
from households.permissions import named_roots
from households.selectors.addresses import address_book, find_address
from households.services.openings import HouseholdFields, open_household
from mapui.office.duty.forms import DateInput
from mapui.office.households.forms import PersonForm, tenure_field
from mapui.office.households.searching import units_below

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import QueryDict

    from gis_grids.permissions import Scope
    from households.models import Household

#: The dwelling that stands for none: the household has only a unit.
_NONE: Final = "none"


class OpenForm(PersonForm):
    """The address, what is known of the household, and who its head is.

    An address that has no dwelling of its own in the register asks for one of the nearest, or for a unit.
    """

    address = forms.CharField(label=_("Address"), max_length=200)
    dwelling = forms.ChoiceField(label=_("Which dwelling is it?"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    tenure = tenure_field()
    since = forms.DateField(label=_("Here since"), widget=DateInput(), required=False)
    size = forms.IntegerField(
        label=pgettext_lazy("how many", "Residents"), min_value=1, max_value=99, initial=1
    )
    shares = forms.BooleanField(label=_("Lives there together with another household"), required=False)

    field_order = (
        "address", "dwelling", "unit", "tenure", "since", "size", "shares", "name", "identity", "gender",
        "born_on", "phone", "note",
    )  # fmt: skip

    def __init__(self, scope: Scope, data: QueryDict | None) -> None:
        super().__init__(data)
        self.fields["name"].label = _("Name of the head")
        self._scope = scope
        self._units = units_below(named_roots(scope))
        self.dwelling_id: int | None = None
        if data is None:
            self._ask_for_nothing()
        else:
            self._look_up(data.get("address", ""))

    def _ask_for_nothing(self) -> None:
        del self.fields["dwelling"], self.fields["unit"]

    def _look_up(self, text: str) -> None:
        """Ask for what the address doesn't tell."""
        found = find_address(text, address_book(named_roots(self._scope)))
        self.dwelling_id = found.dwelling_id
        if found.dwelling_id is not None:
            self._ask_for_nothing()
            return
        near = [one.dwelling_id for one in found.candidates if one.dwelling_id]
        rows = Dwelling.objects.filter(pk__in=near).select_related("building", "entrance")
        choices = [(str(row.pk), f"{row.building} {row.room}") for row in rows]
        self.fields["dwelling"].choices = [  # type: ignore[attr-defined]
            ("", "–"), *choices, (_NONE, _("None of these: it has no dwelling in the register"))
        ]  # fmt: skip
        names = [("", "–"), *((code, label) for code, (_id, label) in self._units.items())]
        self.fields["unit"].choices = names  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Want a dwelling or a unit."""
        told: dict[str, Any] = super().clean() or {}
        if self.dwelling_id is None and "dwelling" in self.fields:
            chosen = told.get("dwelling", "")
            if chosen.isdecimal():
                self.dwelling_id = int(chosen)
            elif not told.get("unit"):
                self.add_error(
                    "unit",
                    _("The address has no dwelling in the register: choose the dwelling, or the unit."),
                )
        return told

    def unit_id(self) -> int | None:
        """Return the unit that was chosen for a household without a dwelling."""
        code = self.cleaned_data.get("unit", "")
        return self._units[code][0] if code and self.dwelling_id is None else None


def opened(user: User, form: OpenForm) -> Household:
    """Enter the household with its head, and return it. Raises what `open_household` raises."""
    told = form.cleaned_data
    names = ("address", "tenure", "since", "size")
    fields = HouseholdFields(dwelling_id=form.dwelling_id, **{name: told[name] for name in names})
    return open_household(
        actor=user,
        fields=fields,
        head=form.person(),
        unit_id=form.unit_id(),
        shares=told["shares"],
    )
