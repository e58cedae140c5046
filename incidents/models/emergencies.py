"""Emergencies: where and when a place is run in emergency mode, and what was done in them."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.models import Unit
from gis_grids.models.constraints import lonlat_is_sound
from incidents.models.rulebook import changes_rulebook


class Emergency(models.Model):
    """A time in which a place is run in emergency mode (S3), declared and ended by people.

    The place is the subtree of the unit, or a drawn ``area`` of its ground (lon/lat, EPSG:4326).
    ``call_id`` is made by who declares it, so that what is sent twice is declared once.
    """

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="emergencies", verbose_name=_("unit")
    )
    reason = models.TextField(_("reason"), max_length=500)
    term = DateTimeRangeField(_("term"))
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("declared by"),
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        null=True,
        blank=True,
        verbose_name=_("ended by"),
    )

    area = models.MultiPolygonField(_("area"), srid=4326, null=True, blank=True, spatial_index=False)
    call_id = models.UUIDField(_("id of the call"), unique=True, null=True, blank=True, editable=False)

    class Meta:
        triggers = (changes_rulebook(),)
        verbose_name = _("emergency")
        verbose_name_plural = _("emergencies")
        constraints = (
            ExclusionConstraint(
                name="emergency_once",
                expressions=[("unit", RangeOperators.EQUAL), ("term", RangeOperators.OVERLAPS)],
                condition=Q(area=None),
            ),
            models.CheckConstraint(
                name="emergency_area_sound", condition=Q(area=None) | lonlat_is_sound("area")
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} {self.term}"


class EmergencyEntry(models.Model):
    """What was done in an emergency, when and by whom: append-only, for the report and for auditors.

    ``details`` hold numbers and ids, no personal data.
    """

    class Deed(models.TextChoices):
        DECLARED = "declared", pgettext_lazy("emergency", "Declared")
        ORDERED = "ordered", pgettext_lazy("emergency", "Order sent")
        ENDED = "ended", pgettext_lazy("emergency", "Ended")

    emergency = models.ForeignKey(
        Emergency, on_delete=models.PROTECT, related_name="entries", verbose_name=_("emergency")
    )
    deed = models.CharField(_("deed"), max_length=10, choices=Deed.choices)
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    details = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        verbose_name = _("entry of an emergency's log")
        verbose_name_plural = _("entries of emergencies' logs")
        ordering = ("at", "pk")
        constraints = (
            models.CheckConstraint(
                name="emergencyentry_deed_known", condition=Q(deed__in=["declared", "ended", "ordered"])
            ),
        )
        triggers = (pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.emergency_id} {self.deed}"
