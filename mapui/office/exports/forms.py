"""Which list is taken along, of which unit, as what kind of file, masked or in clear."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from gis_grids.selectors import ancestors
from households.selectors.exports import REGISTERS
from households.services.access import MAX_REASON
from mapui.office.rules.choices import unit_options

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import QueryDict

_KINDS: Final = (("xlsx", _("Excel workbook")), ("csv", _("CSV file")))


class ExportForm(forms.Form):
    """``readable`` are the units under which the person reads the register, ``named`` those in clear."""

    register = forms.ChoiceField(label=_("List"))
    unit = forms.TypedChoiceField(label=_("Unit"), coerce=int)
    kind = forms.ChoiceField(label=_("Kind of file"), choices=_KINDS)
    in_clear = forms.BooleanField(label=_("Names and numbers in clear"), required=False)
    reason = forms.CharField(label=_("What do you need it for?"), max_length=MAX_REASON, required=False)

    def __init__(self, readable: Collection[int], named: Collection[int], data: QueryDict | None) -> None:
        super().__init__(data)
        self._named = named
        lists = [row for row in REGISTERS.values() if named or not row.is_for_keepers]
        self.fields["register"].choices = [(row.key, row.title) for row in lists]  # type: ignore[attr-defined]
        self.fields["unit"].choices = unit_options(readable)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse in clear, and what is for keepers alone, outside the units that the person keeps."""
        told = super().clean() or {}
        if "unit" not in told or "register" not in told:
            return told
        keeps = not set(ancestors([told["unit"]])[told["unit"]]).isdisjoint(self._named)
        if told.get("in_clear") and not keeps:
            self.add_error("in_clear", _("Only the office of the unit takes names and numbers along."))
        if REGISTERS[told["register"]].is_for_keepers and not keeps:
            self.add_error("register", _("Only the office of the unit takes this list along."))
        if told.get("in_clear") and not told.get("reason"):
            self.add_error("reason", _("Say what you need it for."))
        return told

    def roots(self) -> list[int]:
        """Return the unit whose rows are asked for."""
        return [self.cleaned_data["unit"]]
