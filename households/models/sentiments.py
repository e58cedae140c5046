"""Residents' views (社情民意): what people say in a place, as somebody heard it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GistIndex
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.models.constraints import lonlat_is_sound


class Topic(models.TextChoices):
    """What a view is about."""

    ENVIRONMENT = "environment", pgettext_lazy("topic", "Environment and cleanliness")
    SAFETY = "safety", pgettext_lazy("topic", "Safety")
    TRAFFIC = "traffic", pgettext_lazy("topic", "Traffic and parking")
    PROPERTY = "property", pgettext_lazy("topic", "Property management")
    FACILITIES = "facilities", pgettext_lazy("topic", "Public facilities")
    CARE = "care", pgettext_lazy("topic", "Care and help")
    NEIGHBOURS = "neighbours", pgettext_lazy("topic", "Neighbours")
    PROPOSAL = "proposal", pgettext_lazy("topic", "Proposal")
    OTHER = "other", pgettext_lazy("topic", "Something else")


class HeardFrom(models.TextChoices):
    """How a view was heard."""

    VISIT = "visit", pgettext_lazy("heard", "On a visit")
    COUNTER = "counter", pgettext_lazy("heard", "At the counter")
    MEETING = "meeting", pgettext_lazy("heard", "At a meeting")
    PHONE = "phone", pgettext_lazy("heard", "On the telephone")
    ONLINE = "online", pgettext_lazy("heard", "Online")


class PublicSentiment(models.Model):
    """A short note of what residents think or want, with its place (lon/lat, EPSG:4326).

    It is of nobody: who said it is not asked, and the note should name nobody. The id is made by the phone or
    the form, so that a note sent twice is stored once. ``at`` is when it was heard, never later than
    ``received_at``. An answer says what became of it.
    """

    id = models.UUIDField(primary_key=True)
    topic = models.CharField(_("topic"), max_length=12, choices=Topic.choices)
    text = models.TextField(_("what was said"), max_length=500)
    heard = models.CharField(_("heard"), max_length=8, choices=HeardFrom.choices)
    place = models.PointField(_("place"), srid=4326, spatial_index=False)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("noted by")
    )
    at = models.DateTimeField(_("at"))
    received_at = models.DateTimeField(_("received at"))
    answer = models.TextField(_("what became of it"), max_length=500, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("residents' view")
        verbose_name_plural = _("residents' views")
        ordering = ("-at", "pk")
        indexes = (
            GistIndex(name="publicsentiment_where", fields=["place"]),
            models.Index(name="publicsentiment_by_time", fields=["-at"]),
        )
        constraints = (
            models.CheckConstraint(name="publicsentiment_topic_known", condition=Q(topic__in=Topic.values)),
            models.CheckConstraint(
                name="publicsentiment_heard_known", condition=Q(heard__in=HeardFrom.values)
            ),
            models.CheckConstraint(name="publicsentiment_has_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="publicsentiment_not_in_future", condition=Q(at__lte=F("received_at"))
            ),
            models.CheckConstraint(
                name="publicsentiment_place_sound", condition=lonlat_is_sound("place", max_points=1)
            ),
            models.CheckConstraint(
                name="publicsentiment_answered_by_somebody",
                condition=Q(answer="", answered_by=None, answered_at=None)
                | Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(answer=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.topic} {self.at:%Y-%m-%d}"
