"""What the office or the centre announces to those below, and who has read it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gis_grids.models import Unit


class Announcement(models.Model):
    """A text for all who hold a post in the subtree of a unit; it counts from ``sent_at`` to ``until``."""

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

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ("-sent_at", "-pk")
        constraints = (
            models.CheckConstraint(name="announcement_says_something", condition=~Q(text="")),
            models.CheckConstraint(name="announcement_ends_later", condition=Q(until__gt=F("sent_at"))),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} {self.sent_at:%Y-%m-%d %H:%M}"


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
