"""Days that are otherwise than the published calendar says, or that it doesn't know yet."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Refused
from gis_grids.permissions import scope_of
from gis_grids.services.texts import clean_text
from incidents.models import CalendarDay, DayKind
from incidents.permissions import may_edit_catalogue

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

MAX_NOTE = 100
#: How far ahead days are entered: next year's holidays are published in autumn.
MAX_AHEAD = dt.timedelta(days=3 * 366)


@transaction.atomic
def set_day(*, actor: AbstractBaseUser, date: dt.date, kind: str, note: str = "") -> CalendarDay:
    """Say what a day to come is, whatever the published calendar says. Deadlines that are stored stay.

    Raises `Refused` (``calendar.not_yours``), `BadInput` (``calendar.date``, ``calendar.kind``, ``text.*``).
    """
    _check(actor, date)
    if kind not in DayKind.values:
        raise BadInput("calendar.kind", _("Say whether it is a work day, a rest day or a public holiday."))
    note = clean_text(note, limit=MAX_NOTE)
    day, _is_new = CalendarDay.objects.update_or_create(date=date, defaults={"kind": kind, "note": note})
    return day


@transaction.atomic
def forget_day(*, actor: AbstractBaseUser, date: dt.date) -> bool:
    """Let the published calendar count again for a day to come; return whether it was otherwise.

    Raises `Refused` (``calendar.not_yours``), `BadInput` (``calendar.date``).
    """
    _check(actor, date)
    deleted, _by_table = CalendarDay.objects.filter(date=date).delete()
    return bool(deleted)


def _check(actor: AbstractBaseUser, date: dt.date) -> None:
    if not may_edit_catalogue(scope_of(actor)):
        raise Refused(
            "calendar.not_yours",
            _("Only the office or the centre of a district or city changes the calendar."),
        )
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    if not today <= date <= today + MAX_AHEAD:
        raise BadInput("calendar.date", _("Choose a day from today on, within three years."))
