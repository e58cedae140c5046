"""The forms of the register; what may be, the services decide."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.people import mask_phone
from households.models import EndedWhy, Need, Residence, Resident, Tenure, Visit
from households.services.openings import HouseholdFields
from households.services.residences import Role
from households.services.residents import Person
from mapui.office.duty.forms import DateInput
from mapui.office.pinned import PlaceField

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.http import QueryDict

    from households.models import Household

_RELATION = Residence.Relation
_ONE_YEAR: Final = timedelta(days=365)


def _or_unknown(choices: Sequence[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [("", _("not known")), *choices]


class PersonForm(forms.Form):
    """Who somebody is. A number that is known already is not shown: empty leaves it as it is."""

    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=50)
    identity = forms.CharField(label=_("Identity number"), max_length=24, required=False)
    gender = forms.ChoiceField(
        label=_("Gender"), choices=_or_unknown(Resident.Gender.choices), required=False
    )
    born_on = forms.DateField(label=_("Born on"), widget=DateInput(), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=24, required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, data: QueryDict | None = None, *, resident: Resident | None = None) -> None:
        known = {} if resident is None else _known(resident)
        super().__init__(data, initial=known)
        for name in ("name", "identity", "phone"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["identity"].help_text = _(
            "It tells day of birth and gender, and is kept as a digest and its last four signs."
        )
        if resident is not None and resident.identity_last_four:
            self.fields["identity"].help_text = _("Known: …%(last_four)s. Empty: it stays.") % {
                "last_four": resident.identity_last_four
            }
        if resident is not None and resident.phone:
            self.fields["phone"].help_text = _("Known: %(phone)s. Empty: it stays.") % {
                "phone": mask_phone(resident.phone)
            }
            self.fields["no_phone"] = forms.BooleanField(
                label=_("The number is not theirs any more: forget it"), required=False
            )

    def person(self) -> Person:
        """Return who it is, as it was filled in."""
        told = self.cleaned_data
        phone = "" if told.get("no_phone") else told["phone"] or None
        names = ("name", "identity", "gender", "born_on", "note")
        return Person(phone=phone, **{name: told[name] for name in names})


def _known(resident: Resident) -> dict[str, Any]:
    names = ("name", "gender", "born_on", "note")
    return {name: getattr(resident, name) for name in names}


class RoleForm(forms.Form):
    """As what somebody lives in the household."""

    relation = forms.ChoiceField(
        label=_("Relation to the head"), choices=_RELATION.choices, initial=_RELATION.OTHER
    )
    registration = forms.ChoiceField(
        label=pgettext_lazy("of a resident", "Registration"),
        choices=_or_unknown(Residence.Registration.choices),
        required=False,
    )
    is_representative = forms.BooleanField(label=_("Speaks and votes for the household"), required=False)

    def role(self) -> Role:
        """Return the role, as it was filled in."""
        told = self.cleaned_data
        return Role(
            relation=_RELATION(told["relation"]),
            registration=told["registration"],
            is_representative=told["is_representative"],
        )


class MoveInForm(RoleForm, PersonForm):
    """Who moves in, when, from where and as what."""

    since = forms.DateField(
        label=_("Lives here since"), widget=DateInput(), required=False, help_text=_("Empty: not known.")
    )
    moved_from = forms.CharField(label=_("Moved here from"), max_length=100, required=False)
    was_counted = forms.BooleanField(label=_("Is counted among the residents already"), required=False)
    leaves_other = forms.BooleanField(
        label=_("Moves here from the household where the register has them now"), required=False
    )

    field_order = (
        "name", "identity", "gender", "born_on", "phone", "relation", "registration", "since", "moved_from",
        "note", "is_representative", "was_counted", "leaves_other",
    )  # fmt: skip

    def __init__(self, data: QueryDict | None, *, unnamed: int, has_head: bool, householder: str) -> None:
        super().__init__(data)
        self.initial.update(was_counted=unnamed > 0, since=None if unnamed else timezone.localdate())
        if not has_head:
            self.initial.update(relation=_RELATION.HEAD, name=householder)
        if not unnamed:
            del self.fields["was_counted"]


class MoveOutForm(forms.Form):
    """When somebody moved out, why and where to."""

    day = forms.DateField(label=_("First day not here"), widget=DateInput())
    left_for = forms.ChoiceField(label=_("Why"), choices=Residence.LeftFor.choices)
    moved_to = forms.CharField(label=_("Moved to"), max_length=100, required=False)

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data, initial={"day": timezone.localdate()})


class ChangeRoleForm(RoleForm):
    """Another role from a day on, or one that was wrong from the beginning."""

    day = forms.DateField(
        label=_("From which day on"),
        widget=DateInput(),
        required=False,
        help_text=_("Empty: it was wrong from the beginning."),
    )


class DayForm(forms.Form):
    """A day from which on something is so."""

    day = forms.DateField(label=_("From which day on"), widget=DateInput())

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data, initial={"day": timezone.localdate()})


class HeadForm(DayForm):
    """From when on somebody is the head, and what the others are then."""

    def __init__(
        self, data: QueryDict | None, *, others: Sequence[tuple[int, str, Residence.Relation]]
    ) -> None:
        super().__init__(data)
        relations = [choice for choice in _RELATION.choices if choice[0] != _RELATION.HEAD]
        self._names = {f"relation_{pk}": pk for pk, _name, _relation in others}
        for pk, name, relation in others:
            self.fields[f"relation_{pk}"] = forms.ChoiceField(
                label=_("%(name)s is then") % {"name": name}, choices=relations, initial=relation
            )

    def relations(self) -> dict[int, Residence.Relation]:
        """Return what each of the others is to the new head, by their residences."""
        return {pk: _RELATION(self.cleaned_data[name]) for name, pk in self._names.items()}


class DaysForm(forms.Form):
    """Since when somebody lives here, put right."""

    since = forms.DateField(
        label=_("Lives here since"), widget=DateInput(), required=False, help_text=_("Empty: not known.")
    )
    moved_from = forms.CharField(label=_("Moved here from"), max_length=100, required=False)


class EndForm(forms.Form):
    """When and why there is a household no longer."""

    day = forms.DateField(label=_("First day not here"), widget=DateInput())
    why = forms.ChoiceField(label=_("Why"))
    moved_to = forms.CharField(label=_("Moved to"), max_length=100, required=False)

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data, initial={"day": timezone.localdate()})
        reasons = [choice for choice in EndedWhy.choices if choice[0] != EndedWhy.MERGED]
        self.fields["why"].choices = reasons  # type: ignore[attr-defined]


class MergeForm(DayForm):
    """The household that becomes part of this one: one of the house, or by its number."""

    other = forms.TypedChoiceField(label=_("Household of this house"), coerce=int, required=False)
    number = forms.IntegerField(label=_("Or its number"), min_value=1, max_value=2**63 - 1, required=False)

    field_order = ("other", "number", "day")

    def __init__(self, data: QueryDict | None, *, near: Sequence[tuple[int, str]]) -> None:
        super().__init__(data)
        self.fields["other"].choices = [("", "–"), *near]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Want one of the two."""
        told: dict[str, Any] = super().clean() or {}
        if not told.get("other") and not told.get("number"):
            self.add_error("other", _("Choose the household, or give its number."))
        return told


