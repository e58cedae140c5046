"""Needs of a household: noted for a purpose and a time, looked at again before it runs out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, NotFound
from gis_grids.services.texts import clean_text
from households.models import HouseholdChange, Need
from households.selectors.access import household_to_edit
from households.services.constraints import broken
from households.services.ledger import note, past

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

#: Nothing is noted for longer at once: who still needs help is asked again.
LONGEST: Final = timedelta(days=2 * 366)
_LONGEST_PURPOSE: Final = 200
_ONE_DAY: Final = timedelta(days=1)


@transaction.atomic
def note_need(  # noqa: PLR0913 - what a need consists of
    *,
    actor: AbstractBaseUser,
    household_id: int,
    kind: Need.Kind,
    people: int,
    purpose: str,
    first: date,
    last: date,
) -> Need:
    """Note that people of a household need help of a kind, for a purpose, from the first day to the last.

    Raises what `household_to_edit` raises, `BadInput` ("need.no_purpose", "need.days", "need.too_long",
    "day.*", "text.*"), `Conflict` ("household.ended", "need.noted_already").
    """
    if household_to_edit(actor, household_id).ended_on is not None:
        raise Conflict("household.ended", _("This household has ended. Reopen it first."))
    told = clean_text(purpose, limit=_LONGEST_PURPOSE)
    if not told:
        raise BadInput("need.no_purpose", _("Say what the need is noted for."))
    need = Need(
        household_id=household_id, kind=kind, people=people, purpose=told, days=_days(past(first), last)
    )
    _store(need)
    note(HouseholdChange.What.NEED, household_id=household_id, actor=actor, day=first)
    return need


@transaction.atomic
def change_need(*, actor: AbstractBaseUser, need_id: int, last: date) -> Need:
    """Give a need another last day: a later one because it was looked at again, an earlier one to end it.

    One that ends before it began is deleted. Raises what `household_to_edit` raises, `NotFound`
    ("need.not_found"), `BadInput` ("need.too_long"), `Conflict` ("need.noted_already").
    """
    need = Need.objects.filter(pk=need_id).first()
    if need is None:
        raise NotFound("need.not_found", _("There is no such need in your area."))
    household_to_edit(actor, need.household_id)
    first = need.days.lower
    if last < first:
        need.delete()
    else:
        need.days = _days(first, last)
        _store(need)
    note(HouseholdChange.What.NEED, household_id=need.household_id, actor=actor, day=last + _ONE_DAY)
    return need


def _store(need: Need) -> None:
    try:
        with transaction.atomic():
            need.save()
    except IntegrityError as error:
        if broken(error) != "need_once":
            raise
        raise Conflict(
            "need.noted_already",
            _("This need is noted for some of these days already. Extend that one instead."),
        ) from None


def _days(first: date, last: date) -> DateRange:
    if last < first:
        raise BadInput("need.days", _("The last day lies before the first one."))
    if last > timezone.localdate() + LONGEST:
        sentence = _("Choose a day within two years: then it is asked again who needs help.")
        raise BadInput("need.too_long", sentence)
    return DateRange(first, last + _ONE_DAY)
