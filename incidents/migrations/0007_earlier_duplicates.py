"""Who reported a case that was merged before the true merge follows the master as the others do."""

from django.db import migrations

FOLLOW = """
INSERT INTO incidents_coreporter (incident_id, user_id, origin_id)
SELECT merged_into_id, reporter_id, id
FROM incidents_incident
WHERE state = 'duplicate'
ON CONFLICT (incident_id, origin_id) DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0006_matter_withdrawn")]

    operations = [migrations.RunSQL(FOLLOW, migrations.RunSQL.noop)]
