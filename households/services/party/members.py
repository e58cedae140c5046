"""Party members: enrolled, approved by the street, transferred, gone; and their roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, Refused
from gis_grids.permissions import scope_of
from gis_grids.services.corrections import correct
from households.models import (
    PartyAffiliation,
    PartyChange,
    PartyDecision,
    PartyMember,
    PartyOrganisation,
    PartyRole,
)
from households.selectors.party.access import (
    access_member,
    access_organisation,
    access_resident,
    approving_roots,
    members_below,
    organisations_below,
)
from households.services.party.days import begin, check_day, end_open, note, since
from households.services.party.marks import follow_marks, homes_of, let_go

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import AbstractBaseUser

_Deed = PartyChange.Deed
_Stage = PartyMember.Stage


@transaction.atomic
def enrol_member(  # noqa: PLR0913 - what a membership consists of
    *,
    actor: AbstractBaseUser,
    resident_id: int,
    organisation_id: int,
    stage: PartyMember.Stage,
    on: dt.date,
    attendance: PartyMember.Attendance = PartyMember.Attendance.ACTIVE,
    joined_on: dt.date | None = None,
) -> PartyMember:
    """Enter a resident as a member of an organisation from a day on, or as proposed for it.

    A probationary member is entered by the street's office only: the community proposes. Raises `Refused`
    ("party.approval_of_street"), `Conflict` ("party.is_member", "party.organisation_ended"), `BadInput`
    ("party.joint_has_no_members", "party.future") and `NotFound` ("party.no_resident",
    "party.no_organisation").
    """
    check_day(on)
    resident = access_resident(actor, resident_id)
    organisation = _joinable(actor, organisation_id)
    if stage == _Stage.PROBATIONARY:
        _check_approves(actor, organisation)
    member = PartyMember.objects.select_for_update().filter(resident=resident).first()
    if member is not None and member.left_on is None:
        raise Conflict("party.is_member", _("This resident is in the party register already."))
    member = member or PartyMember(resident=resident)
    member.stage, member.attendance, member.left_on = stage, attendance, None
    member.joined_on = None if stage == _Stage.PROPOSED else joined_on
    member.save()
    begin(
        [PartyAffiliation(member=member, organisation=organisation, days=since(on))],
        Conflict("party.member_before", _("The member belonged to an organisation on that day already.")),
    )
    note(actor, _Deed.ENROLLED, on, member=member, organisation=organisation)
    follow_marks(household_ids=homes_of([resident.pk]))
    return member


@transaction.atomic
def correct_member(
    *,
    actor: AbstractBaseUser,
    member_id: int,
    attendance: PartyMember.Attendance,
    joined_on: dt.date | None,
    on: dt.date,
) -> PartyMember:
    """Change whether a member takes part, and since when he is one. Raises as `access_member`."""
    check_day(on)
    member = _current(actor, member_id)
    correct(actor=actor, row=member, values={"attendance": attendance, "joined_on": joined_on})
    note(actor, _Deed.CORRECTED, on, member=member)
    return member


@transaction.atomic
def decide_on_member(
    *, actor: AbstractBaseUser, member_id: int, is_approved: bool, on: dt.date
) -> PartyMember:
    """Write down what the street decided: on a proposed member's admission, or a probationary's confirmation.

    Who isn't admitted leaves the register; who isn't confirmed stays on probation. Raises `Refused`
    ("party.approval_of_street"), `Conflict` ("party.nothing_to_decide", "party.has_left"), `BadInput`
    ("party.future") and `NotFound` ("party.no_member").
    """
    check_day(on)
    member = _current(actor, member_id)
    if not members_below(approving_roots(scope_of(actor))).filter(pk=member.pk).exists():
        raise _only_the_street()
    if member.stage == _Stage.FULL:
        raise Conflict("party.nothing_to_decide", _("This is a full member: there is nothing to decide."))
    was_proposed = member.stage == _Stage.PROPOSED
    step = PartyDecision.Step.ADMISSION if was_proposed else PartyDecision.Step.CONFIRMATION
    PartyDecision.objects.create(
        member=member, step=step, is_approved=is_approved, decided_on=on, decided_by_id=actor.pk
    )
    note(actor, _Deed.APPROVED if is_approved else _Deed.REFUSED, on, member=member)
    if is_approved:
        member.stage = _Stage.PROBATIONARY if was_proposed else _Stage.FULL
        member.joined_on = on if was_proposed else member.joined_on
        member.save(update_fields=["stage", "joined_on"])
        follow_marks(household_ids=homes_of([member.resident_id]))
    elif was_proposed:
        follow_marks(household_ids=let_go(member, on), on=on)
    return member


@transaction.atomic
def transfer_member(
    *, actor: AbstractBaseUser, member_id: int, organisation_id: int, on: dt.date
) -> PartyMember:
    """Let a member belong to another organisation from a day on (组织关系转接); roles in the old one end.

    Raises `Conflict` ("party.same_organisation", "party.member_before"), and what `enrol_member` raises.
    """
    check_day(on)
    member = _current(actor, member_id)
    organisation = _joinable(actor, organisation_id)
    affiliations = PartyAffiliation.objects.filter(member=member)
    now = affiliations.get(days__upper_inf=True)
    if now.organisation_id == organisation.pk:
        raise Conflict("party.same_organisation", _("The member belongs to this organisation already."))
    end_open(PartyRole.objects.filter(member=member, organisation=now.organisation_id), on, "term")
    end_open(affiliations, on)
    begin(
        [PartyAffiliation(member=member, organisation=organisation, days=since(on))],
        Conflict("party.member_before", _("The member belonged to an organisation on that day already.")),
    )
    note(actor, _Deed.TRANSFERRED, on, member=member, organisation=organisation)
    return member


@transaction.atomic
def release_member(*, actor: AbstractBaseUser, member_id: int, on: dt.date) -> PartyMember:
    """Note that somebody is no member here any more: roles, hub and contacts end, what was stays as history.

    Raises `BadInput` ("party.ends_before_it_begins", "party.future"), `Conflict` ("party.has_left") and
    `NotFound` ("party.no_member").
    """
    check_day(on)
    member = _current(actor, member_id)
    if member.affiliations.filter(days__upper_inf=True, days__startswith__gte=on).exists():
        raise BadInput(
            "party.ends_before_it_begins", _("It can't end before it has begun. Give a later day.")
        )
    note(actor, _Deed.LEFT, on, member=member)
    follow_marks(household_ids=let_go(member, on), on=on)
    return member


@transaction.atomic
def appoint(
    *,
    actor: AbstractBaseUser,
    member_id: int,
    organisation_id: int,
    kind: PartyRole.Kind,
    on: dt.date,
) -> PartyRole:
    """Give a member a role in an organisation from a day on; of secretaries the former one's term ends.

    Raises `Conflict` ("party.has_role", "party.proposed_has_no_role", "party.has_left"), `BadInput`
    ("party.future") and `NotFound` ("party.no_member", "party.no_organisation").
    """
    check_day(on)
    member = _current(actor, member_id)
    if member.stage == _Stage.PROPOSED:
        raise Conflict("party.proposed_has_no_role", _("Only a member can have a role."))
    organisation = _open(access_organisation(actor, organisation_id))
    already = Conflict("party.has_role", _("The role is held on that day already. End that term first."))
    if kind == PartyRole.Kind.SECRETARY:
        secretaries = PartyRole.objects.filter(organisation=organisation, kind=kind)
        if secretaries.filter(member=member, term__upper_inf=True).exists():
            raise already
        end_open(secretaries, on, "term")
    role = PartyRole(member=member, organisation=organisation, kind=kind, term=since(on))
    begin([role], already)
    note(actor, _Deed.APPOINTED, on, member=member, organisation=organisation)
    return role


@transaction.atomic
def end_role(*, actor: AbstractBaseUser, role_id: int, on: dt.date) -> None:
    """End the term of a role. Raises `NotFound` ("party.no_organisation") for none of the actor's."""
    check_day(on)
    role = PartyRole.objects.select_related("member").filter(pk=role_id).first()
    organisation = access_organisation(actor, role.organisation_id if role else 0)
    if role is None:
        return
    end_open(PartyRole.objects.filter(pk=role.pk), on, "term")
    note(actor, _Deed.ROLE_ENDED, on, member=role.member, organisation=organisation)


