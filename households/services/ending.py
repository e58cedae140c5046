"""The end of a household, and its way back where that was a mistake."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict
from households.models import EndedWhy, Household, HouseholdChange, Need, Residence
from households.selectors.access import household_to_edit
from households.services.ledger import note, past
from households.services.party.marks import follow_marks
from households.services.places import home_households, leave_units
from households.services.standing import keep_in_step
from households.services.stays import end_all, living, store

if TYPE_CHECKING:
    from datetime import date

    from django.contrib.auth.models import AbstractBaseUser

_LEFT = Residence.LeftFor

#: Why residents are there no longer, by why their household isn't.
_LEFT_FOR: Final = {
    EndedWhy.MOVED_AWAY: _LEFT.MOVED_AWAY,
    EndedWhy.DIED: _LEFT.DIED,
    EndedWhy.DEMOLISHED: _LEFT.MOVED_AWAY,
    EndedWhy.MERGED: _LEFT.OTHER_HOUSEHOLD,
    EndedWhy.MISTAKE: _LEFT.MISTAKE,
}


@transaction.atomic
def end_household(
    *, actor: AbstractBaseUser, household_id: int, day: date, why: EndedWhy, moved_to: str = ""
) -> Household:
    """End a household; ``day`` is the first one without it. Who lives there leaves; its history stays.

    Raises what `household_to_edit` raises, `Conflict` ("household.ended_already"), `BadInput`
    ("household.ends_before_it_began", "household.merge_instead", "day.*").
    """
    household = household_to_edit(actor, household_id)
    if household.ended_on is not None:
        raise Conflict("household.ended_already", _("This household has ended already."))
    if why == EndedWhy.MERGED:
        raise BadInput("household.merge_instead", _("Say with which household it is merged."))
    end(household, day=day, why=why, actor=actor, moved_to=moved_to)
    return household


def end(  # noqa: PLR0913 - what an end consists of
    household: Household,
    *,
    day: date,
    why: EndedWhy,
    actor: AbstractBaseUser,
    moved_to: str = "",
    merged_into: Household | None = None,
) -> None:
    """End a household that is locked: its residences, needs and membership with it.

    Raises `BadInput` ("household.ends_before_it_began", "day.*").
    """
    if household.since is not None and past(day) < household.since:
        raise BadInput(
            "household.ends_before_it_began",
            _("The household is here since %(since)s. Choose a later day, or correct that one."),
            {"since": household.since},
        )
    household.ended_on, household.ended_why, household.merged_into = past(day), why, merged_into
    household.save(update_fields=["ended_on", "ended_why", "merged_into"])
    staying = Residence.objects.filter(household=household, days__upper_inf=True)
    end_all(staying, day, _LEFT_FOR[why], moved_to)
    end_needs(household.pk, day)
    leave_units([household.pk], timezone.make_aware(datetime.combine(day, time.min)))
    follow_marks(household_ids=[household.pk], on=day)
    what = HouseholdChange.What.MERGED if merged_into else HouseholdChange.What.ENDED
    note(what, household_id=household.pk, actor=actor, day=day)


def end_needs(household_id: int, day: date) -> None:
    """End the needs of a household with a day; those that were to begin later are taken back."""
    needs = Need.objects.filter(household=household_id)
    needs.filter(days__startswith__gte=day).delete()
    for need in needs.filter(days__contains=day):
        need.days = DateRange(need.days.lower, day)
        need.save(update_fields=["days"])


def shrink(household_id: int, *, day: date, why: EndedWhy, actor: AbstractBaseUser) -> None:
    """Count one resident less in a household that is locked; with the last one, named or not, it ends."""
    household = Household.objects.get(pk=household_id)
    if household.size <= 1 and not living(household_id).exists():
        end(household, day=day, why=why, actor=actor)
    else:
        keep_in_step(household_ids=[household_id], size_by={household_id: -1})


@transaction.atomic
def reopen_household(*, actor: AbstractBaseUser, household_id: int) -> Household:
    """Take the end of a household back: who left with it lives there again. Needs are noted anew.

    Raises what `household_to_edit` raises, and `Conflict` ("household.not_ended", "household.was_merged",
    "residence.overlaps": somebody lives elsewhere by now).
    """
    household = household_to_edit(actor, household_id)
    if household.ended_on is None:
        raise Conflict("household.not_ended", _("This household hasn't ended."))
    if household.merged_into_id is not None:
        raise Conflict("household.was_merged", _("This household was merged. Split the other one instead."))
    day, why = household.ended_on, EndedWhy(household.ended_why)
    household.ended_on, household.ended_why = None, ""
    household.save(update_fields=["ended_on", "ended_why"])
    left = Residence.objects.filter(household=household, days__endswith=day, left_for=_LEFT_FOR[why])
    for residence in left.order_by(Lower("days")):
        residence.days = DateRange(residence.days.lower, None)
        residence.left_for = residence.moved_to = ""
        store(residence)
    home_households(household_ids=[household.pk])
    keep_in_step(household_ids=[household.pk])
    note(HouseholdChange.What.REOPENED, household_id=household.pk, actor=actor)
    return household
