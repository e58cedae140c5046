"""What an auditor asks for: sent by POST, so that no name is ever in an address."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from households.models import AccessRecord
from households.selectors.access_records import AccessQuery

if TYPE_CHECKING:
    import datetime as dt

_USUAL: Final = timedelta(days=30)
_LARGEST: Final = 2**63 - 1


def _some_days_ago() -> dt.date:
    return timezone.localdate() - _USUAL


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AccessForm(forms.Form):
    """The filters of the records; without any, the last thirty days."""

    first = forms.DateField(label=_("From"), initial=_some_days_ago, widget=_day())
    last = forms.DateField(label=_("To"), initial=timezone.localdate, widget=_day())
    what = forms.ChoiceField(
        label=_("What was read"),
        required=False,
        choices=[("", pgettext_lazy("access", "Anything")), *AccessRecord.What.choices],
    )
    reader = forms.CharField(label=_("Read by"), max_length=50, required=False)
    about = forms.IntegerField(label=_("Number"), min_value=1, max_value=_LARGEST, required=False)
    words = forms.CharField(label=_("Words of the reason"), max_length=50, required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order."""
        told = super().clean() or {}
        if told.get("first") and told.get("last") and told["first"] > told["last"]:
            self.add_error("last", _("The last day is before the first one."))
        return told

    def query(self) -> AccessQuery:
        """Return what is asked for."""
        told = self.cleaned_data
        return AccessQuery(**{name: told[name] for name in self.fields})


def usual_query() -> AccessQuery:
    """Return what is shown before anybody has asked for anything."""
    return AccessQuery(first=_some_days_ago(), last=timezone.localdate())
