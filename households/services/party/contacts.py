"""Party contacts (党员联系户): which households a member keeps contact with, and the log of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import Conflict, NotFound
from gis_grids.permissions import scope_of
from gis_grids.services.texts import clean_text
from households.models import ContactLink, ContactLog, PartyChange, PartyMember
from households.permissions import named_roots
from households.selectors.party.access import access_link, access_member, households_below
from households.services.party.days import begin, check_day, end_open, note, since
from households.services.party.marks import follow_marks

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from django.contrib.auth.models import AbstractBaseUser

MAX_NOTE: Final = 500
_Deed = PartyChange.Deed


@transaction.atomic
def begin_contacts(
    *, actor: AbstractBaseUser, member_id: int, household_ids: Collection[int], on: dt.date
) -> None:
    """Let a member keep contact with these households as well, from a day on.

    Raises `NotFound` ("party.no_member", "party.no_household"), `Conflict` ("party.has_left",
    "party.contact_before") and `BadInput` ("party.future").
    """
    check_day(on)
    member = access_member(actor, member_id)
    if member.left_on is not None or member.stage == PartyMember.Stage.PROPOSED:
        raise Conflict("party.has_left", _("This person is no member here. Choose another one."))
    ours = households_below(named_roots(scope_of(actor))).filter(ended_on=None)
    found = set(ours.filter(pk__in=household_ids).values_list("pk", flat=True))
    if found != set(household_ids):
        raise NotFound("party.no_household", _("There is no such household in your area."))
    links = ContactLink.objects.filter(member=member, days__upper_inf=True)
    found -= set(links.values_list("household", flat=True))
    new = [ContactLink(member=member, household_id=household, days=since(on)) for household in sorted(found)]
    begin(new, Conflict("party.contact_before", _("This contact was there on a later day already.")))
    if new:
        note(actor, _Deed.CONTACT_BEGUN, on, member=member)
        follow_marks(household_ids=found)


@transaction.atomic
def end_contact(*, actor: AbstractBaseUser, link_id: int, on: dt.date) -> None:
    """End a contact; its log stays. Raises `NotFound` ("party.no_contact"), `BadInput` ("party.future")."""
    check_day(on)
    link = access_link(actor, link_id)
    end_open(ContactLink.objects.filter(pk=link.pk), on)
    follow_marks(household_ids=[link.household_id])
    note(actor, _Deed.CONTACT_ENDED, on, member=link.member)


@transaction.atomic
def log_contact(
    *, actor: AbstractBaseUser, link_id: int, on: dt.date, way: ContactLog.Way, text: str = ""
) -> ContactLog:
    """Write down that the member was in contact with the household: on any day of it, evenings alike.

    Raises `NotFound` ("party.no_contact"), `Conflict` ("party.contact_not_then") and `BadInput`
    ("party.future", "text.…").
    """
    check_day(on)
    link = access_link(actor, link_id)
    if on not in link.days:
        raise Conflict("party.contact_not_then", _("On that day the member had no contact with it."))
    return ContactLog.objects.create(
        link=link, on=on, way=way, note=clean_text(text, limit=MAX_NOTE), written_by_id=actor.pk
    )
