"""A case's runs through its clocks, and what was escalated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis_grids.levels import Level
from gis_grids.models import Unit
from incidents.models.incidents import Incident
from incidents.models.labels import CLOCK_LABELS
from incidents.models.matters import TimeLimit
from incidents.workflow import Clock

if TYPE_CHECKING:
    from datetime import datetime


class IncidentCycle(models.Model):
    """One run of an incident through its clocks; the first from the report, a further one each reopening.

    Each clock is written once (incidents.md 1.1): the trigger refuses a second time. Deadlines are stored
    when the cycle opens, by the ``rule`` as it then was, and never recomputed for the past; they move only
    by an event that says so: an extension, the end of a pause, another matter or priority. ``…_warn_at`` is
    when 80 % of the time is over. ``paused_since`` is set while the case waits for others (incidents.md
    1.4). ``next_check_at`` is when the next step of escalation falls due, None when none can.
    The three first times of S2 are those of cycle 1: collection (``Incident.received_at`` −
    ``observed_at``), feedback and handling (− ``received_at``).
    """

    incident = models.ForeignKey(
        Incident,
        on_delete=models.PROTECT,
        related_name="cycles",
        db_index=False,
        verbose_name=_("incident"),
    )
    number = models.PositiveSmallIntegerField(_("number"))
    rule = models.ForeignKey(
        TimeLimit, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("rule")
    )
    opened_at = models.DateTimeField(_("opened at"))
    feedback_warn_at = models.DateTimeField(_("feedback nearly due"))
    feedback_due_at = models.DateTimeField(_("feedback due"))
    handling_warn_at = models.DateTimeField(_("handling nearly due"))
    handling_due_at = models.DateTimeField(_("handling due"))
    resolve_warn_at = models.DateTimeField(_("resolution nearly due"))
    resolve_due_at = models.DateTimeField(_("resolution due"))
    paused_since = models.DateTimeField(_("clocks stand still since"), null=True, blank=True)
    next_check_at = models.DateTimeField(_("next step of escalation"), null=True, blank=True)
    extension_asked = models.DateField(_("extension asked for until"), null=True, blank=True)
    first_feedback_at = models.DateTimeField(_("first feedback at"), null=True, blank=True)
    first_handling_at = models.DateTimeField(_("first handling at"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("cycle")
        verbose_name_plural = _("cycles")
        indexes = (
            models.Index(
                name="incidentcycle_next_check",
                fields=["next_check_at"],
                condition=Q(next_check_at__isnull=False),
            ),
            models.Index(name="incidentcycle_by_end", fields=["closed_at"]),
        )
        constraints = (
            models.UniqueConstraint(name="incidentcycle_number_once", fields=["incident", "number"]),
        )
        triggers = (
            pgtrigger.Protect(name="cycle_kept", operation=pgtrigger.Delete),
            *(
                pgtrigger.Protect(
                    name=f"{clock}_once",
                    operation=pgtrigger.Update,
                    condition=pgtrigger.Q(**{f"old__{clock}__isnull": False})
                    & pgtrigger.Q(**{f"old__{clock}__df": pgtrigger.F(f"new__{clock}")}),
                )
                for clock in Clock
            ),
        )

    def __str__(self) -> str:
        return f"{self.incident_id}/{self.number}"

    def clocks(self) -> dict[Clock, datetime | None]:
        """Return when each clock was stopped, None where it runs."""
        return {clock: getattr(self, clock.value) for clock in Clock}


class Escalation(models.Model):
    """A step that was taken because a clock ran on: once for each case, cycle, clock and step.

    ``step`` is the per cent of the time that was over: 80 warns the assignee, 100 and 200 go up one level
    each, 300 goes to the street (incidents.md 1.4). ``unit`` is the unit whose people then have to answer,
    ``told`` the ids of the users who were told (empty posts are passed over, upward). ``due_at`` is when
    the step fell due, ``at`` when it was taken: later, if nothing ran in between.
    """

    class Step(models.IntegerChoices):
        """Per cent of the time."""

        WARNING = 80, _("80 %: the assignee is warned")
        LATE = 100, _("100 %: one level up")
        VERY_LATE = 200, _("200 %: one more level up")
        STREET = 300, _("300 %: the street")

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="escalations", db_index=False
    )
    cycle = models.PositiveSmallIntegerField(_("cycle"))
    clock = models.CharField(_("clock"), max_length=20, choices=list(CLOCK_LABELS.items()))
    step = models.PositiveSmallIntegerField(_("step"), choices=Step.choices)
    level = models.CharField(_("level"), max_length=16, choices=Level.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    told = ArrayField(models.BigIntegerField(), verbose_name=_("told"), default=list)
    due_at = models.DateTimeField(_("due at"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ("at", "pk")
        constraints = (
            models.UniqueConstraint(name="escalation_once", fields=["incident", "cycle", "clock", "step"]),
        )
        triggers = (pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.incident_id}/{self.cycle} {self.clock} {self.step} %"
