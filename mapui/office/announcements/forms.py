"""What is announced, to whom and until when; what may be, the service decides."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.services.announcements import MAX_ANNOUNCEMENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import QueryDict

#: So long an announcement counts unless its sender says otherwise.
USUAL: Final = timedelta(days=3)
_MOMENT: Final = "%Y-%m-%dT%H:%M"


class AnnouncementForm(forms.Form):
    """A text for all below a unit, until a moment in the site's zone."""

    unit_id = forms.TypedChoiceField(label=_("Everybody in"), coerce=int)
    text = forms.CharField(
        label=_("Announcement"), max_length=MAX_ANNOUNCEMENT, widget=forms.Textarea(attrs={"rows": 4})
    )
    until = forms.DateTimeField(
        label=_("Shown until"),
        input_formats=[_MOMENT],
        widget=forms.DateTimeInput(format=_MOMENT, attrs={"type": "datetime-local"}),
        initial=lambda: timezone.now() + USUAL,
    )

    def __init__(self, units: Sequence[tuple[int, str]], data: QueryDict | None) -> None:
        super().__init__(data)
        self.fields["unit_id"].choices = list(units)  # type: ignore[attr-defined]