class SplitForm(DayForm):
    """Who becomes a household of their own, and who its head is."""

    residents = forms.TypedMultipleChoiceField(
        label=_("Who goes"), coerce=int, widget=forms.CheckboxSelectMultiple()
    )
    head = forms.TypedChoiceField(label=_("Head of the new household"), coerce=int)

    field_order = ("residents", "head", "day")

    def __init__(self, data: QueryDict | None, *, residents: Sequence[tuple[int, str]]) -> None:
        super().__init__(data)
        for name in ("residents", "head"):
            self.fields[name].choices = list(residents)  # type: ignore[attr-defined]


class NeedForm(forms.Form):
    """A need: of which kind, of how many, what for, and until when."""

    kind = forms.ChoiceField(label=_("Need"), choices=Need.Kind.choices)
    people = forms.IntegerField(label=_("People"), min_value=1, max_value=30, initial=1)
    purpose = forms.CharField(
        label=_("Noted for"),
        max_length=200,
        help_text=_("What is done with it, not what somebody suffers from."),
    )
    first = forms.DateField(label=_("First day"), widget=DateInput())
    last = forms.DateField(label=_("Last day"), widget=DateInput())

    def __init__(self, data: QueryDict | None) -> None:
        today = timezone.localdate()
        super().__init__(data, initial={"first": today, "last": today + _ONE_YEAR})


