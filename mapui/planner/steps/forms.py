"""The forms of the steps; what may be, the services decide."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import QueryDict
    from django.utils.functional import _StrPromise

#: For how long a plan is announced if nobody says otherwise: seven days are usual for a public notice.
_ANNOUNCED_DAYS = 7


class DateInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _note(label: _StrPromise, *, required: bool = False) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=2000, required=required, widget=area)


class NoteForm(forms.Form):
    """A step with nothing but a note."""

    note = _note(_("Note"))


class ReturnForm(forms.Form):
    """Back to the planner, with what is to be mended."""

    note = _note(_("What is to be mended"), required=True)


class AnnounceForm(forms.Form):
    """The public notice, until the end of a day."""

    announced_until = forms.DateField(label=_("Last day of the notice"), widget=DateInput())
    note = _note(_("Note"))

    def __init__(self, data: QueryDict | None = None, *, prefix: str | None = None) -> None:
        last = timezone.localdate() + dt.timedelta(days=_ANNOUNCED_DAYS)
        super().__init__(data, initial={"announced_until": last}, prefix=prefix)


class PublishForm(forms.Form):
    """In force now, or from the beginning of a day to come."""

    effective_on = forms.DateField(
        label=_("In force from the beginning of this day"),
        help_text=_("Leave it empty to publish at once."),
        required=False,
        widget=DateInput(),
    )
    moves_open_cases = forms.TypedChoiceField(
        label=_("Open cases"),
        choices=[
            ("yes", _("move to the grid that then has their place")),
            ("no", _("stay with who has them now, as long as that grid lasts")),
        ],
        coerce=lambda value: value == "yes",
        initial="yes",
        widget=forms.RadioSelect,
    )
    note = _note(_("Note"))

    def effective_at(self) -> dt.datetime | None:
        """Return the first moment of the chosen day in the district's time zone."""
        day: dt.date | None = self.cleaned_data["effective_on"]
        return None if day is None else timezone.make_aware(dt.datetime.combine(day, dt.time.min))


class CopyForm(forms.Form):
    """A scenario beside the plan."""

    title = forms.CharField(label=_("Title of the copy"), max_length=100)
