"""The forms of volunteers, teams and records; what may be, the services decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mapui.office.duty.forms import DateInput
from mapui.office.pinned import PlaceField
from mapui.office.rules.forms import RuleForm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from households.models import Volunteer, VolunteerTeam

    Options = list[tuple[str, str]]


class TeamForm(RuleForm):
    """A team of volunteers."""

    about: ClassVar = {"volunteer.not_yours": "unit_id", "team.": "name", "text.": "purpose"}

    unit_id = forms.TypedChoiceField(label=_("Unit"), coerce=int)
    name = forms.CharField(label=_("Name"), max_length=100)
    purpose = forms.CharField(label=_("What it does"), max_length=200, required=False)

    def __init__(self, units: Options, team: VolunteerTeam | None, data: Mapping[str, Any] | None) -> None:
        names = ("unit_id", "name", "purpose")
        super().__init__(data, initial={name: getattr(team, name) for name in names} if team else None)
        self._offer("unit_id", units)


class VolunteerForm(RuleForm):
    """A volunteer, and the teams that he is in."""

    about: ClassVar = {
        "volunteer.not_yours": "unit_id",
        "volunteer.": "name",
        "team.": "team_ids",
        "text.": "skills",
    }

    unit_id = forms.TypedChoiceField(label=_("Unit"), coerce=int)
    name = forms.CharField(label=_("Name"), max_length=50)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    skills = forms.CharField(label=_("What he or she can do"), max_length=200, required=False)
    team_ids = forms.TypedMultipleChoiceField(
        label=_("Teams"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, units: Options, teams: Options, volunteer: Volunteer | None, data: Mapping[str, Any] | None
    ) -> None:
        initial: dict[str, Any] = {}
        if volunteer is not None:
            initial = {name: getattr(volunteer, name) for name in ("unit_id", "name", "phone", "skills")}
            current = volunteer.teams.filter(days__contains=timezone.localdate())
            initial["team_ids"] = list(current.values_list("team", flat=True))
        super().__init__(data, initial=initial)
        self._offer("unit_id", units)
        self._offer("team_ids", teams)

    def clean_team_ids(self) -> frozenset[int]:
        """Return each team once."""
        return frozenset(self.cleaned_data["team_ids"])


class RecordForm(RuleForm):
    """What volunteers did together on a day."""

    about: ClassVar = {
        "record.nobody": "volunteer_ids",
        "record.day": "done_on",
        "record.hours": "hours",
        "record.": "what",
        "volunteer.": "volunteer_ids",
        "team.": "team_id",
        "point.": "place",
        "text.": "what",
    }

    done_on = forms.DateField(label=_("Day"), widget=DateInput())
    hours = forms.DecimalField(label=_("Hours for each"), max_digits=4, decimal_places=1, min_value=0)
    what = forms.CharField(label=_("Service done"), max_length=200)
    team_id = forms.TypedChoiceField(label=_("Team"), coerce=int, required=False, empty_value=None)
    volunteer_ids = forms.TypedMultipleChoiceField(
        label=_("Who"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    place = PlaceField(required=False)

    def __init__(self, volunteers: Options, teams: Options, data: Mapping[str, Any] | None) -> None:
        super().__init__(data, initial={"done_on": timezone.localdate(), "hours": 2})
        self._offer("volunteer_ids", volunteers)
        self._offer("team_id", [("", "–"), *teams])

    def clean_volunteer_ids(self) -> frozenset[int]:
        """Return each person once."""
        return frozenset(self.cleaned_data["volunteer_ids"])


class PeriodForm(forms.Form):
    """The days whose service is shown."""

    first = forms.DateField(label=_("From"), widget=DateInput())
    last = forms.DateField(label=pgettext_lazy("days", "to"), widget=DateInput())
