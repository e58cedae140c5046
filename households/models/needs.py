"""Who needs help in a household (为老、困难、残疾、未成年人 …): noted for a purpose, and for a time."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from households.models.households import Household


class Need(models.Model):
    """People of a household who need help of one kind, on the days of a range.

    Personal data of the most sensitive kind: only how many there are is shown to who keeps no register, and
    ``purpose`` says what it was noted for. It says nothing of an illness, and has no end only where it
    must be looked at again anyhow.
    """

    class Kind(models.TextChoices):
        ELDERLY = "elderly", pgettext_lazy("need", "Old people living alone")
        DISABLED = "disabled", pgettext_lazy("need", "People with a disability")
        CARE = "care", pgettext_lazy("need", "People in need of care")
        MINOR = "minor", pgettext_lazy("need", "Minors without a guardian at home")
        HARDSHIP = "hardship", pgettext_lazy("need", "People in hardship")

    household = models.ForeignKey(
        Household, on_delete=models.CASCADE, related_name="needs", verbose_name=_("household")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    people = models.PositiveSmallIntegerField(_("people"), default=1)
    purpose = models.CharField(_("noted for"), max_length=200)
    days = DateRangeField(_("days"))

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        constraints = (
            ExclusionConstraint(
                name="need_once",
                expressions=[
                    ("household", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("days", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="need_kind_known",
                condition=Q(kind__in=["care", "disabled", "elderly", "hardship", "minor"]),
            ),
            models.CheckConstraint(name="need_people_plausible", condition=Q(people__range=(1, 30))),
            models.CheckConstraint(name="need_days_not_empty", condition=Q(days__isempty=False)),
            models.CheckConstraint(name="need_has_purpose", condition=~Q(purpose="")),
        )

    def __str__(self) -> str:
        return f"{self.household_id} {self.kind}"
