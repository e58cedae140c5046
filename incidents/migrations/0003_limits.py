"""The limits of the catalogue move to a table of their own; cycles name their rule and when it is near."""

from django.db import migrations

LIMITS = """
INSERT INTO incidents_timelimit (
    matter_id, priority, mode, feedback_minutes, handling_minutes, resolve_minutes, calendar
)
SELECT
    matter.id, priority.name, mode.name,
    greatest(1, matter.feedback_minutes / (priority.hurry * mode.haste)),
    greatest(1, matter.handling_minutes / (priority.hurry * mode.haste)),
    greatest(1, matter.resolve_minutes / (priority.hurry * mode.haste)),
    'always'
FROM incidents_matter matter
CROSS JOIN (VALUES ('normal', 1), ('urgent', 2), ('critical', 4)) AS priority (name, hurry)
CROSS JOIN (VALUES ('normal', 1), ('emergency', 2)) AS mode (name, haste)
"""

# What is open from before is escalated from its next due moment on, at once where that has passed; who waits
# for others, from when he goes on.
CYCLES = """
UPDATE incidents_incidentcycle cycle
SET rule_id = rule.id,
    feedback_warn_at = opened_at + (feedback_due_at - opened_at) * 0.8,
    handling_warn_at = opened_at + (handling_due_at - opened_at) * 0.8,
    resolve_warn_at = opened_at + (resolve_due_at - opened_at) * 0.8,
    paused_since = CASE
        WHEN incident.cycle = cycle.number AND incident.state IN ('need_info', 'admission_review')
        THEN incident.state_since
    END,
    next_check_at = CASE
        WHEN incident.cycle = cycle.number
        AND incident.state NOT IN (
            'closed', 'rejected', 'cancelled', 'duplicate', 'need_info', 'admission_review'
        )
        THEN least(
            CASE WHEN first_feedback_at IS NULL THEN opened_at + (feedback_due_at - opened_at) * 0.8 END,
            CASE WHEN first_handling_at IS NULL THEN opened_at + (handling_due_at - opened_at) * 0.8 END,
            CASE WHEN resolved_at IS NULL THEN opened_at + (resolve_due_at - opened_at) * 0.8 END
        )
    END
FROM incidents_incident incident
JOIN incidents_timelimit rule
    ON rule.matter_id = incident.matter_id AND rule.priority = 'normal' AND rule.mode = 'normal'
WHERE incident.id = cycle.incident_id
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0002_whole_workflow")]

    operations = [
        migrations.RunSQL(LIMITS, migrations.RunSQL.noop),
        migrations.RunSQL(CYCLES, migrations.RunSQL.noop),
    ]
