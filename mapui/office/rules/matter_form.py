"""The form of a matter: all its fields, limits in units that people read."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.models import CLOCK_LABELS, PRIORITY_LABELS, Matter, Mode, TimeLimit
from incidents.selectors.matters import CASES_OF_LIMITS, PLAIN_FIELDS, Limits, MatterFields, fields_of
from incidents.services.matter_checks import checked
from incidents.workflow import Clock
from mapui.office.rules.fields import LengthField, LinesField, PostsField
from mapui.pages.icons import ICON_LABELS, icon_paths

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CLOCKS: Final = {
    "feedback_minutes": Clock.FEEDBACK,
    "handling_minutes": Clock.HANDLING,
    "resolve_minutes": Clock.RESOLVED,
}
#: Where a new matter begins: an hour to answer, a working day to be there, three days to be done.
_USUAL: Final = {
    "feedback_minutes": 60,
    "handling_minutes": 480,
    "resolve_minutes": 4320,
    "calendar": "always",
}


def limit_name(priority: str, mode: str, what: str) -> str:
    """Return the name of a field of the limits' table."""
    return f"limits-{priority}-{mode}-{what}"


class MatterForm(forms.Form):
    """A version of a matter as it's written; `checked` says what speaks against it, beside its field."""

    code = forms.SlugField(
        label=_("Code"), max_length=32, help_text=_("Latin letters and digits; it never changes.")
    )
    name_zh = forms.CharField(label=_("Name (Chinese)"), max_length=50)
    name_en = forms.CharField(label=_("Name (English)"), max_length=80)
    matter_class = forms.ChoiceField(label=_("Class"), choices=Matter.Class.choices)
    bearer = forms.ChoiceField(label=_("Bearer"), choices=Matter.Bearer.choices)
    order = forms.IntegerField(label=_("Place in the list"), min_value=0, initial=500)
    legal_basis = forms.CharField(
        label=_("Legal basis"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    icon = forms.ChoiceField(label=_("Picture"), widget=forms.RadioSelect, initial="other")
    colour = forms.CharField(
        label=_("Colour"), max_length=7, widget=forms.TextInput(attrs={"type": "color"}), initial="#888888"
    )
    needs_photo = forms.BooleanField(label=_("The result needs a photo"), required=False)
    is_private = forms.BooleanField(label=_("Private: seen only with a grant"), required=False)
    is_for_residents = forms.BooleanField(label=_("Residents can report it"), required=False)
    is_errand = forms.BooleanField(label=_("Errand for a household"), required=False)
    errand_steps = LinesField(_("Steps of the errand, one on each line"))
    route = PostsField()
    is_automatic = forms.BooleanField(label=_("Assign reports at once"), required=False)
    nearby_m = forms.IntegerField(label=_("Perhaps the same within, metres"), min_value=0, initial=100)
    nearby_hours = forms.IntegerField(label=_("Perhaps the same within, hours"), min_value=0, initial=72)

    def __init__(self, matter: Matter | None, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial_of(matter) if matter else None)
        if matter:
            del self.fields["code"]
        self._code = matter.code if matter else None
        names = [*icon_paths(), *([matter.icon] if matter and matter.icon not in icon_paths() else [])]
        self.fields["icon"].choices = [(name, ICON_LABELS.get(name, name)) for name in names]  # type: ignore[attr-defined]
        for priority, mode in CASES_OF_LIMITS:
            for what, clock in CLOCKS.items():
                self.fields[limit_name(priority, mode, what)] = LengthField(CLOCK_LABELS[clock])
            self.fields[limit_name(priority, mode, "calendar")] = forms.ChoiceField(
                label=_("Which time counts"), choices=TimeLimit.Calendar.choices
            )
            for what, usual in _USUAL.items():
                self.fields[limit_name(priority, mode, what)].initial = usual

    def clean(self) -> dict[str, Any]:
        """Put all that speaks against the matter beside its fields."""
        told: dict[str, Any] = super().clean() or {}
        if not self.errors:
            _fields, findings = checked(self.matter_code, self.matter_fields(told))
            for finding in findings:
                self.add_error(_field_of(str(finding.details["field"])), str(finding))
        return told

    @property
    def matter_code(self) -> str:
        """The code of the matter: what it has, or is to get."""
        return self._code or str(self.cleaned_data["code"])

    def matter_fields(self, told: Mapping[str, Any]) -> MatterFields:
        """Return what was written as the services take it."""
        plain = {name: told[name] for name in PLAIN_FIELDS}
        plain |= {name: tuple(told[name]) for name in ("route", "errand_steps")}
        limits = {
            case: Limits(**{what: told[limit_name(*case, what)] for what in _USUAL})
            for case in CASES_OF_LIMITS
        }
        return MatterFields(**plain, limits=limits)

    def limit_rows(self) -> Iterator[dict[str, Any]]:
        """Yield the rows of the limits' table: priority, mode, their fields, what is wrong with any."""
        for priority, mode in CASES_OF_LIMITS:
            fields = [self[limit_name(priority, mode, what)] for what in _USUAL]
            yield {
                "priority": PRIORITY_LABELS[priority],
                "mode": Mode(mode).label,
                "is_first": mode is Mode.NORMAL,
                "fields": fields,
                "errors": list(dict.fromkeys(error for field in fields for error in field.errors)),
            }


def initial_of(matter: Matter) -> dict[str, Any]:
    """Return what the form shows of a version."""
    fields = fields_of(matter)
    told: dict[str, Any] = {name: getattr(fields, name) for name in PLAIN_FIELDS}
    for (priority, mode), limits in fields.limits.items():
        told |= {limit_name(priority, mode, what): value for what, value in asdict(limits).items()}
    return told


def _field_of(name: str) -> str:
    """Return the form's field for that of a finding; for limits the first of their row."""
    if name.startswith("limits."):
        _limits, priority, mode = name.split(".")
        return limit_name(priority, mode, "feedback_minutes")
    return name