def _current(actor: AbstractBaseUser, member_id: int) -> PartyMember:
    member = access_member(actor, member_id)
    member = PartyMember.objects.select_for_update().get(pk=member.pk)
    if member.left_on is not None:
        raise Conflict("party.has_left", _("This person is no member here any more. Enter him anew."))
    return member


def _joinable(actor: AbstractBaseUser, organisation_id: int) -> PartyOrganisation:
    organisation = _open(access_organisation(actor, organisation_id))
    if PartyOrganisation.Kind(organisation.kind).is_joint:
        raise BadInput(
            "party.joint_has_no_members",
            _("A joint committee has member organisations. Choose the member's own organisation."),
        )
    return organisation


def _open(organisation: PartyOrganisation) -> PartyOrganisation:
    if organisation.days.upper is not None:
        raise Conflict("party.organisation_ended", _("This organisation has ended."))
    return organisation


def _check_approves(actor: AbstractBaseUser, organisation: PartyOrganisation) -> None:
    ours = organisations_below(approving_roots(scope_of(actor)))
    if not ours.filter(pk=organisation.pk).exists():
        raise _only_the_street()


def _only_the_street() -> Refused:
    return Refused(
        "party.approval_of_street",
        _("The street approves members, not the community. Enter the person as proposed."),
    )
