"""Visits (走访) to households, and the places that people gave them on the spot."""

from __future__ import annotations

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.models.constraints import lonlat_is_sound
from households.models.households import Household, PlaceSource


class Visit(models.Model):
    """Somebody called at a household. An evening is as good as a morning: nothing is scored or measured.

    The id is made by the phone, so that a visit sent twice is stored once. ``at`` is when it was by the
    phone, never later than ``received_at``. ``follow_up`` is the id of the report that came out of it, as the
    phone made it; the report may still be on its way, or never have been sent. ``note`` is personal data.
    """

    class Result(models.TextChoices):
        MET = "met", pgettext_lazy("visit", "All is well")
        NOT_AT_HOME = "not_at_home", pgettext_lazy("visit", "Nobody at home")
        TO_DO = "to_do", pgettext_lazy("visit", "Something to do")
        DECLINED = "declined", pgettext_lazy("visit", "Wants no visit")
        MOVED_AWAY = "moved_away", pgettext_lazy("visit", "Moved away")

    id = models.UUIDField(primary_key=True)
    household = models.ForeignKey(
        Household,
        on_delete=models.CASCADE,
        related_name="visits",
        db_index=False,
        verbose_name=_("household"),
    )
    visitor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="visits", verbose_name=_("visitor")
    )
    at = models.DateTimeField(_("at"))
    received_at = models.DateTimeField(_("received at"))
    result = models.CharField(_("result"), max_length=12, choices=Result.choices)
    note = models.TextField(_("note"), max_length=500, blank=True)
    place = models.PointField(_("place"), srid=4326, null=True, blank=True, spatial_index=False)
    accuracy_m = models.FloatField(_("accuracy, m"), null=True, blank=True)
    follow_up = models.UUIDField(_("report that came out of it"), null=True, blank=True, unique=True)

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ("-at",)
        indexes = (models.Index(name="visit_by_household", fields=["household", "-at"]),)
        constraints = (
            models.CheckConstraint(name="visit_not_in_future", condition=Q(at__lte=F("received_at"))),
            models.CheckConstraint(
                name="visit_place_sound", condition=Q(place=None) | lonlat_is_sound("place", max_points=1)
            ),
            models.CheckConstraint(
                name="visit_accuracy_of_place",
                condition=Q(accuracy_m=None) | Q(place__isnull=False, accuracy_m__range=(0, 100_000)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.household_id} {self.at:%Y-%m-%d}"


class PlaceChange(models.Model):
    """A place (lon/lat, EPSG:4326) that somebody gave a household, and what it had before.

    Of two that were set without a network the later one by ``at`` counts, whichever arrives first:
    ``was_used`` is false for the other, and for one that was taken back (``undone_at``).
    """

    id = models.UUIDField(primary_key=True)
    household = models.ForeignKey(
        Household,
        on_delete=models.CASCADE,
        related_name="place_changes",
        db_index=False,
        verbose_name=_("household"),
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("changed by")
    )
    at = models.DateTimeField(_("at"))
    received_at = models.DateTimeField(_("received at"))
    source = models.CharField(_("place from"), max_length=12, choices=PlaceSource.choices)
    place = models.PointField(_("place"), srid=4326, spatial_index=False)
    accuracy_m = models.FloatField(_("accuracy, m"), null=True, blank=True)
    was_used = models.BooleanField(_("used"), default=True)
    place_before = models.PointField(_("place before"), srid=4326, null=True, blank=True, spatial_index=False)
    source_before = models.CharField(
        _("place before from"), max_length=12, choices=PlaceSource.choices, blank=True
    )
    accuracy_before_m = models.FloatField(_("accuracy before, m"), null=True, blank=True)
    placed_on_before = models.DateField(_("placed before on"), null=True, blank=True)
    undone_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("taken back by"),
    )

    class Meta:
        verbose_name = _("change of a household's place")
        verbose_name_plural = _("changes of households' places")
        ordering = ("-at",)
        indexes = (models.Index(name="placechange_by_household", fields=["household", "-at"]),)
        constraints = (
            models.CheckConstraint(name="placechange_not_in_future", condition=Q(at__lte=F("received_at"))),
            models.CheckConstraint(
                name="placechange_place_sound", condition=lonlat_is_sound("place", max_points=1)
            ),
            models.CheckConstraint(
                name="placechange_accuracy_positive",
                condition=Q(accuracy_m=None) | Q(accuracy_m__gt=0, accuracy_m__lte=100_000),
            ),
            models.CheckConstraint(
                name="placechange_before_has_source",
                condition=Q(place_before=None, source_before="")
                | Q(place_before__isnull=False, source_before__in=PlaceSource.values),
            ),
            models.CheckConstraint(
                name="placechange_undone_is_unused", condition=Q(undone_at=None) | Q(was_used=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.household_id} {self.at:%Y-%m-%d}"
