"""The forms of volunteers, teams and records; what may be, the services decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mapui.office.duty.forms import DateInput
from mapui.office.pinned import PlaceField
from mapui.office.rules.forms import RuleForm

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from households.models import Volunteer, VolunteerTeam
    from households.selectors.volunteers import Namesake

    Options = list[tuple[str, str]]


#: What is chosen of a volunteer whom the register doesn't have.
_NOBODY: Final = "none"


def _facts(one: Namesake) -> str:
    """Return a resident in words that tell him from another of his name."""
    return " · ".join(filter(None, (one.name, one.born_on.isoformat() if one.born_on else "", one.address)))


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
        "volunteer.resident_once": "resident_id",
        "volunteer.no_resident": "resident_id",
        "volunteer.": "name",
        "team.": "team_ids",
        "text.": "skills",
    }

    unit_id = forms.TypedChoiceField(label=_("Unit"), coerce=int)
    name = forms.CharField(label=_("Name"), max_length=50)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    skills = forms.CharField(label=_("What he or she can do"), max_length=200, required=False)
    resident_id = forms.ChoiceField(
        label=_("In the register of residents"),
        required=False,
        help_text=_("Who asks there to be erased is erased here too."),
    )
    team_ids = forms.TypedMultipleChoiceField(
        label=_("Teams"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        units: Options,
        teams: Options,
        volunteer: Volunteer | None,
        data: Mapping[str, Any] | None,
        namesakes: Callable[[str], Sequence[Namesake]],
    ) -> None:
        initial: dict[str, Any] = {}
        if volunteer is not None:
            initial = {name: getattr(volunteer, name) for name in ("unit_id", "name", "phone", "skills")}
            current = volunteer.teams.filter(days__contains=timezone.localdate())
            initial["team_ids"] = list(current.values_list("team", flat=True))
        super().__init__(data, initial=initial)
        self._offer("unit_id", units)
        self._offer("team_ids", teams)
        self._volunteer = volunteer
        name = (data.get("name", "") if data else volunteer.name if volunteer else "").strip()
        self._offer_residents(namesakes(name) if name else ())

    def _offer_residents(self, namesakes: Sequence[Namesake]) -> None:
        """Ask who it is if somebody in the register is called so, or if it was said already."""
        tied = self._volunteer.resident_id if self._volunteer else None
        options = {str(one.id): _facts(one) for one in namesakes}
        if tied is not None:
            options.setdefault(str(tied), self._volunteer.name)  # type: ignore[union-attr]
        if not options:
            del self.fields["resident_id"]
            return
        self.initial["resident_id"] = str(tied or (_NOBODY if self._volunteer else ""))
        self._offer("resident_id", [("", "–"), *options.items(), (_NOBODY, _("Somebody else"))])

    def clean_resident_id(self) -> int | None:
        """Return who it is; whether it is one of those who are called so must be said."""
        chosen = self.cleaned_data["resident_id"]
        if not chosen:
            raise forms.ValidationError(
                _("In the register somebody is called so. Choose who it is, or “Somebody else”.")
            )
        return None if chosen == _NOBODY else int(chosen)

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