class LastDayForm(forms.Form):
    """Another last day for a need."""

    last = forms.DateField(label=_("Last day"), widget=DateInput())


class DateTimeInput(forms.DateTimeInput):
    """The browser's own calendar and clock."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class VisitForm(forms.Form):
    """A visit, at any hour of any day; and what it found to be done, if anything."""

    visit_id = forms.UUIDField(widget=forms.HiddenInput())
    report_id = forms.UUIDField(widget=forms.HiddenInput())
    at = forms.DateTimeField(label=_("When"), widget=DateTimeInput())
    result = forms.ChoiceField(label=_("What came of it"), choices=Visit.Result.choices)
    note = forms.CharField(
        label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    place = PlaceField(_("Where it was, if that is to be kept"), required=False)
    matter = forms.ChoiceField(label=_("Open a case"), required=False)
    text = forms.CharField(
        label=pgettext_lazy("of a visit", "What is to be done"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, data: QueryDict | None, *, matters: Sequence[tuple[str, str]], ids: Mapping[str, Any]
    ) -> None:
        super().__init__(data, initial={"at": timezone.localtime(), **ids})
        none = pgettext_lazy("case of a visit", "none")
        self.fields["matter"].choices = [("", none), *matters]  # type: ignore[attr-defined]

    def clean_at(self) -> datetime:
        """Return when it was; a telephone's clock may run ahead, but who types a day to come has slipped."""
        at: datetime = self.cleaned_data["at"]
        if at > timezone.now():
            raise forms.ValidationError(_("This time is still to come. Record the visit when it has been."))
        return at


def tenure_field() -> forms.ChoiceField:
    """Return the field for by which right a household lives there."""
    return forms.ChoiceField(label=_("Tenure"), choices=_or_unknown(Tenure.choices), required=False)


class HouseholdForm(forms.Form):
    """The household's own record."""

    address = forms.CharField(label=_("Address"), max_length=200)
    tenure = tenure_field()
    since = forms.DateField(label=_("Here since"), widget=DateInput(), required=False)
    size = forms.IntegerField(
        label=pgettext_lazy("how many", "Residents"), min_value=1, max_value=99, initial=1
    )
    householder = forms.CharField(label=_("Householder"), max_length=50, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=24, required=False)

    def __init__(
        self, data: QueryDict | None, *, household: Household, has_had_head: bool, can_move: bool
    ) -> None:
        names = ("address", "tenure", "since", "size", "householder")
        super().__init__(data, initial={name: getattr(household, name) for name in names})
        if has_had_head:
            del self.fields["householder"], self.fields["phone"]
        elif household.phone:
            known = _("Known: %(phone)s. Empty: it stays.") % {"phone": mask_phone(household.phone)}
            self.fields["phone"].help_text = known
        if can_move:
            self.fields["finds_dwelling"] = forms.BooleanField(
                label=_("Look the dwelling up anew by this address"), required=False
            )

    def fields_told(self, dwelling_id: int | None) -> HouseholdFields:
        """Return the record, as it was filled in."""
        told = self.cleaned_data
        return HouseholdFields(
            address=told["address"],
            dwelling_id=dwelling_id,
            tenure=told["tenure"],
            since=told["since"],
            size=told["size"],
            householder=told.get("householder", ""),
            phone=told.get("phone") or None,
        )
