"""Duty hours of a place (错时服务) and who is on duty when."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.models import Unit


class DayKind(models.TextChoices):
    """What a day is for the roster; make-up days (调休) are work days."""

    WORK = "work", pgettext_lazy("day", "Work day")
    REST = "rest", pgettext_lazy("day", "Rest day")
    HOLIDAY = "holiday", pgettext_lazy("day", "Public holiday")


class CalendarDay(models.Model):
    """A day that the published calendar doesn't know yet, or that is otherwise here: it goes before it."""

    date = models.DateField(_("date"), primary_key=True)
    kind = models.CharField(_("kind"), max_length=8, choices=DayKind.choices)
    note = models.CharField(_("note"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("day of the calendar")
        verbose_name_plural = _("days of the calendar")
        ordering = ("date",)

    def __str__(self) -> str:
        return f"{self.date} {self.kind}"


class Roster(models.Model):
    """The duty hours of a unit and all below it that has none of its own, for a range of days.

    Once published it counts for deadlines; a published roster is not changed, but followed by another.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="rosters", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=60)
    days = DateRangeField(_("days"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        null=True,
        blank=True,
        verbose_name=_("published by"),
    )

    class Meta:
        verbose_name = _("roster")
        verbose_name_plural = _("rosters")
        ordering = ("unit", "days")
        constraints = (
            ExclusionConstraint(
                name="roster_one_published",
                expressions=[("unit", RangeOperators.EQUAL), ("days", RangeOperators.OVERLAPS)],
                condition=Q(published_at__isnull=False),
            ),
            models.CheckConstraint(name="roster_days_not_empty", condition=Q(days__isempty=False)),
        )

    def __str__(self) -> str:
        return self.name


class Shift(models.Model):
    """Hours of duty on every day of a kind, in the district's zone; they end on the day they begin.

    ``ends`` 00:00 is midnight at the end of the day.
    """

    class Kind(models.TextChoices):
        """When it is (S0 §18: 早、中、晚错时)."""

        DAY = "day", pgettext_lazy("shift", "Day")
        MORNING = "morning", pgettext_lazy("shift", "Morning")
        NOON = "noon", pgettext_lazy("shift", "Noon")
        EVENING = "evening", pgettext_lazy("shift", "Evening")

    roster = models.ForeignKey(
        Roster, on_delete=models.CASCADE, related_name="shifts", verbose_name=_("roster")
    )
    day_kind = models.CharField(_("day"), max_length=8, choices=DayKind.choices)
    kind = models.CharField(_("shift"), max_length=8, choices=Kind.choices)
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering = ("roster", "day_kind", "starts")
        constraints = (
            models.CheckConstraint(
                name="shift_ends_after_start", condition=Q(ends="00:00") | Q(ends__gt=F("starts"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_day_kind_display()} {self.starts:%H:%M}–{self.ends:%H:%M}"


class Duty(models.Model):
    """Somebody's turn: a shift on a day. ``is_compensated`` when time off in lieu was given for it."""

    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="duties", verbose_name=_("shift"))
    date = models.DateField(_("date"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="duties", verbose_name=_("person")
    )
    is_compensated = models.BooleanField(_("time off given"), default=False)

    class Meta:
        verbose_name = _("turn of duty")
        verbose_name_plural = _("turns of duty")
        ordering = ("date", "shift__starts")
        constraints = (models.UniqueConstraint(name="duty_once", fields=["date", "shift", "person"]),)

    def __str__(self) -> str:
        return f"{self.date} {self.shift_id} {self.person_id}"
