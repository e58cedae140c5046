"""The forms of norms and funds; what may be, the services decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.levels import Level
from gis_grids.norms import NormKind
from gis_grids.services.norms import LONGEST_BASIS
from gis_grids.services.unit_norms import MOST_HOUSEHOLDS
from mapui.office.norms.words import PER_CENT, SHARES
from mapui.office.rules.forms import RuleForm

if TYPE_CHECKING:
    from collections.abc import Mapping


#: Whose size is planned; a district is what it is.
_SIZED: Final = [level for level in Level if level.depth > Level.DISTRICT.depth]


class NormForm(RuleForm):
    """What holds in a unit and below it, from now on."""

    about: ClassVar = {
        "norm.no_bound": "least",
        "norm.not_in_order": "most",
        "norm.no_basis": "basis",
        "norm.not_yours": "scope_id",
        "text.": "basis",
    }

    kind = forms.ChoiceField(label=_("Norm"), choices=NormKind.choices)
    scope_id = forms.TypedChoiceField(label=_("Holds in"), coerce=int)
    least = forms.FloatField(label=_("At least"), required=False, min_value=0)
    most = forms.FloatField(
        label=_("At most"), required=False, min_value=0, help_text=_("Shares in per cent: 60")
    )
    basis = forms.CharField(label=_("The document that says so"), max_length=LONGEST_BASIS)

    def __init__(self, units: list[tuple[str, str]], data: Mapping[str, Any] | None) -> None:
        super().__init__(data)
        self._offer("scope_id", units)

    def clean(self) -> dict[str, Any]:
        """Bring shares from per cent to what is kept."""
        told: dict[str, Any] = super().clean() or {}
        if told.get("kind"):
            told["kind"] = NormKind(told["kind"])
        if told.get("kind") in SHARES:
            for bound in ("least", "most"):
                told[bound] = None if told.get(bound) is None else told[bound] / PER_CENT
        return told


class SizeForm(RuleForm):
    """How many households the units of a level should have, in a unit and below it."""

    about: ClassVar = {
        "norm.no_households": "households",
        "norm.tolerance": "tolerance",
        "norm.no_basis": "basis",
        "norm.not_yours": "scope_id",
        "text.": "basis",
    }

    level = forms.ChoiceField(label=_("Level"), choices=[(each.value, each.label) for each in _SIZED])
    scope_id = forms.TypedChoiceField(label=_("Holds in"), coerce=int)
    households = forms.IntegerField(label=_("Households"), min_value=1, max_value=MOST_HOUSEHOLDS)
    tolerance = forms.FloatField(label=_("More or less, per cent"), min_value=0, max_value=99, initial=20)
    is_compound = forms.BooleanField(label=_("These units are residential compounds"), required=False)
    basis = forms.CharField(label=_("The document that says so"), max_length=LONGEST_BASIS)

    def __init__(self, units: list[tuple[str, str]], data: Mapping[str, Any] | None) -> None:
        super().__init__(data)
        self._offer("scope_id", units)

    def clean(self) -> dict[str, Any]:
        """Bring the tolerance from per cent to what is kept."""
        told: dict[str, Any] = super().clean() or {}
        if told.get("tolerance") is not None:
            told["tolerance"] /= PER_CENT
        return told


class FundsForm(RuleForm):
    """What a unit got in a year."""

    about: ClassVar = {"funds.not_yours": "unit_id"}

    unit_id = forms.TypedChoiceField(label=_("Unit"), coerce=int)
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    service_yuan = forms.DecimalField(
        label=_("Service fund, yuan"), min_value=0, max_digits=12, decimal_places=2
    )
    office_yuan = forms.DecimalField(
        label=_("Office fund, yuan"), min_value=0, max_digits=12, decimal_places=2
    )
    benefit_yuan = forms.DecimalField(
        label=_("Public-benefit fund, yuan"), min_value=0, max_digits=12, decimal_places=2
    )

    def __init__(self, units: list[tuple[str, str]], data: Mapping[str, Any] | None) -> None:
        super().__init__(data, initial={"year": timezone.localdate().year})
        self._offer("unit_id", units)
