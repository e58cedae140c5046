"""For how long personal data is kept, and what was forgotten when."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RetentionRule(models.Model):
    """So many days a class of personal data is kept, from ``since`` on: the latest one counts.

    ``keep`` is one of `gis_grids.personal.USUAL_DAYS`, whose days count as long as there is no rule.
    """

    keep = models.CharField(_("class"), max_length=12)
    days = models.PositiveIntegerField(_("days"))
    basis = models.CharField(_("basis"), max_length=200)
    since = models.DateTimeField(_("since"), auto_now_add=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("set by")
    )

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        ordering = ("keep", "-since", "-pk")
        constraints = (
            models.CheckConstraint(name="retentionrule_plausible", condition=Q(days__range=(1, 36_500))),
            models.CheckConstraint(name="retentionrule_has_basis", condition=~Q(basis="")),
        )
        triggers = (pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.keep}: {self.days}"


class RetentionRun(models.Model):
    """One go through all classes: what was forgotten, or, tried out, what would have been.

    ``found`` is a list of {keep, what, days, count}. ``asked_by`` is None for the nightly one.
    """

    at = models.DateTimeField(_("at"), auto_now_add=True)
    is_dry = models.BooleanField(_("tried out"))
    found = models.JSONField(_("found"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("asked for by"),
    )

    class Meta:
        verbose_name = _("retention run")
        verbose_name_plural = _("retention runs")
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.at:%F %T}"
