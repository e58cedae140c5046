"""Party organisations, bound to the grids, and their members: the vertical tree, and whom each has.

Party membership is personal data of the most sensitive kind (PIPL art. 28, 特定身份): it is shown to the
office of the own subtree and to nobody else; maps carry symbols and counts.
"""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.models import Unit
from households.models.residents import Resident


class PartyOrganisationKind(models.TextChoices):
    """The kinds of party organisation, from the top down: one stands only under one of an earlier kind.

    So no organisation can be below itself. The joint ones (片区联合党委) are the horizontal side: they have
    member organisations (`households.models.joint`) and nothing below them.
    """

    WORKING_COMMITTEE = "working_committee", pgettext_lazy("party", "Street Party Working Committee")
    COMMITTEE = "committee", pgettext_lazy("party", "Party committee")
    JOINT_COMMITTEE = "joint_committee", pgettext_lazy("party", "Area joint party committee")
    JOINT_GENERAL_BRANCH = "joint_general_branch", pgettext_lazy("party", "Joint general branch")
    GENERAL_BRANCH = "general_branch", pgettext_lazy("party", "General branch")
    BRANCH = "branch", pgettext_lazy("party", "Party branch")
    GROUP = "group", pgettext_lazy("party", "Party group")

    @property
    def is_joint(self) -> bool:
        """Whether it joins other organisations of an area, and has no members of its own."""
        return self in {PartyOrganisationKind.JOINT_COMMITTEE, PartyOrganisationKind.JOINT_GENERAL_BRANCH}


