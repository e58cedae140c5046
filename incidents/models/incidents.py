"""Incidents and their cycles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GistIndex
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.levels import Level
from gis_grids.models import Unit, UnitVersion
from gis_grids.models.constraints import lonlat_is_sound
from households.models import Household
from incidents.models.labels import PRIORITY_LABELS, STATE_LABELS
from incidents.models.matters import Matter
from incidents.workflow import ENDED, Priority, State

if TYPE_CHECKING:
    from datetime import datetime


class PositionSource(models.TextChoices):
    """Where the position of a report comes from."""

    DEVICE = "device", pgettext_lazy("position source", "Device")
    PIN = "pin", pgettext_lazy("position source", "Pin moved by hand")
    MAP = "map", pgettext_lazy("position source", "Tapped on the map")
    UNIT = "unit", pgettext_lazy("position source", "Somewhere in the grid")


class Datum(models.TextChoices):
    """The datum that a device speaks in. Browsers give WGS 84, whatever a country's maps are drawn in."""

    WGS84 = "wgs84", "WGS 84"


def case_number(incident_id: int, received_at: datetime) -> str:
    """Return the number people use for a case, for example 20261121-000042.

    The day of reception in the district's zone, and the serial.
    """
    return f"{timezone.localtime(received_at, timezone.get_default_timezone()):%Y%m%d}-{incident_id:06d}"


class Incident(models.Model):
    """An incident (事件), from the first report on.

    ``report_id`` is made by the phone (UUIDv7) and is unique: a report sent twice is stored once.
    ``reporter`` None is a resident without account, who follows it by a signed link (`selectors.follow`).
    ``digest`` is the SHA-256 of what was reported, so that the same id with other content is refused.
    ``unit`` is the smallest unit responsible today; ``reported_version`` stays with the boundary of the
    time of the report. ``outside_m`` is the distance in metres to the nearest unit when the place lies
    in none. ``version`` grows by one with every change. ``place`` is lon/lat (EPSG:4326).
    ``device_place`` is where the phone thought to be while its holder set the pin elsewhere; ``device_datum``
    says in which datum it did, and is empty without such a point.
    ``cycle`` is the number of the cycle it runs in; clocks and deadlines are there. ``escalated_to`` is the
    level that has to answer for it by now, empty while nothing was late. ``parent`` is the case that it is a
    part of (depth 1), ``follows`` one that ended before it. ``household`` is whom an errand is for.
    """

    report_id = models.UUIDField(_("report id"), unique=True)
    digest = models.BinaryField(_("digest"), max_length=32)
    matter = models.ForeignKey(
        Matter, on_delete=models.PROTECT, related_name="incidents", verbose_name=_("matter")
    )
    text = models.TextField(_("text"), max_length=2000, blank=True)
    place = models.PointField(_("place"), srid=4326, spatial_index=False)
    accuracy_m = models.FloatField(_("accuracy, m"), null=True, blank=True)
    position_source = models.CharField(_("position from"), max_length=8, choices=PositionSource.choices)
    device_place = models.PointField(
        _("place of the device"), srid=4326, null=True, blank=True, spatial_index=False
    )
    device_accuracy_m = models.FloatField(_("accuracy of the device, m"), null=True, blank=True)
    device_datum = models.CharField(
        _("datum of the device"), max_length=8, choices=Datum.choices, blank=True, default=""
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="incidents", verbose_name=_("unit"))
    reported_version = models.ForeignKey(
        UnitVersion,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("boundary when reported"),
    )
    outside_m = models.FloatField(_("metres outside"), null=True, blank=True)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="reports",
        db_index=False,
        null=True,
        verbose_name=_("reporter"),
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="cases",
        null=True,
        blank=True,
        verbose_name=_("assignee"),
    )
    state = models.CharField(
        _("state"), max_length=20, choices=list(STATE_LABELS.items()), default=State.REPORTED
    )
    state_since = models.DateTimeField(_("in this state since"))
    state_before = models.CharField(max_length=20, blank=True, default="")
    priority = models.CharField(
        _("priority"), max_length=8, choices=list(PRIORITY_LABELS.items()), default=Priority.NORMAL
    )
    escalated_to = models.CharField(
        _("escalated to"), max_length=16, choices=Level.choices, blank=True, default=""
    )
    scheduled_for = models.DateField(_("scheduled for"), null=True, blank=True)
    held_until = models.DateField(_("on hold until"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="duplicates",
        null=True,
        blank=True,
        verbose_name=_("merged into"),
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="children",
        null=True,
        blank=True,
        verbose_name=_("part of"),
    )
    follows = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="followers",
        null=True,
        blank=True,
        verbose_name=_("follows"),
    )
    household = models.ForeignKey(
        Household,
        on_delete=models.PROTECT,
        related_name="incidents",
        null=True,
        blank=True,
        verbose_name=_("household"),
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    observed_at = models.DateTimeField(_("observed at"))
    device_sent_at = models.DateTimeField(_("sent by the device at"), null=True, blank=True)
    clock_skew_s = models.FloatField(_("clock skew, s"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"))
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=1)

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        indexes = (
            GistIndex(name="incident_where", fields=["place"]),
            models.Index(
                name="incident_open_by_unit", fields=["unit"], condition=~Q(state__in=sorted(ENDED))
            ),
            models.Index(name="incident_by_received", fields=["received_at"]),
            models.Index(name="incident_by_reporter", fields=["reporter", "-received_at"]),
        )
        constraints = (
            models.CheckConstraint(
                name="incident_place_sound", condition=lonlat_is_sound("place", max_points=1)
            ),
            models.CheckConstraint(name="incident_state_known", condition=Q(state__in=sorted(State))),
            models.CheckConstraint(
                name="incident_accuracy_positive",
                condition=Q(accuracy_m=None) | Q(accuracy_m__gte=0, accuracy_m__lte=1_000_000),
            ),
            models.CheckConstraint(
                name="incident_device_place_whole",
                condition=Q(device_place=None, device_accuracy_m=None, device_datum="")
                | (
                    lonlat_is_sound("device_place", max_points=1)
                    & Q(
                        device_accuracy_m__gte=0,
                        device_accuracy_m__lte=1_000_000,
                        device_datum__in=Datum.values,
                    )
                ),
            ),
            models.CheckConstraint(
                name="incident_scheduled_has_date",
                condition=~Q(state=State.SCHEDULED) | Q(scheduled_for__isnull=False),
            ),
            models.CheckConstraint(
                name="incident_duplicate_has_master",
                condition=Q(state=State.DUPLICATE, merged_into__isnull=False)
                | (~Q(state=State.DUPLICATE) & Q(merged_into=None)),
            ),
            models.CheckConstraint(
                name="incident_held_has_date",
                condition=~Q(state=State.ON_HOLD) | Q(held_until__isnull=False),
            ),
            models.CheckConstraint(
                name="incident_priority_known", condition=Q(priority__in=sorted(Priority))
            ),
            models.CheckConstraint(
                name="incident_not_own_parent", condition=Q(parent=None) | ~Q(parent=F("id"))
            ),
            models.CheckConstraint(
                name="incident_not_own_master", condition=Q(merged_into=None) | ~Q(merged_into=F("id"))
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number people use for the case: see `case_number`."""
        return case_number(self.pk, self.received_at)
