"""The second floor in Django's admin.

To be looked at only: cases change through the workflow alone, the catalogue in the office, where a change
becomes a new version.
"""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin import ModelAdmin, TabularInline
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob

from gis_grids.admin import LookAtMap, LookOnly
from incidents.models import (
    Announcement,
    AnnouncementReading,
    Incident,
    IncidentCycle,
    IncidentEvent,
    Matter,
    QuarterlyReport,
)

# The page of jobs is drawn with inline styles, which the site's policy refuses.
admin.site.unregister(ProcrastinateJob)


@admin.register(Matter)
class MatterAdmin(LookOnly, ModelAdmin):
    """The catalogue, in all its versions."""

    list_display = ("code", "version", "name_zh", "name_en", "matter_class", "bearer", "is_current")
    list_filter = ("is_current", "matter_class", "bearer", "is_errand")
    search_fields = ("code", "name_zh", "name_en")


class _ShownInline(TabularInline):
    """What belongs to a case, to be looked at."""

    extra = 0
    max_num = 0
    can_delete = False


class CycleInline(_ShownInline):
    """The case's clocks."""

    model = IncidentCycle
    fields = ("number", "opened_at", "first_feedback_at", "first_handling_at", "resolved_at", "closed_at")
    readonly_fields = fields


class EventInline(_ShownInline):
    """The case's history."""

    model = IncidentEvent
    fields = ("seq", "at", "action", "from_state", "to_state", "actor", "note")
    readonly_fields = fields


@admin.register(Incident)
class IncidentAdmin(LookAtMap):
    """Cases, with their clocks and their history."""

    list_display = ("case_number", "matter", "state", "unit", "received_at", "outside_m")
    list_filter = ("state", "matter", "received_at")
    list_select_related = ("matter", "unit")
    search_fields = ("report_id", "unit__code")
    ordering = ("-received_at",)
    readonly_fields = (
        "case_number",
        "version",
        "matter",
        "text",
        "state",
        "state_since",
        "unit",
        "outside_m",
        "accuracy_m",
        "position_source",
        "device_place",
        "device_accuracy_m",
        "device_datum",
        "reporter",
        "assignee",
        "scheduled_for",
        "merged_into",
        "observed_at",
        "clock_skew_s",
        "received_at",
    )
    fields = (*readonly_fields, "place")
    inlines = (CycleInline, EventInline)

    @admin.display(description=_("number"), ordering="received_at")
    def case_number(self, incident: Incident) -> str:
        """Return the number of the case."""
        return incident.number


@admin.register(IncidentEvent)
class IncidentEventAdmin(LookOnly, ModelAdmin):
    """The feed."""

    list_display = ("seq", "at", "incident_number", "action", "to_state", "actor")
    list_filter = ("action", "to_state", "at")
    list_select_related = ("incident", "actor")
    ordering = ("-seq",)

    @admin.display(description=_("incident"))
    def incident_number(self, event: IncidentEvent) -> str:
        """Return the number of the event's case."""
        return event.incident.number


class ReadingInline(_ShownInline):
    """Who has read it."""

    model = AnnouncementReading
    fields = ("reader", "at")
    readonly_fields = fields


@admin.register(Announcement)
class AnnouncementAdmin(LookOnly, ModelAdmin):
    """What was announced to whom; it is sent in the office."""

    list_display = ("sent_at", "unit", "sent_by", "until")
    list_select_related = ("unit", "sent_by")
    search_fields = ("text", "unit__code")
    inlines = (ReadingInline,)


@admin.register(QuarterlyReport)
class QuarterlyReportAdmin(LookOnly, ModelAdmin):
    """Quarterly reports, drafts and filed ones."""

    list_display = ("unit", "year", "quarter", "written_at", "filed_at")
    list_filter = ("year", "quarter")
    list_select_related = ("unit",)
