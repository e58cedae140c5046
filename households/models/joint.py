"""The horizontal side: who belongs to a joint committee of an area (片区联合党委), and its duties (S0 4)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from households.models.organisations import Organisation
from households.models.party import PartyOrganisation


class JointMember(models.Model):
    """A member unit of a joint committee: a party organisation of the tree, or a local unit (驻区单位)."""

    committee = models.ForeignKey(
        PartyOrganisation,
        on_delete=models.CASCADE,
        related_name="joint_members",
        db_index=False,
        verbose_name=_("joint committee"),
    )
    organisation = models.ForeignKey(
        PartyOrganisation,
        on_delete=models.PROTECT,
        related_name="joint_memberships",
        null=True,
        blank=True,
        verbose_name=_("party organisation"),
    )
    local_unit = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="joint_memberships",
        null=True,
        blank=True,
        verbose_name=_("local unit"),
    )
    days = DateRangeField(_("days"))

    class Meta:
        verbose_name = _("member of a joint committee")
        verbose_name_plural = _("members of joint committees")
        constraints = (
            ExclusionConstraint(
                name="jointmember_organisation_once",
                expressions=[
                    ("committee", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("days", RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="jointmember_local_unit_once",
                expressions=[
                    ("committee", RangeOperators.EQUAL),
                    ("local_unit", RangeOperators.EQUAL),
                    ("days", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="jointmember_is_one",
                condition=Q(organisation=None, local_unit__isnull=False)
                | Q(organisation__isnull=False, local_unit=None),
            ),
            models.CheckConstraint(name="jointmember_days_sound", condition=Q(days__isempty=False)),
        )

    def __str__(self) -> str:
        return f"{self.committee_id} {self.organisation_id or self.local_unit_id}"


class JointDuty(models.Model):
    """A thing that a joint committee does by a day: a meeting, a pledge, a notice, a review.

    Without ``done_on`` it is still to be done. Pledges that are shown (承诺公示) are ``is_public``:
    they name no person.
    """

    class Kind(models.TextChoices):
        MEETING = "meeting", pgettext_lazy("joint committee", "Regular meeting")
        PLEDGE = "pledge", pgettext_lazy("joint committee", "Pledge")
        NOTICE = "notice", pgettext_lazy("joint committee", "Notice on the situation")
        REVIEW = "review", pgettext_lazy("joint committee", "Review of the work")

    committee = models.ForeignKey(
        PartyOrganisation, on_delete=models.CASCADE, related_name="duties", verbose_name=_("joint committee")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    member = models.ForeignKey(
        JointMember,
        on_delete=models.PROTECT,
        related_name="duties",
        null=True,
        blank=True,
        verbose_name=_("whose it is"),
    )
    text = models.CharField(_("what"), max_length=300)
    due_on = models.DateField(_("due on"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    outcome = models.TextField(_("outcome"), max_length=2000, blank=True)
    is_public = models.BooleanField(_("shown to residents"), default=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written at"), auto_now_add=True)

    class Meta:
        verbose_name = _("duty of a joint committee")
        verbose_name_plural = _("duties of joint committees")
        ordering = ("-due_on", "-pk")
        constraints = (
            models.CheckConstraint(
                name="jointduty_kind_known", condition=Q(kind__in=["meeting", "notice", "pledge", "review"])
            ),
            models.CheckConstraint(name="jointduty_has_text", condition=~Q(text="")),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.due_on}"
