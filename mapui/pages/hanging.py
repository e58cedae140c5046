"""Who hung a board says so, at a desk or on the spot with a photo: the form, and what is stored of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, LingeError
from households.models import BoardSheet
from households.services.boards import record_hanging
from incidents.services.blobs import keep_picture

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest

#: So many of the last sheets can be chosen from: an older one hangs nowhere any more.
_SHEETS: Final = 5


class HangingForm(forms.Form):
    """Which sheet hangs since when, and what it looks like."""

    sheet = forms.TypedChoiceField(label=_("Sheet"), coerce=int)
    hung_on = forms.DateField(
        label=_("Hung on"),
        initial=timezone.localdate,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    photo = forms.FileField(
        label=_("Photo of the board"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("Place and device are removed from it."),
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, board_id: int, request: HttpRequest) -> None:
        is_sent = request.method == "POST"
        super().__init__(request.POST if is_sent else None, request.FILES if is_sent else None)
        self._board_id = board_id
        sheets = BoardSheet.objects.filter(board=board_id)[:_SHEETS]
        self.fields["sheet"].choices = [(each.pk, str(_described(each))) for each in sheets]  # type: ignore[attr-defined]

    @property
    def has_sheets(self) -> bool:
        """Whether anything was printed that could hang."""
        return bool(self.fields["sheet"].choices)  # type: ignore[attr-defined]

    def store(self, actor: User) -> bool:
        """Store the hanging with its photo; what is refused is said beside what was typed."""
        told = self.cleaned_data
        photo = told["photo"]
        try:
            record_hanging(
                actor=actor,
                board_id=self._board_id,
                sheet_id=told["sheet"],
                hung_on=told["hung_on"],
                photo=keep_picture(photo.chunks()) if photo else None,
                note=told["note"],
            )
        except LingeError as error:
            is_of_photo = isinstance(error, BadInput) and error.code.startswith("attachment.")
            self.add_error("photo" if is_of_photo else None, str(error))
            return False
        return True


def _described(sheet: BoardSheet) -> str:
    day = timezone.localtime(sheet.at).strftime("%Y-%m-%d %H:%M")
    return _("No. %(n)s, printed %(day)s") % {"n": sheet.pk, "day": day}