_ORDER = f"ARRAY{PartyOrganisationKind.values}::varchar[]"
_CHECK_PARENT = f"""
IF EXISTS (
    SELECT FROM households_partyorganisation above
    WHERE above.id = NEW.parent_id
    AND (above.kind LIKE 'joint%' OR array_position({_ORDER}, above.kind)
         >= array_position({_ORDER}, NEW.kind))
) THEN
    RAISE EXCEPTION 'a % can''t stand under this organisation', NEW.kind USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class PartyOrganisation(models.Model):
    """A party organisation (党组织): from the working committee down to the group, or a joint one.

    The grids that it is for are its `PartyGround`. ``days`` are those of its existence; the kind never
    changes.
    """

    Kind = PartyOrganisationKind

    kind = models.CharField(_("kind"), max_length=24, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=100)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="children",
        null=True,
        blank=True,
        verbose_name=_("parent"),
    )
    days = DateRangeField(_("days"))

    class Meta:
        verbose_name = _("party organisation")
        verbose_name_plural = _("party organisations")
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                name="partyorganisation_name_once",
                fields=["parent", "name"],
                condition=Q(days__upper_inf=True),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="partyorganisation_kind_known", condition=Q(kind__in=PartyOrganisationKind.values)
            ),
            models.CheckConstraint(name="partyorganisation_has_name", condition=~Q(name="")),
            models.CheckConstraint(name="partyorganisation_days_sound", condition=Q(days__isempty=False)),
        )
        triggers = (
            pgtrigger.Trigger(
                name="stands_below_parent",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
                when=pgtrigger.Before,
                func=_CHECK_PARENT,
            ),
            pgtrigger.ReadOnly(name="kind_for_ever", fields=["kind"]),
        )

    def __str__(self) -> str:
        return self.name


class PartyGround(models.Model):
    """A unit that an organisation is for, on the days of a range; it may be for several, several for one.

    Who keeps the register of the unit keeps the organisation.
    """

    organisation = models.ForeignKey(
        PartyOrganisation,
        on_delete=models.CASCADE,
        related_name="grounds",
        db_index=False,
        verbose_name=_("party organisation"),
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="party_grounds", verbose_name=_("unit")
    )
    days = DateRangeField(_("days"))

    class Meta:
        verbose_name = _("grid of a party organisation")
        verbose_name_plural = _("grids of party organisations")
        constraints = (
            ExclusionConstraint(
                name="partyground_once",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("days", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(name="partyground_days_sound", condition=Q(days__isempty=False)),
        )

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.unit_id}"


class PartyMember(models.Model):
    """A resident who is a member of the party, or is proposed as one.

    Who is proposed becomes a probationary member, and that one a full member, by a `PartyDecision` of the
    street. ``attendance`` says who takes part: old and ill members are excused, mobile ones are elsewhere.
    """

    class Stage(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("party member", "Proposed")
        PROBATIONARY = "probationary", pgettext_lazy("party member", "Probationary")
        FULL = "full", pgettext_lazy("party member", "Full member")

    class Attendance(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("party member", "Active")
        MOBILE = "mobile", pgettext_lazy("party member", "Mobile")
        EXCUSED = "excused", pgettext_lazy("party member", "Excused (old or ill)")

    resident = models.OneToOneField(
        Resident, on_delete=models.CASCADE, related_name="party_member", verbose_name=_("resident")
    )
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices)
    attendance = models.CharField(
        _("attendance"), max_length=8, choices=Attendance.choices, default=Attendance.ACTIVE
    )
    joined_on = models.DateField(_("member since"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    class Meta:
        verbose_name = _("party member")
        verbose_name_plural = _("party members")
        constraints = (
            models.CheckConstraint(
                name="partymember_stage_known", condition=Q(stage__in=["full", "probationary", "proposed"])
            ),
            models.CheckConstraint(
                name="partymember_attendance_known",
                condition=Q(attendance__in=["active", "excused", "mobile"]),
            ),
            models.CheckConstraint(
                name="partymember_joins_before_leaving",
                condition=Q(joined_on=None) | Q(left_on=None) | Q(joined_on__lte=F("left_on")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk}"


class PartyAffiliation(models.Model):
    """To which organisation a member belongs (组织关系), on the days of a range: to one at a time."""

    member = models.ForeignKey(
        PartyMember,
        on_delete=models.CASCADE,
        related_name="affiliations",
        db_index=False,
        verbose_name=_("party member"),
    )
    organisation = models.ForeignKey(
        PartyOrganisation,
        on_delete=models.PROTECT,
        related_name="affiliations",
        verbose_name=_("party organisation"),
    )
    days = DateRangeField(_("days"))

    class Meta:
        verbose_name = _("affiliation of a party member")
        verbose_name_plural = _("affiliations of party members")
        constraints = (
            ExclusionConstraint(
                name="partyaffiliation_one_at_a_time",
                expressions=[("member", RangeOperators.EQUAL), ("days", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(name="partyaffiliation_days_sound", condition=Q(days__isempty=False)),
        )

    def __str__(self) -> str:
        return f"{self.member_id} {self.organisation_id}"


class PartyRole(models.Model):
    """What a member is in an organisation, for a term; it need not be the one that he belongs to."""

    class Kind(models.TextChoices):
        SECRETARY = "secretary", pgettext_lazy("party role", "Secretary")
        DEPUTY_SECRETARY = "deputy_secretary", pgettext_lazy("party role", "Deputy secretary")
        ORGANISATION = "organisation", pgettext_lazy("party role", "Committee member for organisation")
        PUBLICITY = "publicity", pgettext_lazy("party role", "Committee member for publicity")
        DISCIPLINE = "discipline", pgettext_lazy("party role", "Committee member for discipline")
        COMMITTEE_MEMBER = "committee_member", pgettext_lazy("party role", "Committee member")
        GROUP_LEADER = "group_leader", pgettext_lazy("party role", "Party group leader")

    member = models.ForeignKey(
        PartyMember, on_delete=models.CASCADE, related_name="roles", verbose_name=_("party member")
    )
    organisation = models.ForeignKey(
        PartyOrganisation,
        on_delete=models.PROTECT,
        related_name="roles",
        verbose_name=_("party organisation"),
    )
    kind = models.CharField(_("role"), max_length=20, choices=Kind.choices)
    term = DateRangeField(_("term"))

    class Meta:
        verbose_name = _("role in a party organisation")
        verbose_name_plural = _("roles in party organisations")
        constraints = (
            ExclusionConstraint(
                name="partyrole_once",
                expressions=[
                    ("member", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("term", RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="partyrole_one_secretary",
                expressions=[("organisation", RangeOperators.EQUAL), ("term", RangeOperators.OVERLAPS)],
                condition=Q(kind="secretary"),
            ),
            models.CheckConstraint(
                name="partyrole_kind_known",
                condition=Q(
                    kind__in=[
                        "committee_member",
                        "deputy_secretary",
                        "discipline",
                        "group_leader",
                        "organisation",
                        "publicity",
                        "secretary",
                    ]
                ),
            ),
            models.CheckConstraint(name="partyrole_term_sound", condition=Q(term__isempty=False)),
        )

    def __str__(self) -> str:
        return f"{self.member_id} {self.kind} {self.organisation_id}"


class PartyDecision(models.Model):
    """What the street decided on a member: that is never up to the community (S0 1). Append-only."""

    class Step(models.TextChoices):
        ADMISSION = "admission", pgettext_lazy("party decision", "Admission as probationary member")
        CONFIRMATION = "confirmation", pgettext_lazy("party decision", "Confirmation as full member")

    member = models.ForeignKey(
        PartyMember, on_delete=models.CASCADE, related_name="decisions", verbose_name=_("party member")
    )
    step = models.CharField(_("about"), max_length=12, choices=Step.choices)
    is_approved = models.BooleanField(_("approved"))
    decided_on = models.DateField(_("decided on"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    written_at = models.DateTimeField(_("written at"), auto_now_add=True)

    class Meta:
        verbose_name = _("decision on a party member")
        verbose_name_plural = _("decisions on party members")
        ordering = ("-decided_on", "-pk")
        constraints = (
            models.CheckConstraint(
                name="partydecision_step_known", condition=Q(step__in=["admission", "confirmation"])
            ),
        )
        triggers = (pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update),)

    def __str__(self) -> str:
        return f"{self.member_id} {self.step}"


class PartyChange(models.Model):
    """Who did what to an organisation or with a member, from which day on. Holds no values; append-only."""

    class Deed(models.TextChoices):
        FOUNDED = "founded", pgettext_lazy("party change", "founded")
        CORRECTED = "corrected", pgettext_lazy("party change", "corrected")
        ENDED = "ended", pgettext_lazy("party change", "ended")
        ENROLLED = "enrolled", pgettext_lazy("party change", "enrolled")
        TRANSFERRED = "transferred", pgettext_lazy("party change", "transferred")
        LEFT = "left", pgettext_lazy("party change", "left")
        APPROVED = "approved", pgettext_lazy("party change", "approved by the street")
        REFUSED = "refused", pgettext_lazy("party change", "refused by the street")
        APPOINTED = "appointed", pgettext_lazy("party change", "appointed")
        ROLE_ENDED = "role_ended", pgettext_lazy("party change", "role ended")
        HUB_OPENED = "hub_opened", pgettext_lazy("party change", "hub opened")
        HUB_CHANGED = "hub_changed", pgettext_lazy("party change", "members of the hub changed")
        HUB_ENDED = "hub_ended", pgettext_lazy("party change", "hub ended")
        CONTACT_BEGUN = "contact_begun", pgettext_lazy("party change", "contact begun")
        CONTACT_ENDED = "contact_ended", pgettext_lazy("party change", "contact ended")
        JOINT_CHANGED = "joint_changed", pgettext_lazy("party change", "member units changed")

    deed = models.CharField(_("what"), max_length=16, choices=Deed.choices)
    organisation = models.ForeignKey(
        PartyOrganisation,
        on_delete=models.CASCADE,
        related_name="changes",
        null=True,
        blank=True,
        verbose_name=_("party organisation"),
    )
    member = models.ForeignKey(
        PartyMember,
        on_delete=models.CASCADE,
        related_name="changes",
        null=True,
        blank=True,
        verbose_name=_("party member"),
    )
    on = models.DateField(_("from"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("written at"), auto_now_add=True)

    class Meta:
        verbose_name = _("change in the party register")
        verbose_name_plural = _("changes in the party register")
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="partychange_is_of_something",
                condition=Q(organisation__isnull=False) | Q(member__isnull=False),
            ),
        )
        triggers = (pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update),)

    def __str__(self) -> str:
        return f"{self.deed} {self.on}"
