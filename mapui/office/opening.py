"""Opening times in a form: a line for each kind of day, as people write hours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from gis_grids.opening import Day, HoursUnreadable, read_spans, written

if TYPE_CHECKING:
    from gis_grids.opening import Opening

    Spans = list[list[str]]

DAY_LABELS: Final = {
    Day.WORKDAY: pgettext_lazy("opening", "Working days"),
    Day.WEEKEND: pgettext_lazy("opening", "Week-ends"),
    Day.HOLIDAY: pgettext_lazy("opening", "Public holidays"),
}
CLOSED: Final = frozenset({"-", "–", "closed", "休", "休息", "关闭", "不开放"})


class HoursField(forms.CharField):
    """The hours of a kind of day: None where nothing is known, an empty list where it is closed."""

    def __init__(self, day: Day) -> None:
        attrs = {"placeholder": "08:30-12:00, 13:30-17:30"}
        super().__init__(
            label=DAY_LABELS[day], required=False, max_length=80, widget=forms.TextInput(attrs=attrs)
        )

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401 - Django's
        """Return the hours as they are written."""
        if isinstance(value, str) or value is None:
            return value
        return written(value) if value else "–"

    def to_python(self, value: Any) -> Spans | None:  # type: ignore[override]  # noqa: ANN401 - Django's
        """Return the hours."""
        text = super().to_python(value)
        if not text:
            return None
        if text.strip().casefold() in CLOSED:
            return []
        try:
            return read_spans(text)
        except HoursUnreadable as error:
            message = _("Write hours like 08:30-12:00, 13:30-17:30, or – where it is closed.")
            raise forms.ValidationError(message) from error

    def validate(self, value: Spans | None) -> None:
        """Leave nothing to judge: what could be read is right."""

    def run_validators(self, value: Spans | None) -> None:
        """Leave nothing to judge."""


class OpeningForm(forms.Form):
    """The part of a form that is about opening times; ``cleaned_data["opening"]`` is what is kept."""

    workday = HoursField(Day.WORKDAY)
    weekend = HoursField(Day.WEEKEND)
    holiday = HoursField(Day.HOLIDAY)

    def clean(self) -> dict[str, Any]:
        """Put the three lines together."""
        told: dict[str, Any] = super().clean() or {}
        told["opening"] = {
            day.value: hours for day in Day if (hours := told.pop(day.value, None)) is not None
        }
        return told


def opening_lines(opening: Opening) -> list[tuple[str, str]]:
    """Return the hours as they are read: a kind of day and its hours, for those that are known."""
    return [
        (str(DAY_LABELS[day]), written(opening[day]) or _("closed"))
        for day in Day
        if opening.get(day) is not None
    ]
