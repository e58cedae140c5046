"""What the office or the centre announces to those below, and who has read it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gis_grids.models import Post, Unit
from gis_grids.models.constraints import lonlat_is_sound
from incidents.models.emergencies import Emergency


class Announcement(models.Model):
    """A text for all who hold a post in the subtree of a unit; it counts from ``sent_at`` to ``until``.

    With an ``area`` (lon/lat, EPSG:4326), a drawn part of the unit's ground, it is for its addressees alone:
    the workers who were responsible there when it was sent. In an ``emergency`` it is an order. ``call_id``
    is made by who sends it, so that what is sent twice is stored once.
    """

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="announcements", verbose_name=_("unit")
    )
    text = models.TextField(_("text"), max_length=500)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("sent by"),
    )
    sent_at = models.DateTimeField(_("sent at"), db_index=True)
    until = models.DateTimeField(_("until"))
    area = models.MultiPolygonField(_("area"), srid=4326, null=True, blank=True, spatial_index=False)
    emergency = models.ForeignKey(
        Emergency,
        on_delete=models.PROTECT,
        related_name="orders",
        null=True,
        blank=True,
        verbose_name=_("emergency"),
    )
    call_id = models.UUIDField(_("id of the call"), unique=True, null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ("-sent_at", "-pk")
        constraints = (
            models.CheckConstraint(name="announcement_says_something", condition=~Q(text="")),
            models.CheckConstraint(name="announcement_ends_later", condition=Q(until__gt=F("sent_at"))),
            models.CheckConstraint(
                name="announcement_area_sound", condition=Q(area=None) | lonlat_is_sound("area")
            ),
            models.CheckConstraint(
                name="announcement_order_has_area", condition=Q(emergency=None) | Q(area__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} {self.sent_at:%Y-%m-%d %H:%M}"


class Addressee(models.Model):
    """A worker to whom an announcement for an area is addressed, and by which post: fixed when it is sent."""

    announcement = models.ForeignKey(
        Announcement, on_delete=models.CASCADE, related_name="addressees", verbose_name=_("announcement")
    )
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", verbose_name=_("post"))
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("holder")
    )

    class Meta:
        verbose_name = _("addressee")
        verbose_name_plural = _("addressees")
        constraints = (models.UniqueConstraint(name="addressee_once", fields=["announcement", "post"]),)

    def __str__(self) -> str:
        return f"{self.announcement_id} {self.post_id}"


class AnnouncementReading(models.Model):
    """That somebody has read an announcement, and when, by his phone's clock."""

    announcement = models.ForeignKey(
        Announcement, on_delete=models.CASCADE, related_name="readings", verbose_name=_("announcement")
    )
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("reader")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("reading of an announcement")
        verbose_name_plural = _("readings of announcements")
        ordering = ("at", "pk")
        constraints = (
            models.UniqueConstraint(name="announcementreading_once", fields=["announcement", "reader"]),
        )

    def __str__(self) -> str:
        return f"{self.announcement_id} {self.reader_id}"
