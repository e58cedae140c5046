"""Who has read personal data, when, of what and why: written with the reading, and never changed."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AccessRecord(models.Model):
    """Personal data that was shown in clear to somebody who may see it: append-only, for auditors.

    ``about`` tells which thing it was of, by its number: of a plan's moves, the plan; None for a list, which
    ``detail`` names. It holds no personal data itself, and ``households`` only how many were named.
    """

    class What(models.TextChoices):
        PLAN_MOVES = "plan_moves", pgettext_lazy("access", "Households that a plan moves")
        EMERGENCY = "emergency", pgettext_lazy("access", "Households in the area of an emergency")
        HOUSEHOLD = "household", pgettext_lazy("access", "Household")
        CONTACT = "contact", pgettext_lazy("access", "Telephone number left with a case")
        EXPORT = "export", pgettext_lazy("access", "List as a file")
        COPY = "copy", pgettext_lazy("access", "Resident's copy of his data")
        ERASURE = "erasure", pgettext_lazy("access", "Resident's data erased")

    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("read by")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)
    what = models.CharField(_("what was read"), max_length=20, choices=What.choices)
    about = models.PositiveBigIntegerField(_("of which one"), null=True, blank=True)
    detail = models.CharField(_("detail"), max_length=60, blank=True)
    households = models.PositiveIntegerField(_("named"))
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name = _("access record")
        verbose_name_plural = _("access records")
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(name="accessrecord_by_time", fields=["-at", "-id"]),
            models.Index(name="accessrecord_by_thing", fields=["what", "about"]),
        )
        constraints = (
            models.CheckConstraint(
                name="accessrecord_what_known",
                condition=Q(
                    what__in=[
                        "contact",
                        "copy",
                        "emergency",
                        "erasure",
                        "export",
                        "household",
                        "plan_moves",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="accessrecord_about_something", condition=Q(about__isnull=False) | ~Q(detail="")
            ),
            models.CheckConstraint(name="accessrecord_has_reason", condition=~Q(reason="")),
        )
        triggers = (pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.what} {self.about or self.detail}"
