"""Norms: how large a unit should be, how much service it should have, and what it got to pay for it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.validators import MinValueValidator
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from gis_grids.levels import Level
from gis_grids.models.units import Unit
from gis_grids.norms import NormKind


class UnitNorm(models.Model):
    """How many households a unit of a level should have, in a district or (without scope) everywhere."""

    level = models.CharField(_("level"), max_length=16, choices=Level.choices)
    scope = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="norms", null=True, blank=True, verbose_name=_("scope")
    )
    households = models.PositiveIntegerField(_("households"))
    tolerance = models.FloatField(_("tolerance"), help_text=_("a share: 0.2 is ±20 %"))
    basis = models.CharField(_("basis"), max_length=200)
    is_compound = models.BooleanField(_("for residential compounds (小区)"), default=False)

    class Meta:
        verbose_name = _("norm")
        verbose_name_plural = _("norms")
        constraints = (
            models.UniqueConstraint(name="unitnorm_once", fields=["level", "scope"], nulls_distinct=False),
            models.CheckConstraint(
                name="unitnorm_plausible",
                condition=Q(households__gt=0, tolerance__gte=0, tolerance__lt=1),
            ),
        )

    def __str__(self) -> str:
        return f"{self.level} {self.households}"


class ServiceNorm(models.Model):
    """What a unit should have of something: at least, at most, or both; in a district or everywhere.

    ``basis`` is the document that says so. A norm that is set anew ends the one before: what held when is
    kept. Shares are from 0 to 1, areas m², money yuan a year.
    """

    kind = models.CharField(_("norm"), max_length=24, choices=NormKind.choices)
    scope = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        related_name="service_norms",
        null=True,
        blank=True,
        verbose_name=_("scope"),
    )
    least = models.FloatField(_("at least"), null=True, blank=True, validators=[MinValueValidator(0)])
    most = models.FloatField(_("at most"), null=True, blank=True, validators=[MinValueValidator(0)])
    basis = models.CharField(_("basis"), max_length=200)
    valid = DateTimeRangeField(_("valid"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("set by"),
    )

    class Meta:
        verbose_name = _("service norm")
        verbose_name_plural = _("service norms")
        constraints = (
            ExclusionConstraint(
                name="servicenorm_one_at_a_time",
                expressions=[
                    ("kind", RangeOperators.EQUAL),
                    (Coalesce("scope", Value(0, models.BigIntegerField())), RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(name="servicenorm_kind_known", condition=Q(kind__in=NormKind.values)),
            models.CheckConstraint(
                name="servicenorm_says_something",
                condition=Q(least__isnull=False, least__gte=0) | Q(most__isnull=False),
            ),
            models.CheckConstraint(
                name="servicenorm_in_order",
                condition=Q(most=None) | Q(most__gt=0) & (Q(least=None) | Q(most__gte=F("least"))),
            ),
            models.CheckConstraint(name="servicenorm_has_basis", condition=~Q(basis="")),
            models.CheckConstraint(name="servicenorm_valid_not_empty", condition=Q(valid__isempty=False)),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.least or ''}–{self.most or ''}"


class UnitFunds(models.Model):
    """What a unit got in a year, in yuan: for services, for its office, for the public benefit (公益).

    Entered anew it is overwritten: `noted_by` and `noted_at` say by whom and when.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="funds", verbose_name=_("unit"))
    year = models.PositiveSmallIntegerField(_("year"))
    service_yuan = models.DecimalField(_("service fund, yuan"), max_digits=12, decimal_places=2)
    office_yuan = models.DecimalField(_("office fund, yuan"), max_digits=12, decimal_places=2)
    benefit_yuan = models.DecimalField(_("public-benefit fund, yuan"), max_digits=12, decimal_places=2)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("noted by"),
    )
    noted_at = models.DateTimeField(_("noted at"), auto_now=True)

    class Meta:
        verbose_name = _("funds of a unit")
        verbose_name_plural = _("funds of units")
        ordering = ("-year", "unit")
        constraints = (
            models.UniqueConstraint(name="unitfunds_once_a_year", fields=["unit", "year"]),
            models.CheckConstraint(name="unitfunds_year_plausible", condition=Q(year__range=(2000, 2100))),
            models.CheckConstraint(
                name="unitfunds_not_negative",
                condition=Q(service_yuan__gte=0, office_yuan__gte=0, benefit_yuan__gte=0),
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year}"
