"""Who changed what of a household, written down with the deed; and which days a deed can be of."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput
from households.models import HouseholdChange

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AbstractBaseUser

_EARLIEST: Final = date(1900, 1, 2)  # what spreadsheets make of an empty cell lies before


def note(  # noqa: PLR0913 - what a line says
    what: HouseholdChange.What,
    *,
    household_id: int,
    actor: AbstractBaseUser,
    day: date | None = None,
    resident_id: int | None = None,
    fields: Iterable[str] = (),
) -> None:
    """Write who changed a household, from which day on (None: today), and which fields were corrected."""
    HouseholdChange.objects.create(
        what=what,
        household_id=household_id,
        resident_id=resident_id,
        actor_id=actor.pk,
        day=day or timezone.localdate(),
        fields=",".join(sorted(fields)),
    )


def past(day: date) -> date:
    """Return the day, if something can have happened on it.

    The register says what is: nothing is entered ahead. Raises `BadInput` ("day.in_future", "day.too_early").
    """
    if day > timezone.localdate():
        raise BadInput("day.in_future", _("This day is still to come. Enter it when it has come."))
    if day < _EARLIEST:
        raise BadInput("day.too_early", _("This day lies before 1900. Correct the year."))
    return day
