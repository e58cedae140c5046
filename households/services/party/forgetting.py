"""What the party register gives up when a person, or a household, is erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from households.models import ContactLog, PartyMember
from households.services.party.marks import follow_marks, let_go

if TYPE_CHECKING:
    from collections.abc import Collection


def forget_members(resident_ids: Collection[int]) -> None:
    """End what erased residents are in the party, in the transaction of the caller.

    That somebody, who is a number now, was a member stays as history, without what was said at the doors.
    """
    members = PartyMember.objects.filter(resident__in=resident_ids)
    homes = [home for one in members.filter(left_on=None) for home in let_go(one, timezone.localdate())]
    members.update(joined_on=None)
    forget_contacts(Q(link__member__in=members))
    follow_marks(household_ids=homes)


def forget_contacts(of: Q) -> None:
    """Empty the notes of contacts that meet a condition on `ContactLog`; that there was one stays."""
    ContactLog.objects.filter(of).exclude(note="").update(note="")
