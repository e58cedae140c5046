"""The quarterly report of a unit (季度报告, S0 19): what people write beside the figures."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis_grids.models import Unit

#: The texts of a report: what S0 19 and 20 ask to be reported, in its order.
SECTIONS = ("overview", "early_signs", "difficulties", "good_practice", "next_steps")


class QuarterlyReport(models.Model):
    """The report of a unit on a quarter: a draft with texts to edit, until it is filed.

    ``figures`` are kept with the report when it is filed, as they then were; a draft has none and shows those
    of the moment. ``version`` grows with every change, so that nobody overwrites what he hasn't read.
    """

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="quarterly_reports", verbose_name=_("unit")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    quarter = models.PositiveSmallIntegerField(_("quarter"))
    overview = models.TextField(_("overview"), max_length=4000, blank=True, default="")
    early_signs = models.TextField(_("early signs and tendencies"), max_length=4000, blank=True, default="")
    difficulties = models.TextField(_("difficulties and doubts"), max_length=4000, blank=True, default="")
    good_practice = models.TextField(_("good practice"), max_length=4000, blank=True, default="")
    next_steps = models.TextField(_("next steps"), max_length=4000, blank=True, default="")
    version = models.PositiveIntegerField(_("version"), default=1)
    written_at = models.DateTimeField(_("written at"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("written by"),
    )
    filed_at = models.DateTimeField(_("filed at"), null=True, blank=True)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        null=True,
        blank=True,
        verbose_name=_("filed by"),
    )
    figures = models.JSONField(_("figures"), null=True, blank=True)

    class Meta:
        verbose_name = _("quarterly report")
        verbose_name_plural = _("quarterly reports")
        ordering = ("-year", "-quarter", "unit")
        constraints = (
            models.UniqueConstraint(name="quarterlyreport_once", fields=["unit", "year", "quarter"]),
            models.CheckConstraint(
                name="quarterlyreport_period_sound",
                condition=Q(year__gte=2000, year__lte=2199, quarter__gte=1, quarter__lte=4),
            ),
            models.CheckConstraint(
                name="quarterlyreport_filed_whole",
                condition=Q(filed_at=None, filed_by=None, figures=None)
                | Q(filed_at__isnull=False, filed_by__isnull=False, figures__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year} Q{self.quarter}"
