"""The ordered, gapless feed of what happened to incidents."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis_grids.models import Unit
from incidents.models.incidents import Incident
from incidents.models.labels import ACTION_LABELS
from incidents.workflow import Action, State


class FeedCounter(models.Model):
    """The one row that the feed's sequence is taken from.

    A transaction raises it as its last step and holds the row until it commits. So numbers become
    visible in their order, with no gap: a reader that has N has everything up to N. (A plain sequence is
    taken before the commit; a reader that asks for "greater than N" then loses what commits late.)
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    position = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("feed counter")
        verbose_name_plural = _("feed counter")
        constraints = (models.CheckConstraint(name="feedcounter_one_row", condition=Q(id=1)),)

    def __str__(self) -> str:
        return str(self.position)


class IncidentEvent(models.Model):
    """One thing that happened to an incident: append-only, numbered without gap.

    ``seq`` is the place in the feed. ``command_id`` is made by who asks for the action and is unique,
    so that an action sent twice is done once. ``unit`` is the incident's unit after the event. ``note`` is
    what was said (reason, result, feedback); ``details`` carries as what the actor acted ("as") and what
    else the action was told (assignee's id, date, master, cited item).
    """

    seq = models.PositiveBigIntegerField(_("sequence"), primary_key=True)
    incident = models.ForeignKey(
        Incident,
        on_delete=models.PROTECT,
        related_name="events",
        db_index=False,
        verbose_name=_("incident"),
    )
    incident_version = models.PositiveIntegerField(_("incident's version"))
    action = models.CharField(_("action"), max_length=20, choices=list(ACTION_LABELS.items()))
    from_state = models.CharField(_("from"), max_length=20, blank=True)
    to_state = models.CharField(_("to"), max_length=20)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("unit")
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        null=True,
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"))
    note = models.TextField(_("note"), blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)
    command_id = models.UUIDField(_("command id"), unique=True, null=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("seq",)
        indexes = (models.Index(name="incidentevent_by_time", fields=["at"]),)
        constraints = (
            models.UniqueConstraint(
                name="incidentevent_version_once", fields=["incident", "incident_version"]
            ),
            models.CheckConstraint(name="incidentevent_seq_positive", condition=Q(seq__gt=0)),
            models.CheckConstraint(name="incidentevent_state_known", condition=Q(to_state__in=sorted(State))),
            models.CheckConstraint(name="incidentevent_action_known", condition=Q(action__in=sorted(Action))),
        )
        triggers = (pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"
