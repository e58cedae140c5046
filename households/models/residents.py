"""Residents (居民), and in which household each of them lives, or lived, as what."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.models.sealed import DigestField, SealedTextField
from gis_grids.sealing import DIGEST_SIZE
from households.models.households import Household


class Resident(models.Model):
    """A person (居民) who lives, or has lived, in households of the register: all of it is personal data.

    Of the identity number its keyed digest is kept, which finds the same person again, and its last four
    characters; neither where it isn't known. ``identity_number`` is the number itself, sealed, and empty
    unless the district has switched that on (`settings.KEEP_IDENTITY_NUMBERS`).
    """

    class Gender(models.TextChoices):
        FEMALE = "female", pgettext_lazy("gender", "Female")
        MALE = "male", pgettext_lazy("gender", "Male")

    name = models.CharField(_("name"), max_length=50)
    gender = models.CharField(_("gender"), max_length=6, choices=Gender.choices, blank=True)
    born_on = models.DateField(_("born on"), null=True, blank=True)
    phone = SealedTextField(_("phone"), max_length=20, blank=True)
    phone_digest = DigestField(of="phone", purpose="phone")
    identity_digest = models.BinaryField(max_length=DIGEST_SIZE, null=True, editable=False)
    identity_last_four = models.CharField(
        _("identity number ends with"), max_length=4, blank=True, editable=False
    )
    identity_number = SealedTextField(_("identity number"), max_length=18, blank=True, editable=False)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("resident")
        verbose_name_plural = pgettext_lazy("persons", "residents")
        indexes = (
            models.Index(OpClass("name", "varchar_pattern_ops"), name="resident_by_name"),
            models.Index(name="resident_by_phone", fields=["phone_digest"]),
        )
        constraints = (
            models.UniqueConstraint(name="resident_identity_once", fields=["identity_digest"]),
            models.CheckConstraint(
                name="resident_identity_whole",
                condition=Q(identity_digest=None, identity_last_four="", identity_number="")
                | (Q(identity_digest__isnull=False) & ~Q(identity_last_four="")),
            ),
            models.CheckConstraint(
                name="resident_gender_known", condition=Q(gender__in=["", "female", "male"])
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def is_erased(self) -> bool:
        """Whether only a number stands where a name stood (`households.services.erasing`)."""
        return self.name == f"#{self.pk}"


class Residence(models.Model):
    """A resident lives in a household on the days of a range, as its head, somebody's child, a tenant.

    Another role or registration is another row that begins where this one ends; ``left_for`` says why
    somebody is in the household no longer, and is empty while he is, or where he stayed as something else.
    Days without a first one began before anybody wrote it down. ``is_representative`` marks who speaks and
    votes for the household (户代表).
    """

    class Relation(models.TextChoices):
        HEAD = "head", pgettext_lazy("relation", "Head")
        SPOUSE = "spouse", pgettext_lazy("relation", "Spouse")
        CHILD = "child", pgettext_lazy("relation", "Child")
        PARENT = "parent", pgettext_lazy("relation", "Parent")
        GRANDPARENT = "grandparent", pgettext_lazy("relation", "Grandparent")
        GRANDCHILD = "grandchild", pgettext_lazy("relation", "Grandchild")
        SIBLING = "sibling", pgettext_lazy("relation", "Brother or sister")
        TENANT = "tenant", pgettext_lazy("relation", "Tenant")
        OTHER = "other", pgettext_lazy("relation", "Other")

    class Registration(models.TextChoices):
        PERMANENT = "permanent", pgettext_lazy("registration", "Permanent")
        FLOATING = "floating", pgettext_lazy("registration", "Floating")

    class LeftFor(models.TextChoices):
        MOVED_AWAY = "moved_away", pgettext_lazy("left for", "Moved away")
        OTHER_HOUSEHOLD = "other_household", pgettext_lazy("left for", "Moved to another household here")
        DIED = "died", pgettext_lazy("left for", "Died")
        MISTAKE = "mistake", pgettext_lazy("left for", "Was entered by mistake")

    resident = models.ForeignKey(
        Resident,
        on_delete=models.CASCADE,
        related_name="residences",
        db_index=False,
        verbose_name=_("resident"),
    )
    household = models.ForeignKey(
        Household,
        on_delete=models.CASCADE,
        related_name="residences",
        verbose_name=_("household"),
    )
    days = DateRangeField(_("days"))
    relation = models.CharField(
        _("relation to the head"), max_length=12, choices=Relation.choices, default=Relation.OTHER
    )
    registration = models.CharField(
        _("registration"), max_length=10, choices=Registration.choices, blank=True
    )
    is_representative = models.BooleanField(_("household's representative"), default=False)
    moved_from = models.CharField(_("moved here from"), max_length=100, blank=True)
    moved_to = models.CharField(_("moved to"), max_length=100, blank=True)
    left_for = models.CharField(_("why here no more"), max_length=16, choices=LeftFor.choices, blank=True)

    class Meta:
        verbose_name = _("residence")
        verbose_name_plural = _("residences")
        constraints = (
            ExclusionConstraint(
                name="residence_one_household_a_day",
                expressions=[("resident", RangeOperators.EQUAL), ("days", RangeOperators.OVERLAPS)],
            ),
            ExclusionConstraint(
                name="residence_one_head_a_day",
                expressions=[("household", RangeOperators.EQUAL), ("days", RangeOperators.OVERLAPS)],
                condition=Q(relation="head"),
            ),
            ExclusionConstraint(
                name="residence_one_representative_a_day",
                expressions=[("household", RangeOperators.EQUAL), ("days", RangeOperators.OVERLAPS)],
                condition=Q(is_representative=True),
            ),
            models.CheckConstraint(name="residence_days_not_empty", condition=Q(days__isempty=False)),
            models.CheckConstraint(
                name="residence_left_is_over",
                condition=Q(left_for="", moved_to="") | Q(days__upper_inf=False),
            ),
            models.CheckConstraint(
                name="residence_relation_known",
                condition=Q(
                    relation__in=[
                        "child", "grandchild", "grandparent", "head", "other", "parent", "sibling",
                        "spouse", "tenant",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="residence_registration_known",
                condition=Q(registration__in=["", "floating", "permanent"]),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.resident_id} → {self.household_id}"
