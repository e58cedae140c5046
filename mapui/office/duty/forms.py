"""The forms of the duty pages; what may be, the services decide."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gis_grids.levels import Level
from incidents.models import DayKind, Shift
from incidents.selectors.rosters import writable_units
from incidents.services.rosters import MAX_NAME, ShiftHours

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.contrib.auth.models import AbstractBaseUser
    from django.http import QueryDict

    from incidents.models import Roster

#: So many shifts each kind of day has room for.
ROWS = 4


class DateInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own clock."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class RosterForm(forms.Form):
    """A roster with its hours: for each kind of day up to `ROWS` shifts; a row without hours is none."""

    name = forms.CharField(label=_("Name"), max_length=MAX_NAME)
    unit_id = forms.TypedChoiceField(label=_("Grid"), coerce=int)
    first = forms.DateField(label=_("First day"), widget=DateInput())
    last = forms.DateField(label=_("Last day"), widget=DateInput())

    def __init__(
        self, user: AbstractBaseUser, data: QueryDict | None, *, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.fields["unit_id"].choices = unit_choices(user)  # type: ignore[attr-defined]
        for day in DayKind:
            for row in range(ROWS):
                kinds = [("", "–"), *Shift.Kind.choices]
                self.fields[f"{day}_{row}_kind"] = forms.ChoiceField(choices=kinds, required=False)
                self.fields[f"{day}_{row}_starts"] = forms.TimeField(required=False, widget=TimeInput())
                self.fields[f"{day}_{row}_ends"] = forms.TimeField(required=False, widget=TimeInput())

    def clean(self) -> dict[str, Any]:
        """Refuse rows that are filled in half."""
        told: dict[str, Any] = super().clean() or {}
        for day in DayKind:
            for row in range(ROWS):
                starts, ends = told.get(f"{day}_{row}_starts"), told.get(f"{day}_{row}_ends")
                if (starts is None) != (ends is None):
                    self.add_error(f"{day}_{row}_ends", _("Give both, from and to."))
        return told

    def shifts(self) -> list[ShiftHours]:
        """Return the hours that were filled in."""
        told = self.cleaned_data
        return [
            ShiftHours(
                day_kind=day,
                kind=Shift.Kind(told[f"{day}_{row}_kind"] or Shift.Kind.DAY),
                starts=told[f"{day}_{row}_starts"],
                ends=told[f"{day}_{row}_ends"],
            )
            for day in DayKind
            for row in range(ROWS)
            if told.get(f"{day}_{row}_starts") is not None
        ]

    def days(self) -> Iterator[tuple[str, list[tuple[forms.BoundField, ...]]]]:
        """Yield each kind of day with its rows of fields."""
        for day in DayKind:
            rows = [
                tuple(self[f"{day}_{row}_{name}"] for name in ("kind", "starts", "ends"))
                for row in range(ROWS)
            ]
            yield str(day.label), rows


def unit_choices(user: AbstractBaseUser) -> list[tuple[int, str]]:
    """Return the units whose rosters he may write, down to the area, indented by their level."""
    found = writable_units(user).filter(depth__lte=Level.AREA.depth)
    versions = list(found)
    top = min((version.depth for version in versions), default=0)
    return [(version.unit_id, "　" * (version.depth - top) + version.name) for version in versions]


def initial_of(roster: Roster) -> dict[str, Any]:
    """Return what the form shows of a roster."""
    told: dict[str, Any] = {
        "name": roster.name,
        "unit_id": roster.unit_id,
        "first": roster.days.lower,
        "last": roster.days.upper - dt.timedelta(days=1),
    }
    for day in DayKind:
        shifts: Sequence[Shift] = [each for each in roster.shifts.all() if each.day_kind == day]
        for row, shift in enumerate(shifts[:ROWS]):
            told |= {
                f"{day}_{row}_kind": shift.kind,
                f"{day}_{row}_starts": shift.starts,
                f"{day}_{row}_ends": shift.ends,
            }
    return told


class PeriodForm(forms.Form):
    """Days from the first to the last."""

    first = forms.DateField(label=_("First day"), widget=DateInput())
    last = forms.DateField(label=_("Last day"), widget=DateInput())


class TurnForm(PeriodForm):
    """Somebody's turns: a shift on each of its days."""

    shift_id = forms.TypedChoiceField(label=_("Shift"), coerce=int)
    person_id = forms.TypedChoiceField(label=_("Person"), coerce=int)

    field_order = ("person_id", "shift_id", "first", "last")

    def __init__(
        self,
        shifts: Sequence[Shift],
        people: Sequence[tuple[int, str]],
        data: QueryDict | None = None,
        *,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.fields["shift_id"].choices = [(each.pk, str(each)) for each in shifts]  # type: ignore[attr-defined]
        self.fields["person_id"].choices = list(people)  # type: ignore[attr-defined]


class DayForm(forms.Form):
    """A day that is otherwise than the published calendar says."""

    date = forms.DateField(label=_("Day"), widget=DateInput())
    kind = forms.ChoiceField(label=_("Kind"), choices=DayKind.choices)
    note = forms.CharField(label=_("Note"), max_length=100, required=False)


class EmergencyForm(forms.Form):
    """Where, and what it is."""

    unit_id = forms.TypedChoiceField(label=_("Grid"), coerce=int)
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, units: Sequence[tuple[int, str]], data: QueryDict | None) -> None:
        super().__init__(data)
        self.fields["unit_id"].choices = list(units)  # type: ignore[attr-defined]
