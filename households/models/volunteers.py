"""Volunteers (志愿者), their teams, and what they did and when (服务纪实). Nobody is ranked."""

from __future__ import annotations

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis_grids.models import Unit
from gis_grids.models.constraints import lonlat_is_sound
from gis_grids.models.sealed import SealedTextField
from households.models.residents import Resident


class VolunteerTeam(models.Model):
    """A team of volunteers that serves in a unit, on the days of a range."""

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="volunteer_teams", verbose_name=_("unit")
    )
    name = models.CharField(_("name"), max_length=100)
    purpose = models.CharField(_("what it does"), max_length=200, blank=True)
    days = DateRangeField(_("days"))

    class Meta:
        verbose_name = _("volunteer team")
        verbose_name_plural = _("volunteer teams")
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                name="volunteerteam_once", fields=["unit", "name"], condition=Q(days__upper_inf=True)
            ),
            models.CheckConstraint(name="volunteerteam_has_name", condition=~Q(name="")),
            models.CheckConstraint(name="volunteerteam_days_not_empty", condition=Q(days__isempty=False)),
        )

    def __str__(self) -> str:
        return self.name


class Volunteer(models.Model):
    """Somebody who serves of his own will, registered in a unit; ``resident`` where he is in the register.

    Name and telephone are personal data.
    """

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="volunteers", verbose_name=_("unit")
    )
    resident = models.ForeignKey(
        Resident,
        on_delete=models.SET_NULL,
        related_name="volunteering",
        null=True,
        blank=True,
        verbose_name=_("resident"),
    )
    name = models.CharField(_("name"), max_length=50)
    phone = SealedTextField(_("phone"), max_length=40, blank=True)
    skills = models.CharField(_("what he or she can do"), max_length=200, blank=True)
    days = DateRangeField(_("days"))

    class Meta:
        verbose_name = _("volunteer")
        verbose_name_plural = _("volunteers")
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                name="volunteer_resident_once", fields=["resident"], condition=Q(days__upper_inf=True)
            ),
            models.CheckConstraint(name="volunteer_days_not_empty", condition=Q(days__isempty=False)),
        )

    def __str__(self) -> str:
        return f"{self.pk}"


class TeamMember(models.Model):
    """A volunteer is of a team on the days of a range; one may be of several."""

    team = models.ForeignKey(
        VolunteerTeam, on_delete=models.PROTECT, related_name="members", verbose_name=_("team")
    )
    volunteer = models.ForeignKey(
        Volunteer, on_delete=models.CASCADE, related_name="teams", verbose_name=_("volunteer")
    )
    is_leader = models.BooleanField(_("leads the team"), default=False)
    days = DateRangeField(_("days"))

    class Meta:
        verbose_name = _("member of a team")
        verbose_name_plural = _("members of teams")
        constraints = (
            ExclusionConstraint(
                name="teammember_once",
                expressions=[
                    ("team", RangeOperators.EQUAL),
                    ("volunteer", RangeOperators.EQUAL),
                    ("days", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(name="teammember_days_not_empty", condition=Q(days__isempty=False)),
        )

    def __str__(self) -> str:
        return f"{self.team_id} {self.volunteer_id}"


class ServiceRecord(models.Model):
    """What a volunteer did on a day, for how many hours, and where (lon/lat), if that is worth noting.

    A record made in error is withdrawn, and counts no more.
    """

    volunteer = models.ForeignKey(
        Volunteer, on_delete=models.CASCADE, related_name="records", verbose_name=_("volunteer")
    )
    team = models.ForeignKey(
        VolunteerTeam,
        on_delete=models.PROTECT,
        related_name="records",
        null=True,
        blank=True,
        verbose_name=_("team"),
    )
    done_on = models.DateField(_("day"))
    hours = models.DecimalField(_("hours"), max_digits=4, decimal_places=1)
    what = models.CharField(_("what was done"), max_length=200)
    place = models.PointField(_("place"), srid=4326, null=True, blank=True, spatial_index=False)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("noted by")
    )
    noted_at = models.DateTimeField(_("noted at"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("service record")
        verbose_name_plural = _("service records")
        ordering = ("-done_on", "-pk")
        indexes = (models.Index(name="servicerecord_by_day", fields=["-done_on"]),)
        constraints = (
            models.CheckConstraint(
                name="servicerecord_hours_of_a_day", condition=Q(hours__gt=0, hours__lte=24)
            ),
            models.CheckConstraint(name="servicerecord_says_what", condition=~Q(what="")),
            models.CheckConstraint(
                name="servicerecord_place_sound",
                condition=Q(place=None) | lonlat_is_sound("place", max_points=1),
            ),
        )

    def __str__(self) -> str:
        return f"{self.volunteer_id} {self.done_on}"
