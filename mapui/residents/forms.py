"""The form of a resident's report: every field may be wrong, and what was typed is never lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID, uuid4

from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from pydantic import TypeAdapter, ValidationError

from gis_grids.services.texts import MAX_TEXT
from incidents.models import PositionSource
from incidents.selectors import current_matters
from incidents.services import NewReport
from incidents.services.declared import LIMITS, MAX_AT_ONCE, is_image
from mapui.consumers.cases import declared
from mapui.residents.places import spot_of
from mapui.wire import AttachmentContent

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from django.http import QueryDict

    from incidents.services import Declared

#: What the pages offer to send: photos, and as many as the service takes with a report.
FILE_LIMITS: Final = {
    "files": MAX_AT_ONCE,
    "bytes": {kind: most for kind, most in LIMITS.items() if is_image(kind)},
}
# The id of a page's report is made here and signed, so that nobody can ask by an id what others have sent.
_SIGNER: Final = signing.Signer(salt="residents.page")
_FILES: Final = TypeAdapter(list[AttachmentContent])
_BY_HAND: Final = (PositionSource.DEVICE.value, PositionSource.PIN.value, PositionSource.MAP.value)


def new_page() -> str:
    """Return what makes a page's report its own: an id and the time at which the page was opened, signed."""
    opened = timezone.now().replace(microsecond=0)
    return _SIGNER.sign_object([str(uuid4()), opened.isoformat()])


def read_page(page: str) -> tuple[UUID, dt.datetime] | None:
    """Return the id and the time of a page; None if we never made it."""
    try:
        name, opened = _SIGNER.unsign_object(page)
        at = parse_datetime(opened)
        return (UUID(name), at) if at else None
    except (signing.BadSignature, ValueError, TypeError):
        return None


class ResidentForm(forms.Form):
    """What a resident tells. ``website`` is for programs that fill in every field: people leave it empty."""

    page = forms.CharField(widget=forms.HiddenInput)
    matter = forms.ChoiceField(label=_("What is it?"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What did you see?"), max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 4})
    )
    unit = forms.CharField(required=False, max_length=32)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    accuracy_m = forms.FloatField(required=False, min_value=0, widget=forms.HiddenInput)
    source = forms.ChoiceField(
        required=False, choices=[("", ""), *((each, each) for each in _BY_HAND)], widget=forms.HiddenInput
    )
    pictures = forms.CharField(required=False, max_length=8000, widget=forms.HiddenInput)
    phone = forms.CharField(
        label=_("Your telephone number"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"page": new_page()})
        self.matters = list(current_matters().filter(is_for_residents=True))
        self.fields["matter"].choices = [(each.code, each.name) for each in self.matters]  # type: ignore[attr-defined]
        self.fields["matter"].error_messages["required"] = _("Choose what it is.")
        self.fields["text"].error_messages["required"] = _("Say in a few words what you saw, and where.")

    def clean_website(self) -> str:
        """Refuse what a program has filled in; a person reads what is wrong."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Leave this field empty"))
        return ""

    def clean_pictures(self) -> tuple[Declared, ...]:
        """Read the pictures that will be sent, as the page's script declares them."""
        told = self.cleaned_data["pictures"]
        try:
            files = _FILES.validate_json(told) if told else []
        except ValidationError:
            files = []
            self.add_error("pictures", _("The pictures can't be read. Send the report without them."))
        if len(files) > MAX_AT_ONCE:
            self.add_error("pictures", _("At most %(limit)s files at once.") % {"limit": MAX_AT_ONCE})
        return declared(files)

    def clean(self) -> dict[str, Any]:
        """Find the page that was sent, and the place: the pin, or else the unit."""
        told: dict[str, Any] = super().clean() or {}
        told["opened"] = read_page(told.get("page", ""))
        if told["opened"] is None:
            self.renew()
            self.add_error(None, _("This page was too old. Nothing is lost: send it once more."))
        told["place"] = self._place(told)
        if told["place"] is None:
            self.add_error("unit", _("Say where it is: choose the grid, or mark the place on the map."))
        return told

    def renew(self) -> None:
        """Make what is sent next a report of its own."""
        renewed = cast("QueryDict", self.data).copy()
        renewed["page"] = new_page()
        self.data = renewed

    def _place(self, told: Mapping[str, Any]) -> tuple[float, float, float | None, str] | None:
        if told.get("lon") is not None and told.get("lat") is not None and told.get("source"):
            return (told["lon"], told["lat"], told.get("accuracy_m"), told["source"])
        spot = spot_of(told.get("unit") or "")
        return (*spot, PositionSource.UNIT.value) if spot else None

    def report(self) -> NewReport:
        """Return the report of a valid form. No device says when it was sent."""
        told = self.cleaned_data
        report_id, opened = told["opened"]
        lon, lat, accuracy_m, source = told["place"]
        return NewReport(
            report_id=report_id,
            reporter=None,
            matter=told["matter"],
            text=told["text"],
            lon=lon,
            lat=lat,
            accuracy_m=accuracy_m,
            position_source=source,
            observed_at=opened,
            sent_at=None,
            attachments=told["pictures"],
            phone=told["phone"],
        )
