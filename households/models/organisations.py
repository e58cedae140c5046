"""Organisations of the neighbourhood (驻区单位), and what they open to everybody."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.models.constraints import lonlat_is_sound
from gis_grids.models.sealed import SealedTextField


class OrganisationKind(models.TextChoices):
    """What an organisation is."""

    AUTHORITY = "authority", pgettext_lazy("organisation", "Authority")
    INSTITUTION = "institution", pgettext_lazy("organisation", "Public institution")
    COMPANY = "company", pgettext_lazy("organisation", "Company")
    SHOP = "shop", pgettext_lazy("organisation", "Shop")
    PROPERTY = "property", pgettext_lazy("organisation", "Property management")
    SOCIAL = "social", pgettext_lazy("organisation", "Social organisation")
    OTHER = "other", pgettext_lazy("organisation", "Other organisation")


class OfferKind(models.TextChoices):
    """What is offered to the neighbourhood."""

    SPORTS = "sports", pgettext_lazy("offer", "Sports ground")
    HALL = "hall", pgettext_lazy("offer", "Hall or meeting room")
    CLASSROOM = "classroom", pgettext_lazy("offer", "Class-room or library")
    CANTEEN = "canteen", pgettext_lazy("offer", "Canteen")
    PARKING = "parking", pgettext_lazy("offer", "Parking")
    TOILET = "toilet", pgettext_lazy("offer", "Toilet")
    REST = "rest", pgettext_lazy("offer", "Rest stop")
    SERVICE = "service", pgettext_lazy("offer", "Service")
    OTHER = "other", pgettext_lazy("offer", "Other offer")


class Organisation(models.Model):
    """An organisation (单位) that is at a place (lon/lat, EPSG:4326) on the days of a range.

    Which unit it lies in, its place says: a redraw needs no word to it. The contact is a person, and
    personal data.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=OrganisationKind.choices)
    name = models.CharField(_("name"), max_length=100)
    address = models.CharField(_("address"), max_length=200, blank=True)
    place = models.PointField(_("place"), srid=4326, spatial_index=False)
    contact_name = models.CharField(_("contact person"), max_length=50, blank=True)
    contact_phone = SealedTextField(_("telephone of the contact"), max_length=40, blank=True)
    note = models.TextField(_("note"), max_length=500, blank=True)
    days = DateRangeField(_("days"))

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("name", "pk")
        indexes = (GistIndex(name="organisation_where", fields=["place"]),)
        constraints = (
            models.UniqueConstraint(
                name="organisation_once", fields=["name", "address"], condition=Q(days__upper_inf=True)
            ),
            models.CheckConstraint(
                name="organisation_place_sound", condition=lonlat_is_sound("place", max_points=1)
            ),
            models.CheckConstraint(
                name="organisation_kind_known", condition=Q(kind__in=OrganisationKind.values)
            ),
            models.CheckConstraint(name="organisation_has_name", condition=~Q(name="")),
            models.CheckConstraint(name="organisation_days_not_empty", condition=Q(days__isempty=False)),
        )

    def __str__(self) -> str:
        return self.name


class Offer(models.Model):
    """What an organisation opens to the neighbourhood: a room, a ground, a service, with its hours.

    ``opening`` is as in `gis_grids.opening`; ``terms`` say for whom, and how to book.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="offers", verbose_name=_("organisation")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=OfferKind.choices)
    title = models.CharField(_("what is offered"), max_length=100)
    opening = models.JSONField(_("opening times"), default=dict, blank=True)
    terms = models.CharField(_("for whom, and how"), max_length=200, blank=True)
    days = DateRangeField(_("days"))

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ("organisation", "kind", "pk")
        constraints = (
            models.CheckConstraint(name="offer_kind_known", condition=Q(kind__in=OfferKind.values)),
            models.CheckConstraint(name="offer_has_title", condition=~Q(title="")),
            models.CheckConstraint(name="offer_days_not_empty", condition=Q(days__isempty=False)),
        )

    def __str__(self) -> str:
        return self.title
