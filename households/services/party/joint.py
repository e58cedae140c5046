"""Joint committees (片区联合党委): who belongs to them, and what they have to do by when (S0 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, NotFound
from gis_grids.services.texts import clean_text
from households.models import (
    JointDuty,
    JointMember,
    PartyChange,
    PartyOrganisation,
    PartyOrganisationKind,
)
from households.selectors.party.access import access_organisation
from households.selectors.party.joint import local_units_for
from households.services.party.days import begin, check_day, end_open, note, since

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import AbstractBaseUser

MAX_TEXT: Final = 300
_Deed = PartyChange.Deed


@transaction.atomic
def join_committee(
    *,
    actor: AbstractBaseUser,
    committee_id: int,
    on: dt.date,
    organisation_id: int | None = None,
    local_unit_id: int | None = None,
) -> JointMember:
    """Make a party organisation, or a local unit (驻区单位), a member of a joint committee from a day on.

    Raises `BadInput` ("party.one_of_both", "party.future"), `Conflict` ("party.not_joint",
    "party.joined_before") and `NotFound` ("party.no_organisation", "party.no_local_unit").
    """
    check_day(on)
    committee = _committee(actor, committee_id)
    member = JointMember(committee=committee, days=since(on))
    if organisation_id is not None:
        member.organisation = access_organisation(actor, organisation_id)
    if local_unit_id is not None:
        member.local_unit = local_units_for(actor).filter(pk=local_unit_id).first()
        if member.local_unit is None:
            raise NotFound("party.no_local_unit", _("There is no such local unit in your area."))
    one, other = member.organisation, member.local_unit
    if (one is None) == (other is None) or (one and PartyOrganisationKind(one.kind).is_joint):
        raise BadInput("party.one_of_both", _("Choose either a party organisation or a local unit."))
    begin([member], Conflict("party.joined_before", _("It is a member on that day already.")))
    note(actor, _Deed.JOINT_CHANGED, on, organisation=committee)
    return member


@transaction.atomic
def leave_committee(*, actor: AbstractBaseUser, joint_member_id: int, on: dt.date) -> None:
    """End a membership of a joint committee. Raises `NotFound` ("party.no_organisation")."""
    check_day(on)
    member = JointMember.objects.filter(pk=joint_member_id).first()
    committee = _committee(actor, member.committee_id if member else 0)
    rows = JointMember.objects.filter(pk=joint_member_id)
    if rows.filter(duties__isnull=False, days__startswith__gte=on).exists():
        raise BadInput(
            "party.ends_before_it_begins", _("It can't end before it has begun. Give a later day.")
        )
    end_open(rows, on)
    note(actor, _Deed.JOINT_CHANGED, on, organisation=committee)


@transaction.atomic
def set_duty(  # noqa: PLR0913 - what a duty consists of
    *,
    actor: AbstractBaseUser,
    committee_id: int,
    kind: JointDuty.Kind,
    text: str,
    due_on: dt.date,
    joint_member_id: int | None = None,
    is_public: bool = False,
) -> JointDuty:
    """Write down a meeting, pledge, notice or review of a joint committee, or of one of its members.

    Raises `BadInput` ("party.no_text", "text.…"), `Conflict` ("party.not_joint") and `NotFound`
    ("party.no_organisation", "party.no_joint_member").
    """
    committee = _committee(actor, committee_id)
    text = clean_text(text, limit=MAX_TEXT)
    if not text:
        raise BadInput("party.no_text", _("Write what it is about."))
    if joint_member_id and not committee.joint_members.filter(pk=joint_member_id).exists():
        raise NotFound("party.no_joint_member", _("This is no member of the committee."))
    return JointDuty.objects.create(
        committee=committee,
        kind=kind,
        member_id=joint_member_id,
        text=text,
        due_on=due_on,
        is_public=is_public,
        written_by_id=actor.pk,
    )


@transaction.atomic
def finish_duty(*, actor: AbstractBaseUser, duty_id: int, on: dt.date, outcome: str = "") -> JointDuty:
    """Write down that a duty was done, and what came of it.

    Raises `Conflict` ("party.duty_done"), `BadInput` ("party.future", "text.…") and `NotFound`
    ("party.no_organisation").
    """
    check_day(on)
    duty = JointDuty.objects.select_for_update().filter(pk=duty_id).first()
    access_organisation(actor, duty.committee_id if duty else 0)
    if duty is None or duty.done_on is not None:
        raise Conflict("party.duty_done", _("This is done already."))
    duty.done_on, duty.outcome = on, clean_text(outcome)
    duty.save(update_fields=["done_on", "outcome"])
    return duty


def _committee(actor: AbstractBaseUser, committee_id: int) -> PartyOrganisation:
    committee = access_organisation(actor, committee_id)
    if not PartyOrganisationKind(committee.kind).is_joint or committee.days.upper is not None:
        raise Conflict("party.not_joint", _("Only a joint committee that goes on has members and duties."))
    return committee
