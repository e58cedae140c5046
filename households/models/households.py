"""Households, their place, and the unit that each belongs to."""

from __future__ import annotations

from typing import Self

from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import OpClass
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.models import Unit
from gis_grids.models.constraints import lonlat_is_sound
from gis_grids.models.sealed import DigestField, SealedTextField
from gis_grids.sealing import PHONE
from households.models.buildings import Dwelling
from households.models.counting import counts_households


class PlaceSource(models.TextChoices):
    """Where a household's place is known from."""

    SURVEY = "survey", pgettext_lazy("place source", "Survey")
    BUILDING = "building", pgettext_lazy("place source", "Building")
    GEOCODED = "geocoded", pgettext_lazy("place source", "Geocoded address")
    PHONE = "phone", pgettext_lazy("place source", "Phone position")
    MANUAL = "manual", pgettext_lazy("place source", "Set by hand")


class Tenure(models.TextChoices):
    """By which right a household lives in its dwelling."""

    OWNER = "owner", pgettext_lazy("tenure", "Owner")
    TENANT = "tenant", pgettext_lazy("tenure", "Tenant")
    OTHER = "other", pgettext_lazy("tenure", "Other")


class EndedWhy(models.TextChoices):
    """Why there is a household no longer."""

    MOVED_AWAY = "moved_away", pgettext_lazy("household ended", "Moved away")
    DIED = "died", pgettext_lazy("household ended", "Died")
    DEMOLISHED = "demolished", pgettext_lazy("household ended", "Building demolished")
    MERGED = "merged", pgettext_lazy("household ended", "Merged with another household")
    MISTAKE = "mistake", pgettext_lazy("household ended", "Was entered by mistake")


class HouseholdQuerySet(models.QuerySet["Household"]):
    """Households, asked for by whether they still are."""

    def current(self) -> Self:
        """Leave out those that have ended: they keep their history, and are on no list, map or count."""
        return self.filter(ended_on=None)


class Household(models.Model):
    """A household (户).

    Its place (lon/lat, EPSG:4326) comes with source, accuracy in metres and date, or is empty; then
    the household stands on the list of those without a place. ``householder``, ``phone`` and the
    party marks are personal data: masked by role, never on the wall, in tiles, logs or addresses.

    ``householder``, ``phone`` and ``size`` are what pages read: the services keep them in step with head and
    residents (`households.services.standing`). A household that has ended (``ended_on`` is the first day
    without it) was merged into another, or is over; one that was split off tells from which.
    """

    dwelling = models.ForeignKey(
        Dwelling,
        on_delete=models.PROTECT,
        related_name="households",
        null=True,
        blank=True,
        verbose_name=_("dwelling"),
    )
    householder = models.CharField(_("householder"), max_length=50, blank=True)
    phone = SealedTextField(_("phone"), max_length=20, blank=True)
    phone_digest = DigestField(of="phone", purpose=PHONE)
    address = models.CharField(_("address"), max_length=200, blank=True)
    size = models.PositiveSmallIntegerField(_("residents"), default=1)
    is_party_member_household = models.BooleanField(_("party-member household"), default=False)
    is_party_hub_household = models.BooleanField(_("party hub household"), default=False)
    is_party_contact_household = models.BooleanField(
        _("party contact household"), default=False, db_default=False
    )
    place = models.PointField(_("place"), srid=4326, null=True, blank=True)
    place_source = models.CharField(_("place from"), max_length=12, choices=PlaceSource.choices, blank=True)
    place_accuracy_m = models.FloatField(_("accuracy, m"), null=True, blank=True)
    placed_on = models.DateField(_("placed on"), null=True, blank=True)
    tenure = models.CharField(_("tenure"), max_length=6, choices=Tenure.choices, blank=True, db_default="")
    since = models.DateField(_("here since"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True, editable=False)
    ended_why = models.CharField(
        _("why it ended"), max_length=10, choices=EndedWhy.choices, blank=True, db_default="", editable=False
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="merged_from",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("merged into"),
    )
    split_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="split_into",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("split from"),
    )

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        permissions = (("see_persons", _("Can see names, telephone numbers and party marks")),)
        indexes = (
            # The index of places has these all over: finding that there are none means reading all of it.
            models.Index(name="household_unplaced", fields=["dwelling"], condition=Q(place=None)),
            models.Index(name="household_phone_digest", fields=["phone_digest"]),
            models.Index(name="household_by_address", fields=["address", "id"], condition=Q(ended_on=None)),
            models.Index(OpClass("householder", "varchar_pattern_ops"), name="household_by_householder"),
        )
        constraints = (
            models.CheckConstraint(
                name="household_place_sound", condition=Q(place=None) | lonlat_is_sound("place", max_points=1)
            ),
            models.CheckConstraint(
                name="household_place_has_source",
                condition=Q(place=None, place_source="")
                | Q(place__isnull=False, place_source__in=PlaceSource.values, placed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="household_accuracy_positive",
                condition=Q(place_accuracy_m=None) | Q(place_accuracy_m__gt=0, place_accuracy_m__lte=100_000),
            ),
            models.CheckConstraint(
                name="household_hub_is_member",
                condition=Q(is_party_hub_household=False) | Q(is_party_member_household=True),
            ),
            models.CheckConstraint(
                name="household_end_is_whole",
                condition=Q(ended_on=None, ended_why="", merged_into=None)
                | Q(ended_on__isnull=False, ended_why="merged", merged_into__isnull=False)
                | Q(
                    ended_on__isnull=False,
                    ended_why__in=["demolished", "died", "mistake", "moved_away"],
                    merged_into=None,
                ),
            ),
            models.CheckConstraint(
                name="household_ends_after_it_began",
                condition=Q(ended_on=None) | Q(since=None) | Q(ended_on__gte=F("since")),
            ),
            models.CheckConstraint(
                name="household_tenure_known", condition=Q(tenure__in=["", "other", "owner", "tenant"])
            ),
        )
        triggers = counts_households()

    def __str__(self) -> str:
        return f"{self.pk}"


class HouseholdUnit(models.Model):
    """Which unit a household belonged to, and when.

    Geometry proposes, this row decides: a resident group may be the floors of one tower, which no
    polygon can express. Exactly one open row per household: the database enforces it.
    """

    class Source(models.TextChoices):
        GEOMETRY = "geometry", pgettext_lazy("membership source", "Boundary")
        ENTRANCE = "entrance", pgettext_lazy("membership source", "Entrance or floors")
        MANUAL = "manual", pgettext_lazy("membership source", "Set by hand")

    household = models.ForeignKey(
        Household, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("household")
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="household_memberships", verbose_name=_("unit")
    )
    source = models.CharField(_("source"), max_length=12, choices=Source.choices)
    valid = DateTimeRangeField(_("valid"))

    class Meta:
        verbose_name = _("household's unit")
        verbose_name_plural = _("households' units")
        indexes = (
            models.Index(
                name="householdunit_open_by_unit", fields=["unit"], condition=Q(valid__upper_inf=True)
            ),
        )
        constraints = (
            ExclusionConstraint(
                name="householdunit_no_overlap",
                expressions=[("household", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
            models.UniqueConstraint(
                name="householdunit_one_open", fields=["household"], condition=Q(valid__upper_inf=True)
            ),
            models.CheckConstraint(name="householdunit_valid_not_empty", condition=Q(valid__isempty=False)),
        )

    def __str__(self) -> str:
        return f"{self.household_id} → {self.unit_id}"
