"""Party hub households (党员中心户): opened in a member's home, with the members whom they serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, NotFound
from households.models import HubMember, PartyChange, PartyHub, PartyMember, Residence
from households.selectors.party.access import access_hub, access_member
from households.services.party.days import begin, check_day, end_open, note, since
from households.services.party.marks import follow_marks

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from django.contrib.auth.models import AbstractBaseUser

_Deed = PartyChange.Deed


@transaction.atomic
def open_hub(*, actor: AbstractBaseUser, member_id: int, on: dt.date) -> PartyHub:
    """Make the home of a member a hub from a day on.

    Raises `Conflict` ("party.has_hub": he, or his household, has one; "party.no_home": he isn't known to live
    in a household; "party.has_left"), `BadInput` ("party.future") and `NotFound` ("party.no_member").
    """
    check_day(on)
    member = _member(actor, member_id)
    home = Residence.objects.filter(resident=member.resident_id, days__contains=on).first()
    if home is None:
        raise Conflict("party.no_home", _("On that day the member is in no household of the register."))
    hub = PartyHub(household_id=home.household_id, keeper=member, days=since(on))
    begin([hub], Conflict("party.has_hub", _("The member or the household has a hub on that day already.")))
    note(actor, _Deed.HUB_OPENED, on, member=member)
    follow_marks(household_ids=[home.household_id])
    return hub


@transaction.atomic
def serve_members(*, actor: AbstractBaseUser, hub_id: int, member_ids: Collection[int], on: dt.date) -> None:
    """Let a hub serve these members, and no others, from a day on; whom another hub served, changes over.

    Raises `Conflict` ("party.hub_ended", "party.served_before"), `BadInput` ("party.future") and `NotFound`
    ("party.no_hub", "party.no_member").
    """
    check_day(on)
    hub = _open(access_hub(actor, hub_id))
    wanted = {_member(actor, member_id).pk for member_id in member_ids}
    served = HubMember.objects.filter(hub=hub)
    end_open(served.exclude(member__in=wanted), on)
    wanted -= set(served.filter(days__upper_inf=True).values_list("member", flat=True))
    end_open(HubMember.objects.filter(member__in=wanted), on)
    new = [HubMember(hub=hub, member_id=member, days=since(on)) for member in sorted(wanted)]
    begin(new, Conflict("party.served_before", _("One of them was served by a hub on a later day already.")))
    note(actor, _Deed.HUB_CHANGED, on, member=hub.keeper)


@transaction.atomic
def end_hub(*, actor: AbstractBaseUser, hub_id: int, on: dt.date) -> None:
    """End a hub. Raises `Conflict` ("party.hub_ended"), `BadInput`, `NotFound` ("party.no_hub")."""
    check_day(on)
    hub = _open(access_hub(actor, hub_id))
    if hub.days.lower and on <= hub.days.lower:
        raise BadInput(
            "party.ends_before_it_begins", _("It can't end before it has begun. Give a later day.")
        )
    end_open(HubMember.objects.filter(hub=hub), on)
    end_open(PartyHub.objects.filter(pk=hub.pk), on)
    note(actor, _Deed.HUB_ENDED, on, member=hub.keeper)
    follow_marks(household_ids=[hub.household_id])


def _open(hub: PartyHub) -> PartyHub:
    if hub.days.upper is not None:
        raise Conflict("party.hub_ended", _("This hub has ended."))
    return hub


def _member(actor: AbstractBaseUser, member_id: int) -> PartyMember:
    member = access_member(actor, member_id)
    if member.left_on is not None or member.stage == PartyMember.Stage.PROPOSED:
        raise NotFound("party.no_member", _("There is no such party member in your area."))
    return member
