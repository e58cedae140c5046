"""Matters, cases, their rules, announcements and reports, as 0001 to 0016 leave them in a new database."""

import django.contrib.gis.db.models.fields
import django.contrib.gis.db.models.functions
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.lookups
import django.utils.timezone
import gis_grids.models.constraints
import gis_grids.models.sealed
import incidents.workflow
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from gis_grids.migrations._together import CreateTogether

BEGIN = "INSERT INTO incidents_rulebookversion VALUES (1, gen_random_uuid()) ON CONFLICT DO NOTHING"


class Migration(migrations.Migration):

    replaces = [
        ('incidents', '0001_initial'),
        ('incidents', '0002_whole_workflow'),
        ('incidents', '0003_limits'),
        ('incidents', '0004_limits_moved'),
        ('incidents', '0005_merges_told'),
        ('incidents', '0006_matter_withdrawn'),
        ('incidents', '0007_earlier_duplicates'),
        ('incidents', '0008_rulebook'),
        ('incidents', '0009_device_place'),
        ('incidents', '0010_residents'),
        ('incidents', '0011_announcements'),
        ('incidents', '0012_areas'),
        ('incidents', '0013_by_time'),
        ('incidents', '0014_quarterly_reports'),
        ('incidents', '0015_sealed_contacts'),
        ('incidents', '0016_access_in_one_place'),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('gis_grids', '0002_initial_squashed_0012_retention'),
        ('households', '0001_initial_squashed_0015_unit_changes'),
    ]

    operations = [
        CreateTogether(
            operations=[
                migrations.CreateModel(
                    name='FeedCounter',
                    fields=[
                        ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                        ('position', models.PositiveBigIntegerField(default=0)),
                    ],
                    options={
                        'verbose_name': 'feed counter',
                        'verbose_name_plural': 'feed counter',
                        'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='feedcounter_one_row')],
                    },
                ),
                migrations.CreateModel(
                    name='Matter',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(max_length=32, verbose_name='code')),
                        ('version', models.PositiveSmallIntegerField(default=1, verbose_name='version')),
                        ('is_current', models.BooleanField(default=True, verbose_name='current')),
                        ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                        ('name_zh', models.CharField(max_length=50, verbose_name='name (Chinese)')),
                        ('name_en', models.CharField(max_length=80, verbose_name='name (English)')),
                        ('matter_class', models.CharField(choices=[('must', 'Must'), ('assist', 'Assist'), ('extend', 'Extend'), ('special', 'Special'), ('refuse', 'Refuse')], max_length=8, verbose_name='class')),
                        ('bearer', models.CharField(choices=[('department', 'Department'), ('community', 'Community'), ('department_guides', 'Department guides'), ('community_assists', 'Community assists')], max_length=20, verbose_name='bearer')),
                        ('icon', models.SlugField(max_length=32, verbose_name='icon')),
                        ('colour', models.CharField(default='#888888', max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-f]{6}$')], verbose_name='colour')),
                        ('is_errand', models.BooleanField(default=False, verbose_name='errand')),
                        ('changed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='changed at')),
                        ('changed_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
                        ('errand_steps', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, size=None, verbose_name='steps of the errand')),
                        ('is_automatic', models.BooleanField(default=False, verbose_name='assigned automatically')),
                        ('is_private', models.BooleanField(default=False, verbose_name='private')),
                        ('legal_basis', models.TextField(blank=True, default='', max_length=1000, verbose_name='legal basis')),
                        ('nearby_hours', models.PositiveIntegerField(default=72, verbose_name='perhaps the same within, hours')),
                        ('nearby_m', models.PositiveIntegerField(default=100, verbose_name='perhaps the same within, metres')),
                        ('needs_photo', models.BooleanField(default=False, verbose_name='result needs a photo')),
                        ('route', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('grid_leader', 'Grid leader'), ('grid_worker', 'Grid worker'), ('area_head', 'Area head'), ('compound_steward', 'Compound steward'), ('building_steward', 'Building steward'), ('entrance_steward', 'Entrance steward'), ('lane_butler', 'Lane butler'), ('resident_group_leader', 'Resident group leader'), ('command_operator', 'Command-centre operator'), ('planner', 'Planner'), ('office_clerk', 'Office clerk'), ('auditor', 'Auditor')], max_length=24), blank=True, default=list, size=None, verbose_name='default route')),
                        ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                        ('withdrawn_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='withdrawn by')),
                        ('is_for_residents', models.BooleanField(default=False, verbose_name='residents can report it')),
                    ],
                    options={
                        'verbose_name': 'matter',
                        'verbose_name_plural': 'matters',
                        'ordering': ('order', 'code'),
                        'constraints': [models.UniqueConstraint(fields=('code', 'version'), name='matter_version_once'), models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('code',), name='matter_one_current'), models.CheckConstraint(condition=models.Q(('colour__regex', '^#[0-9a-f]{6}$')), name='matter_colour_hex'), models.CheckConstraint(condition=models.Q(('withdrawn_at', None), ('is_current', False), _connector='OR'), name='matter_withdrawn_is_not_current'), models.CheckConstraint(condition=models.Q(('is_for_residents', False), ('is_errand', False), _connector='OR'), name='matter_for_residents_is_no_errand')],
                    },
                ),
                migrations.CreateModel(
                    name='Incident',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('report_id', models.UUIDField(unique=True, verbose_name='report id')),
                        ('digest', models.BinaryField(max_length=32, verbose_name='digest')),
                        ('text', models.TextField(blank=True, max_length=2000, verbose_name='text')),
                        ('place', django.contrib.gis.db.models.fields.PointField(spatial_index=False, srid=4326, verbose_name='place')),
                        ('accuracy_m', models.FloatField(blank=True, null=True, verbose_name='accuracy, m')),
                        ('position_source', models.CharField(choices=[('device', 'Device'), ('pin', 'Pin moved by hand'), ('map', 'Tapped on the map'), ('unit', 'Somewhere in the grid')], max_length=8, verbose_name='position from')),
                        ('outside_m', models.FloatField(blank=True, null=True, verbose_name='metres outside')),
                        ('state', models.CharField(choices=[(incidents.workflow.State['REPORTED'], 'Reported'), (incidents.workflow.State['ACCEPTED'], 'Accepted'), (incidents.workflow.State['ASSIGNED'], 'Assigned'), (incidents.workflow.State['SCHEDULED'], 'Scheduled'), (incidents.workflow.State['IN_PROGRESS'], 'In progress'), (incidents.workflow.State['NEED_INFO'], 'Waiting for information'), (incidents.workflow.State['EXTERNAL'], 'Transferred'), (incidents.workflow.State['ADMISSION_REVIEW'], 'Admission review'), (incidents.workflow.State['DISTRICT_REVIEW'], 'District review'), (incidents.workflow.State['ON_HOLD'], 'On hold'), (incidents.workflow.State['RESOLVED'], 'Resolved'), (incidents.workflow.State['CLOSED'], 'Closed'), (incidents.workflow.State['REJECTED'], 'Declined'), (incidents.workflow.State['CANCELLED'], 'Cancelled'), (incidents.workflow.State['VOID'], 'Void'), (incidents.workflow.State['DUPLICATE'], 'Duplicate'), (incidents.workflow.State['REOPENED'], 'Reopened')], default=incidents.workflow.State['REPORTED'], max_length=20, verbose_name='state')),
                        ('state_since', models.DateTimeField(verbose_name='in this state since')),
                        ('state_before', models.CharField(blank=True, default='', max_length=20)),
                        ('scheduled_for', models.DateField(blank=True, null=True, verbose_name='scheduled for')),
                        ('version', models.PositiveIntegerField(default=1, verbose_name='version')),
                        ('observed_at', models.DateTimeField(verbose_name='observed at')),
                        ('device_sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent by the device at')),
                        ('clock_skew_s', models.FloatField(blank=True, null=True, verbose_name='clock skew, s')),
                        ('received_at', models.DateTimeField(verbose_name='received at')),
                        ('cycle', models.PositiveSmallIntegerField(default=1, verbose_name='cycle')),
                        ('assignee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to=settings.AUTH_USER_MODEL, verbose_name='assignee')),
                        ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='duplicates', to='incidents.incident', verbose_name='merged into')),
                        ('reported_version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='gis_grids.unitversion', verbose_name='boundary when reported')),
                        ('reporter', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to=settings.AUTH_USER_MODEL, verbose_name='reporter')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='gis_grids.unit', verbose_name='unit')),
                        ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='incidents.matter', verbose_name='matter')),
                        ('escalated_to', models.CharField(blank=True, choices=[('city', 'City'), ('district', 'District'), ('street', 'Street'), ('community', 'Community'), ('area', "Residents' area"), ('building_group', 'Building group'), ('resident_group', 'Resident group')], default='', max_length=16, verbose_name='escalated to')),
                        ('follows', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followers', to='incidents.incident', verbose_name='follows')),
                        ('held_until', models.DateField(blank=True, null=True, verbose_name='on hold until')),
                        ('household', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='households.household', verbose_name='household')),
                        ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='incidents.incident', verbose_name='part of')),
                        ('priority', models.CharField(choices=[(incidents.workflow.Priority['NORMAL'], 'Normal'), (incidents.workflow.Priority['URGENT'], 'Urgent'), (incidents.workflow.Priority['CRITICAL'], 'Critical')], default=incidents.workflow.Priority['NORMAL'], max_length=8, verbose_name='priority')),
                        ('device_accuracy_m', models.FloatField(blank=True, null=True, verbose_name='accuracy of the device, m')),
                        ('device_datum', models.CharField(blank=True, choices=[('wgs84', 'WGS 84')], default='', max_length=8, verbose_name='datum of the device')),
                        ('device_place', django.contrib.gis.db.models.fields.PointField(blank=True, null=True, spatial_index=False, srid=4326, verbose_name='place of the device')),
                    ],
                    options={
                        'verbose_name': 'incident',
                        'verbose_name_plural': 'incidents',
                        'indexes': [django.contrib.postgres.indexes.GistIndex(fields=['place'], name='incident_where'), models.Index(fields=['received_at'], name='incident_by_received'), models.Index(fields=['reporter', '-received_at'], name='incident_by_reporter'), models.Index(condition=models.Q(('state__in', [incidents.workflow.State['CANCELLED'], incidents.workflow.State['CLOSED'], incidents.workflow.State['DUPLICATE'], incidents.workflow.State['REJECTED'], incidents.workflow.State['VOID']]), _negated=True), fields=['unit'], name='incident_open_by_unit')],
                        'constraints': [models.CheckConstraint(condition=models.Q(django.db.models.lookups.Exact(django.contrib.gis.db.models.functions.IsValid('place'), models.Value(value=True)), django.db.models.lookups.Exact(django.contrib.gis.db.models.functions.IsEmpty('place'), models.Value(value=False)), django.db.models.lookups.LessThanOrEqual(django.contrib.gis.db.models.functions.NumPoints('place'), models.Value(1)), django.db.models.lookups.GreaterThanOrEqual(gis_grids.models.constraints._Bound('place', function='ST_XMin'), models.Value(-180.0)), django.db.models.lookups.LessThanOrEqual(gis_grids.models.constraints._Bound('place', function='ST_XMax'), models.Value(180.0)), django.db.models.lookups.GreaterThanOrEqual(gis_grids.models.constraints._Bound('place', function='ST_YMin'), models.Value(-90.0)), django.db.models.lookups.LessThanOrEqual(gis_grids.models.constraints._Bound('place', function='ST_YMax'), models.Value(90.0))), name='incident_place_sound'), models.CheckConstraint(condition=models.Q(('accuracy_m', None), models.Q(('accuracy_m__gte', 0), ('accuracy_m__lte', 1000000)), _connector='OR'), name='incident_accuracy_positive'), models.CheckConstraint(condition=models.Q(models.Q(('state', incidents.workflow.State['SCHEDULED']), _negated=True), ('scheduled_for__isnull', False), _connector='OR'), name='incident_scheduled_has_date'), models.CheckConstraint(condition=models.Q(models.Q(('merged_into__isnull', False), ('state', incidents.workflow.State['DUPLICATE'])), models.Q(models.Q(('state', incidents.workflow.State['DUPLICATE']), _negated=True), ('merged_into', None)), _connector='OR'), name='incident_duplicate_has_master'), models.CheckConstraint(condition=models.Q(('merged_into', None), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='incident_not_own_master'), models.CheckConstraint(condition=models.Q(('state__in', [incidents.workflow.State['ACCEPTED'], incidents.workflow.State['ADMISSION_REVIEW'], incidents.workflow.State['ASSIGNED'], incidents.workflow.State['CANCELLED'], incidents.workflow.State['CLOSED'], incidents.workflow.State['DISTRICT_REVIEW'], incidents.workflow.State['DUPLICATE'], incidents.workflow.State['EXTERNAL'], incidents.workflow.State['IN_PROGRESS'], incidents.workflow.State['NEED_INFO'], incidents.workflow.State['ON_HOLD'], incidents.workflow.State['REJECTED'], incidents.workflow.State['REOPENED'], incidents.workflow.State['REPORTED'], incidents.workflow.State['RESOLVED'], incidents.workflow.State['SCHEDULED'], incidents.workflow.State['VOID']])), name='incident_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', incidents.workflow.State['ON_HOLD']), _negated=True), ('held_until__isnull', False), _connector='OR'), name='incident_held_has_date'), models.CheckConstraint(condition=models.Q(('priority__in', [incidents.workflow.Priority['CRITICAL'], incidents.workflow.Priority['NORMAL'], incidents.workflow.Priority['URGENT']])), name='incident_priority_known'), models.CheckConstraint(condition=models.Q(('parent', None), models.Q(('parent', models.F('id')), _negated=True), _connector='OR'), name='incident_not_own_parent'), models.CheckConstraint(condition=models.Q(models.Q(('device_accuracy_m', None), ('device_datum', ''), ('device_place', None)), models.Q(django.db.models.lookups.Exact(django.contrib.gis.db.models.functions.IsValid('device_place'), models.Value(value=True)), django.db.models.lookups.Exact(django.contrib.gis.db.models.functions.IsEmpty('device_place'), models.Value(value=False)), django.db.models.lookups.LessThanOrEqual(django.contrib.gis.db.models.functions.NumPoints('device_place'), models.Value(1)), django.db.models.lookups.GreaterThanOrEqual(gis_grids.models.constraints._Bound('device_place', function='ST_XMin'), models.Value(-180.0)), django.db.models.lookups.LessThanOrEqual(gis_grids.models.constraints._Bound('device_place', function='ST_XMax'), models.Value(180.0)), django.db.models.lookups.GreaterThanOrEqual(gis_grids.models.constraints._Bound('device_place', function='ST_YMin'), models.Value(-90.0)), django.db.models.lookups.LessThanOrEqual(gis_grids.models.constraints._Bound('device_place', function='ST_YMax'), models.Value(90.0)), ('device_accuracy_m__gte', 0), ('device_accuracy_m__lte', 1000000), ('device_datum__in', ['wgs84'])), _connector='OR'), name='incident_device_place_whole')],
                    },
                ),
                migrations.CreateModel(
                    name='IncidentEvent',
                    fields=[
                        ('seq', models.PositiveBigIntegerField(primary_key=True, serialize=False, verbose_name='sequence')),
                        ('incident_version', models.PositiveIntegerField(verbose_name="incident's version")),
                        ('action', models.CharField(choices=[(incidents.workflow.Action['REPORT'], 'Report'), (incidents.workflow.Action['ACCEPT'], 'Accept'), (incidents.workflow.Action['ASSIGN'], 'Assign'), (incidents.workflow.Action['TAKE'], 'Start handling'), (incidents.workflow.Action['SEND_BACK'], 'Send back'), (incidents.workflow.Action['SCHEDULE'], 'Schedule'), (incidents.workflow.Action['ASK'], 'Ask for information'), (incidents.workflow.Action['ANSWER'], 'Answer'), (incidents.workflow.Action['TRANSFER'], 'Transfer'), (incidents.workflow.Action['TAKE_BACK'], 'Take back'), (incidents.workflow.Action['REVIEW'], 'Submit for admission review'), (incidents.workflow.Action['ADMIT'], 'Admit and assign'), (incidents.workflow.Action['REJECT'], 'Decline'), (incidents.workflow.Action['SELF_HANDLE'], 'Handled on the spot'), (incidents.workflow.Action['RESOLVE'], 'Resolve'), (incidents.workflow.Action['CLOSE'], 'Close'), (incidents.workflow.Action['CANCEL'], 'Cancel'), (incidents.workflow.Action['MERGE'], 'Merge as duplicate'), (incidents.workflow.Action['UNMERGE'], 'Separate from the other case'), (incidents.workflow.Action['REOPEN'], 'Reopen'), (incidents.workflow.Action['HAND_OVER'], 'Hand over'), (incidents.workflow.Action['RECALL'], 'Recall'), (incidents.workflow.Action['VOID'], 'Void'), (incidents.workflow.Action['HOLD'], 'Put on hold'), (incidents.workflow.Action['RESUME'], 'Go on'), (incidents.workflow.Action['REQUEST_EXTENSION'], 'Ask for an extension'), (incidents.workflow.Action['EXTEND'], 'Extend the time limit'), (incidents.workflow.Action['REFUSE_EXTENSION'], 'Refuse the extension'), (incidents.workflow.Action['SPLIT'], 'Split'), (incidents.workflow.Action['RECATEGORISE'], 'Change the matter'), (incidents.workflow.Action['PRIORITISE'], 'Change the priority'), (incidents.workflow.Action['MOVE'], 'Move to another grid'), (incidents.workflow.Action['REFER_UP'], 'Refer to the district leader'), (incidents.workflow.Action['BLACKLIST'], 'Put on the negative list'), (incidents.workflow.Action['COMPLETE_STEP'], 'Complete a step'), (incidents.workflow.Action['REQUEST_REOPEN'], 'Ask for reopening'), (incidents.workflow.Action['FOLLOW_UP'], 'Report anew, linked'), (incidents.workflow.Action['RATE'], 'Rate'), (incidents.workflow.Action['REMIND'], 'Remind'), (incidents.workflow.Action['ADD_NOTE'], 'Internal note'), (incidents.workflow.Action['ATTACH'], 'Add a file'), (incidents.workflow.Action['ESCALATE'], 'Escalate'), (incidents.workflow.Action['GIVE_FEEDBACK'], 'Give feedback'), (incidents.workflow.Action['ABSORB'], 'Duplicate merged into this case'), (incidents.workflow.Action['RELEASE'], 'Duplicate separated from this case')], max_length=20, verbose_name='action')),
                        ('from_state', models.CharField(blank=True, max_length=20, verbose_name='from')),
                        ('to_state', models.CharField(max_length=20, verbose_name='to')),
                        ('at', models.DateTimeField(verbose_name='at')),
                        ('note', models.TextField(blank=True, verbose_name='note')),
                        ('details', models.JSONField(blank=True, default=dict, verbose_name='details')),
                        ('command_id', models.UUIDField(null=True, unique=True, verbose_name='command id')),
                        ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                        ('incident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='incidents.incident', verbose_name='incident')),
                        ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='gis_grids.unit', verbose_name='unit')),
                    ],
                    options={
                        'verbose_name': 'event',
                        'verbose_name_plural': 'events',
                        'ordering': ('seq',),
                        'indexes': [models.Index(fields=['at'], name='incidentevent_by_time')],
                        'constraints': [models.UniqueConstraint(fields=('incident', 'incident_version'), name='incidentevent_version_once'), models.CheckConstraint(condition=models.Q(('seq__gt', 0)), name='incidentevent_seq_positive'), models.CheckConstraint(condition=models.Q(('to_state__in', [incidents.workflow.State['ACCEPTED'], incidents.workflow.State['ADMISSION_REVIEW'], incidents.workflow.State['ASSIGNED'], incidents.workflow.State['CANCELLED'], incidents.workflow.State['CLOSED'], incidents.workflow.State['DISTRICT_REVIEW'], incidents.workflow.State['DUPLICATE'], incidents.workflow.State['EXTERNAL'], incidents.workflow.State['IN_PROGRESS'], incidents.workflow.State['NEED_INFO'], incidents.workflow.State['ON_HOLD'], incidents.workflow.State['REJECTED'], incidents.workflow.State['REOPENED'], incidents.workflow.State['REPORTED'], incidents.workflow.State['RESOLVED'], incidents.workflow.State['SCHEDULED'], incidents.workflow.State['VOID']])), name='incidentevent_state_known'), models.CheckConstraint(condition=models.Q(('action__in', [incidents.workflow.Action['ABSORB'], incidents.workflow.Action['ACCEPT'], incidents.workflow.Action['ADD_NOTE'], incidents.workflow.Action['ADMIT'], incidents.workflow.Action['ANSWER'], incidents.workflow.Action['ASK'], incidents.workflow.Action['ASSIGN'], incidents.workflow.Action['ATTACH'], incidents.workflow.Action['BLACKLIST'], incidents.workflow.Action['CANCEL'], incidents.workflow.Action['CLOSE'], incidents.workflow.Action['COMPLETE_STEP'], incidents.workflow.Action['ESCALATE'], incidents.workflow.Action['EXTEND'], incidents.workflow.Action['FOLLOW_UP'], incidents.workflow.Action['GIVE_FEEDBACK'], incidents.workflow.Action['HAND_OVER'], incidents.workflow.Action['HOLD'], incidents.workflow.Action['MERGE'], incidents.workflow.Action['MOVE'], incidents.workflow.Action['PRIORITISE'], incidents.workflow.Action['RATE'], incidents.workflow.Action['RECALL'], incidents.workflow.Action['RECATEGORISE'], incidents.workflow.Action['REFER_UP'], incidents.workflow.Action['REFUSE_EXTENSION'], incidents.workflow.Action['REJECT'], incidents.workflow.Action['RELEASE'], incidents.workflow.Action['REMIND'], incidents.workflow.Action['REOPEN'], incidents.workflow.Action['REPORT'], incidents.workflow.Action['REQUEST_EXTENSION'], incidents.workflow.Action['REQUEST_REOPEN'], incidents.workflow.Action['RESOLVE'], incidents.workflow.Action['RESUME'], incidents.workflow.Action['REVIEW'], incidents.workflow.Action['SCHEDULE'], incidents.workflow.Action['SELF_HANDLE'], incidents.workflow.Action['SEND_BACK'], incidents.workflow.Action['SPLIT'], incidents.workflow.Action['TAKE'], incidents.workflow.Action['TAKE_BACK'], incidents.workflow.Action['TRANSFER'], incidents.workflow.Action['UNMERGE'], incidents.workflow.Action['VOID']])), name='incidentevent_action_known')],
                    },
                ),
                migrations.CreateModel(
                    name='Attachment',
                    fields=[
                        ('id', models.UUIDField(primary_key=True, serialize=False)),
                        ('purpose', models.CharField(choices=[('report', 'What was reported'), ('result', 'What was done')], max_length=8, verbose_name='purpose')),
                        ('name', models.CharField(max_length=120, verbose_name='name')),
                        ('media_type', models.CharField(max_length=40, verbose_name='type')),
                        ('size', models.PositiveBigIntegerField(verbose_name='size, bytes')),
                        ('sha256', models.BinaryField(max_length=32)),
                        ('received', models.PositiveBigIntegerField(default=0, verbose_name='received, bytes')),
                        ('declared_at', models.DateTimeField(verbose_name='declared at')),
                        ('completed_at', models.DateTimeField(blank=True, null=True, verbose_name='complete at')),
                        ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='incidents.incident', verbose_name='incident')),
                        ('origin', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.incident')),
                        ('sender', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sender')),
                    ],
                    options={
                        'verbose_name': 'attachment',
                        'verbose_name_plural': 'attachments',
                        'ordering': ('declared_at', 'pk'),
                        'constraints': [models.CheckConstraint(condition=models.Q(('received__lte', models.F('size')), ('size__gt', 0)), name='attachment_received_fits'), models.CheckConstraint(condition=models.Q(('completed_at', None), ('received', models.F('size')), _connector='OR'), name='attachment_complete_is_whole')],
                    },
                ),
                migrations.CreateModel(
                    name='CalendarDay',
                    fields=[
                        ('date', models.DateField(primary_key=True, serialize=False, verbose_name='date')),
                        ('kind', models.CharField(choices=[('work', 'Work day'), ('rest', 'Rest day'), ('holiday', 'Public holiday')], max_length=8, verbose_name='kind')),
                        ('note', models.CharField(blank=True, max_length=100, verbose_name='note')),
                    ],
                    options={
                        'verbose_name': 'day of the calendar',
                        'verbose_name_plural': 'days of the calendar',
                        'ordering': ('date',),
                    },
                ),
                migrations.CreateModel(
                    name='CoReporter',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='co_reporters', to='incidents.incident')),
                        ('origin', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.incident')),
                        ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'co-reporter',
                        'verbose_name_plural': 'co-reporters',
                        'constraints': [models.UniqueConstraint(fields=('incident', 'origin'), name='coreporter_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Emergency',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.TextField(max_length=500, verbose_name='reason')),
                        ('term', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='term')),
                        ('declared_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='declared by')),
                        ('ended_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='emergencies', to='gis_grids.unit', verbose_name='unit')),
                        ('area', django.contrib.gis.db.models.fields.MultiPolygonField(blank=True, null=True, spatial_index=False, srid=4326, verbose_name='area')),
                        ('call_id', models.UUIDField(blank=True, editable=False, null=True, unique=True, verbose_name='id of the call')),
                    ],
                    options={
                        'verbose_name': 'emergency',
                        'verbose_name_plural': 'emergencies',
                        'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('area', None)), expressions=[('unit', '='), ('term', '&&')], name='emergency_once'), models.CheckConstraint(condition=models.Q(('area', None), models.Q(django.db.models.lookups.Exact(django.contrib.gis.db.models.functions.IsValid('area'), models.Value(value=True)), django.db.models.lookups.Exact(django.contrib.gis.db.models.functions.IsEmpty('area'), models.Value(value=False)), django.db.models.lookups.LessThanOrEqual(django.contrib.gis.db.models.functions.NumPoints('area'), models.Value(20000)), django.db.models.lookups.GreaterThanOrEqual(gis_grids.models.constraints._Bound('area', function='ST_XMin'), models.Value(-180.0)), django.db.models.lookups.LessThanOrEqual(gis_grids.models.constraints._Bound('area', function='ST_XMax'), models.Value(180.0)), django.db.models.lookups.GreaterThanOrEqual(gis_grids.models.constraints._Bound('area', function='ST_YMin'), models.Value(-90.0)), django.db.models.lookups.LessThanOrEqual(gis_grids.models.constraints._Bound('area', function='ST_YMax'), models.Value(90.0))), _connector='OR'), name='emergency_area_sound')],
                    },
                ),
                migrations.CreateModel(
                    name='ErrandStep',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                        ('title', models.CharField(max_length=80, verbose_name='title')),
                        ('due_on', models.DateField(blank=True, null=True, verbose_name='due on')),
                        ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='done at')),
                        ('done_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='done by')),
                        ('incident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='incidents.incident', verbose_name='incident')),
                    ],
                    options={
                        'verbose_name': 'step of an errand',
                        'verbose_name_plural': 'steps of errands',
                        'ordering': ('incident', 'number'),
                        'constraints': [models.UniqueConstraint(fields=('incident', 'number'), name='errandstep_number_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Escalation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('cycle', models.PositiveSmallIntegerField(verbose_name='cycle')),
                        ('clock', models.CharField(choices=[(incidents.workflow.Clock['FEEDBACK'], 'First feedback'), (incidents.workflow.Clock['HANDLING'], 'First handling'), (incidents.workflow.Clock['RESOLVED'], 'Resolution'), (incidents.workflow.Clock['CLOSED'], 'Close')], max_length=20, verbose_name='clock')),
                        ('step', models.PositiveSmallIntegerField(choices=[(80, '80 %: the assignee is warned'), (100, '100 %: one level up'), (200, '200 %: one more level up'), (300, '300 %: the street')], verbose_name='step')),
                        ('level', models.CharField(choices=[('city', 'City'), ('district', 'District'), ('street', 'Street'), ('community', 'Community'), ('area', "Residents' area"), ('building_group', 'Building group'), ('resident_group', 'Resident group')], max_length=16, verbose_name='level')),
                        ('told', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None, verbose_name='told')),
                        ('due_at', models.DateTimeField(verbose_name='due at')),
                        ('at', models.DateTimeField(verbose_name='at')),
                        ('incident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='escalations', to='incidents.incident')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='gis_grids.unit', verbose_name='unit')),
                    ],
                    options={
                        'verbose_name': 'escalation',
                        'verbose_name_plural': 'escalations',
                        'ordering': ('at', 'pk'),
                        'constraints': [models.UniqueConstraint(fields=('incident', 'cycle', 'clock', 'step'), name='escalation_once')],
                    },
                ),
                migrations.CreateModel(
                    name='MatterGrant',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('matter_code', models.SlugField(max_length=32, verbose_name='matter')),
                        ('term', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='term')),
                        ('granted_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='granted by')),
                        ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='matter_grants', to=settings.AUTH_USER_MODEL, verbose_name='holder')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='gis_grids.unit', verbose_name='unit')),
                    ],
                    options={
                        'verbose_name': 'grant for a private matter',
                        'verbose_name_plural': 'grants for private matters',
                        'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('matter_code', '='), ('unit', '='), ('holder', '='), ('term', '&&')], name='mattergrant_once')],
                    },
                ),
                migrations.CreateModel(
                    name='MessageTemplate',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('matter_code', models.SlugField(blank=True, default='', max_length=32, verbose_name='matter')),
                        ('state', models.CharField(choices=[(incidents.workflow.State['REPORTED'], 'Reported'), (incidents.workflow.State['ACCEPTED'], 'Accepted'), (incidents.workflow.State['ASSIGNED'], 'Assigned'), (incidents.workflow.State['SCHEDULED'], 'Scheduled'), (incidents.workflow.State['IN_PROGRESS'], 'In progress'), (incidents.workflow.State['NEED_INFO'], 'Waiting for information'), (incidents.workflow.State['EXTERNAL'], 'Transferred'), (incidents.workflow.State['ADMISSION_REVIEW'], 'Admission review'), (incidents.workflow.State['DISTRICT_REVIEW'], 'District review'), (incidents.workflow.State['ON_HOLD'], 'On hold'), (incidents.workflow.State['RESOLVED'], 'Resolved'), (incidents.workflow.State['CLOSED'], 'Closed'), (incidents.workflow.State['REJECTED'], 'Declined'), (incidents.workflow.State['CANCELLED'], 'Cancelled'), (incidents.workflow.State['VOID'], 'Void'), (incidents.workflow.State['DUPLICATE'], 'Duplicate'), (incidents.workflow.State['REOPENED'], 'Reopened')], max_length=20, verbose_name='state')),
                        ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                        ('text_zh', models.TextField(max_length=500, verbose_name='text (Chinese)')),
                        ('text_en', models.TextField(blank=True, max_length=500, verbose_name='text (English)')),
                    ],
                    options={
                        'verbose_name': 'message template',
                        'verbose_name_plural': 'message templates',
                        'ordering': ('state', 'order', 'pk'),
                    },
                ),
                migrations.CreateModel(
                    name='NegativeItem',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=20, unique=True, verbose_name='number')),
                        ('title', models.CharField(max_length=100, verbose_name='title')),
                        ('matter_code', models.SlugField(blank=True, default='', max_length=32, verbose_name='matter')),
                        ('keywords', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=20, verbose_name='keywords')),
                        ('reason', models.TextField(blank=True, max_length=2000, verbose_name='reason')),
                        ('decided_at', models.DateTimeField(verbose_name='decided at')),
                        ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                        ('decided_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                        ('incident', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.incident', verbose_name='incident')),
                    ],
                    options={
                        'verbose_name': 'item of the negative list',
                        'verbose_name_plural': 'negative list',
                        'ordering': ('number',),
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('matter_code', ''), _negated=True), ('keywords__len__gt', 0), _connector='OR'), name='negativeitem_concerns_something')],
                    },
                ),
                migrations.CreateModel(
                    name='Rating',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('cycle', models.PositiveSmallIntegerField(verbose_name='cycle')),
                        ('score', models.PositiveSmallIntegerField(verbose_name='score')),
                        ('comment', models.TextField(blank=True, max_length=500, verbose_name='comment')),
                        ('at', models.DateTimeField(verbose_name='at')),
                        ('incident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='incidents.incident', verbose_name='incident')),
                    ],
                    options={
                        'verbose_name': 'rating',
                        'verbose_name_plural': 'ratings',
                        'constraints': [models.UniqueConstraint(fields=('incident', 'cycle'), name='rating_once'), models.CheckConstraint(condition=models.Q(('score__gte', 1), ('score__lte', 5)), name='rating_score_in_range')],
                    },
                ),
                migrations.CreateModel(
                    name='Roster',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=60, verbose_name='name')),
                        ('days', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='days')),
                        ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published at')),
                        ('published_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='published by')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rosters', to='gis_grids.unit', verbose_name='unit')),
                    ],
                    options={
                        'verbose_name': 'roster',
                        'verbose_name_plural': 'rosters',
                        'ordering': ('unit', 'days'),
                        'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('published_at__isnull', False)), expressions=[('unit', '='), ('days', '&&')], name='roster_one_published'), models.CheckConstraint(condition=models.Q(('days__isempty', False)), name='roster_days_not_empty')],
                    },
                ),
                migrations.CreateModel(
                    name='RoutingRule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('matter_code', models.SlugField(blank=True, default='', max_length=32, verbose_name='matter')),
                        ('posts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('grid_leader', 'Grid leader'), ('grid_worker', 'Grid worker'), ('area_head', 'Area head'), ('compound_steward', 'Compound steward'), ('building_steward', 'Building steward'), ('entrance_steward', 'Entrance steward'), ('lane_butler', 'Lane butler'), ('resident_group_leader', 'Resident group leader'), ('command_operator', 'Command-centre operator'), ('planner', 'Planner'), ('office_clerk', 'Office clerk'), ('auditor', 'Auditor')], max_length=24), size=8, verbose_name='posts')),
                        ('is_automatic', models.BooleanField(default=False, verbose_name='assigned automatically')),
                        ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='gis_grids.unit', verbose_name='unit')),
                    ],
                    options={
                        'verbose_name': 'route',
                        'verbose_name_plural': 'routes',
                        'constraints': [models.UniqueConstraint(fields=('matter_code', 'unit'), name='routingrule_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('posts__len__gt', 0)), name='routingrule_has_posts')],
                    },
                ),
                migrations.CreateModel(
                    name='SavedView',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=40, verbose_name='name')),
                        ('query', models.CharField(max_length=500, verbose_name='query')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                    ],
                    options={
                        'verbose_name': 'saved view',
                        'verbose_name_plural': 'saved views',
                        'ordering': ('name',),
                        'constraints': [models.UniqueConstraint(fields=('owner', 'name'), name='savedview_name_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Shift',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('day_kind', models.CharField(choices=[('work', 'Work day'), ('rest', 'Rest day'), ('holiday', 'Public holiday')], max_length=8, verbose_name='day')),
                        ('kind', models.CharField(choices=[('day', 'Day'), ('morning', 'Morning'), ('noon', 'Noon'), ('evening', 'Evening')], max_length=8, verbose_name='shift')),
                        ('starts', models.TimeField(verbose_name='from')),
                        ('ends', models.TimeField(verbose_name='to')),
                        ('roster', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shifts', to='incidents.roster', verbose_name='roster')),
                    ],
                    options={
                        'verbose_name': 'shift',
                        'verbose_name_plural': 'shifts',
                        'ordering': ('roster', 'day_kind', 'starts'),
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends', '00:00'), ('ends__gt', models.F('starts')), _connector='OR'), name='shift_ends_after_start')],
                    },
                ),
                migrations.CreateModel(
                    name='Duty',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('date', models.DateField(verbose_name='date')),
                        ('is_compensated', models.BooleanField(default=False, verbose_name='time off given')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duties', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                        ('shift', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duties', to='incidents.shift', verbose_name='shift')),
                    ],
                    options={
                        'verbose_name': 'turn of duty',
                        'verbose_name_plural': 'turns of duty',
                        'ordering': ('date', 'shift__starts'),
                        'constraints': [models.UniqueConstraint(fields=('date', 'shift', 'person'), name='duty_once')],
                    },
                ),
                migrations.CreateModel(
                    name='TimeLimit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('priority', models.CharField(choices=[(incidents.workflow.Priority['NORMAL'], 'Normal'), (incidents.workflow.Priority['URGENT'], 'Urgent'), (incidents.workflow.Priority['CRITICAL'], 'Critical')], max_length=8, verbose_name='priority')),
                        ('mode', models.CharField(choices=[('normal', 'Normal'), ('emergency', 'Emergency')], max_length=9, verbose_name='mode')),
                        ('feedback_minutes', models.PositiveIntegerField(verbose_name='first feedback within, minutes')),
                        ('handling_minutes', models.PositiveIntegerField(verbose_name='first handling within, minutes')),
                        ('resolve_minutes', models.PositiveIntegerField(verbose_name='resolved within, minutes')),
                        ('calendar', models.CharField(choices=[('always', 'Round the clock'), ('duty', 'Duty hours')], default='always', max_length=6, verbose_name='which time counts')),
                        ('matter', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='limits', to='incidents.matter', verbose_name='matter')),
                    ],
                    options={
                        'verbose_name': 'time limit',
                        'verbose_name_plural': 'time limits',
                        'constraints': [models.UniqueConstraint(fields=('matter', 'priority', 'mode'), name='timelimit_once'), models.CheckConstraint(condition=models.Q(('feedback_minutes__gt', 0), ('handling_minutes__gt', 0), ('resolve_minutes__gt', 0)), name='timelimit_positive'), models.CheckConstraint(condition=models.Q(('feedback_minutes__lte', 525600), ('handling_minutes__lte', 525600), ('resolve_minutes__lte', 525600)), name='timelimit_at_most_a_year'), models.CheckConstraint(condition=models.Q(('priority__in', [incidents.workflow.Priority['CRITICAL'], incidents.workflow.Priority['NORMAL'], incidents.workflow.Priority['URGENT']])), name='timelimit_priority_known'), models.CheckConstraint(condition=models.Q(('mode__in', ['normal', 'emergency'])), name='timelimit_mode_known')],
                    },
                ),
                migrations.CreateModel(
                    name='IncidentCycle',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                        ('opened_at', models.DateTimeField(verbose_name='opened at')),
                        ('feedback_due_at', models.DateTimeField(verbose_name='feedback due')),
                        ('handling_due_at', models.DateTimeField(verbose_name='handling due')),
                        ('resolve_due_at', models.DateTimeField(verbose_name='resolution due')),
                        ('first_feedback_at', models.DateTimeField(blank=True, null=True, verbose_name='first feedback at')),
                        ('first_handling_at', models.DateTimeField(blank=True, null=True, verbose_name='first handling at')),
                        ('resolved_at', models.DateTimeField(blank=True, null=True, verbose_name='resolved at')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                        ('incident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='cycles', to='incidents.incident', verbose_name='incident')),
                        ('extension_asked', models.DateField(blank=True, null=True, verbose_name='extension asked for until')),
                        ('feedback_warn_at', models.DateTimeField(verbose_name='feedback nearly due')),
                        ('handling_warn_at', models.DateTimeField(verbose_name='handling nearly due')),
                        ('next_check_at', models.DateTimeField(blank=True, null=True, verbose_name='next step of escalation')),
                        ('paused_since', models.DateTimeField(blank=True, null=True, verbose_name='clocks stand still since')),
                        ('resolve_warn_at', models.DateTimeField(verbose_name='resolution nearly due')),
                        ('rule', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.timelimit', verbose_name='rule')),
                    ],
                    options={
                        'verbose_name': 'cycle',
                        'verbose_name_plural': 'cycles',
                        'constraints': [models.UniqueConstraint(fields=('incident', 'number'), name='incidentcycle_number_once')],
                        'indexes': [models.Index(condition=models.Q(('next_check_at__isnull', False)), fields=['next_check_at'], name='incidentcycle_next_check'), models.Index(fields=['closed_at'], name='incidentcycle_by_end')],
                    },
                ),
                migrations.CreateModel(
                    name='RulebookVersion',
                    fields=[
                        ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                        ('version', models.UUIDField()),
                    ],
                    options={
                        'verbose_name': 'version of the rules',
                        'verbose_name_plural': 'version of the rules',
                        'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='rulebookversion_one_row')],
                    },
                ),
                migrations.CreateModel(
                    name='ResidentContact',
                    fields=[
                        ('incident', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='contact', serialize=False, to='incidents.incident', verbose_name='incident')),
                        ('phone', gis_grids.models.sealed.SealedTextField(max_length=20, verbose_name='telephone number')),
                        ('given_at', models.DateTimeField(verbose_name='given at')),
                    ],
                    options={
                        'verbose_name': "resident's contact",
                        'verbose_name_plural': "residents' contacts",
                    },
                ),
                migrations.CreateModel(
                    name='Announcement',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('text', models.TextField(max_length=500, verbose_name='text')),
                        ('sent_at', models.DateTimeField(db_index=True, verbose_name='sent at')),
                        ('until', models.DateTimeField(verbose_name='until')),
                        ('sent_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sent by')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='announcements', to='gis_grids.unit', verbose_name='unit')),
                        ('area', django.contrib.gis.db.models.fields.MultiPolygonField(blank=True, null=True, spatial_index=False, srid=4326, verbose_name='area')),
                        ('call_id', models.UUIDField(blank=True, editable=False, null=True, unique=True, verbose_name='id of the call')),
                        ('emergency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='incidents.emergency', verbose_name='emergency')),
                    ],
                    options={
                        'verbose_name': 'announcement',
                        'verbose_name_plural': 'announcements',
                        'ordering': ('-sent_at', '-pk'),
                        'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='announcement_says_something'), models.CheckConstraint(condition=models.Q(('until__gt', models.F('sent_at'))), name='announcement_ends_later'), models.CheckConstraint(condition=models.Q(('area', None), models.Q(django.db.models.lookups.Exact(django.contrib.gis.db.models.functions.IsValid('area'), models.Value(value=True)), django.db.models.lookups.Exact(django.contrib.gis.db.models.functions.IsEmpty('area'), models.Value(value=False)), django.db.models.lookups.LessThanOrEqual(django.contrib.gis.db.models.functions.NumPoints('area'), models.Value(20000)), django.db.models.lookups.GreaterThanOrEqual(gis_grids.models.constraints._Bound('area', function='ST_XMin'), models.Value(-180.0)), django.db.models.lookups.LessThanOrEqual(gis_grids.models.constraints._Bound('area', function='ST_XMax'), models.Value(180.0)), django.db.models.lookups.GreaterThanOrEqual(gis_grids.models.constraints._Bound('area', function='ST_YMin'), models.Value(-90.0)), django.db.models.lookups.LessThanOrEqual(gis_grids.models.constraints._Bound('area', function='ST_YMax'), models.Value(90.0))), _connector='OR'), name='announcement_area_sound'), models.CheckConstraint(condition=models.Q(('emergency', None), ('area__isnull', False), _connector='OR'), name='announcement_order_has_area')],
                    },
                ),
                migrations.CreateModel(
                    name='AnnouncementReading',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(verbose_name='at')),
                        ('announcement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='incidents.announcement', verbose_name='announcement')),
                        ('reader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reader')),
                    ],
                    options={
                        'verbose_name': 'reading of an announcement',
                        'verbose_name_plural': 'readings of announcements',
                        'ordering': ('at', 'pk'),
                        'constraints': [models.UniqueConstraint(fields=('announcement', 'reader'), name='announcementreading_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Addressee',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('announcement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='addressees', to='incidents.announcement', verbose_name='announcement')),
                        ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='holder')),
                        ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='gis_grids.post', verbose_name='post')),
                    ],
                    options={
                        'verbose_name': 'addressee',
                        'verbose_name_plural': 'addressees',
                        'constraints': [models.UniqueConstraint(fields=('announcement', 'post'), name='addressee_once')],
                    },
                ),
                migrations.CreateModel(
                    name='EmergencyEntry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('deed', models.CharField(choices=[('declared', 'Declared'), ('ordered', 'Order sent'), ('ended', 'Ended')], max_length=10, verbose_name='deed')),
                        ('at', models.DateTimeField(verbose_name='at')),
                        ('details', models.JSONField(blank=True, default=dict, verbose_name='details')),
                        ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                        ('emergency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='incidents.emergency', verbose_name='emergency')),
                    ],
                    options={
                        'verbose_name': "entry of an emergency's log",
                        'verbose_name_plural': "entries of emergencies' logs",
                        'ordering': ('at', 'pk'),
                        'constraints': [models.CheckConstraint(condition=models.Q(('deed__in', ['declared', 'ended', 'ordered'])), name='emergencyentry_deed_known')],
                    },
                ),
                migrations.CreateModel(
                    name='QuarterlyReport',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                        ('quarter', models.PositiveSmallIntegerField(verbose_name='quarter')),
                        ('overview', models.TextField(blank=True, default='', max_length=4000, verbose_name='overview')),
                        ('early_signs', models.TextField(blank=True, default='', max_length=4000, verbose_name='early signs and tendencies')),
                        ('difficulties', models.TextField(blank=True, default='', max_length=4000, verbose_name='difficulties and doubts')),
                        ('good_practice', models.TextField(blank=True, default='', max_length=4000, verbose_name='good practice')),
                        ('next_steps', models.TextField(blank=True, default='', max_length=4000, verbose_name='next steps')),
                        ('version', models.PositiveIntegerField(default=1, verbose_name='version')),
                        ('written_at', models.DateTimeField(verbose_name='written at')),
                        ('filed_at', models.DateTimeField(blank=True, null=True, verbose_name='filed at')),
                        ('figures', models.JSONField(blank=True, null=True, verbose_name='figures')),
                        ('filed_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='filed by')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quarterly_reports', to='gis_grids.unit', verbose_name='unit')),
                        ('written_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
                    ],
                    options={
                        'verbose_name': 'quarterly report',
                        'verbose_name_plural': 'quarterly reports',
                        'ordering': ('-year', '-quarter', 'unit'),
                        'constraints': [models.UniqueConstraint(fields=('unit', 'year', 'quarter'), name='quarterlyreport_once'), models.CheckConstraint(condition=models.Q(('quarter__gte', 1), ('quarter__lte', 4), ('year__gte', 2000), ('year__lte', 2199)), name='quarterlyreport_period_sound'), models.CheckConstraint(condition=models.Q(models.Q(('figures', None), ('filed_at', None), ('filed_by', None)), models.Q(('figures__isnull', False), ('filed_at__isnull', False), ('filed_by__isnull', False)), _connector='OR'), name='quarterlyreport_filed_whole')],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='matter',
                    trigger=pgtrigger.compiler.Trigger(name='changes_rulebook', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            INSERT INTO incidents_rulebookversion (id, version) VALUES (1, gen_random_uuid())\n            ON CONFLICT (id) DO UPDATE SET version = excluded.version;\n            RETURN NULL;\n        ', hash='d80df7a491c3d7918f0d219fe0f5ff2e01bf0625', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_changes_rulebook_410bd', table='incidents_matter', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='incidentevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='660df2a5ede432f1e06e892ca87c4cd25e0a272c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7b202', table='incidents_incidentevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='emergency',
                    trigger=pgtrigger.compiler.Trigger(name='changes_rulebook', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            INSERT INTO incidents_rulebookversion (id, version) VALUES (1, gen_random_uuid())\n            ON CONFLICT (id) DO UPDATE SET version = excluded.version;\n            RETURN NULL;\n        ', hash='cfdd43298c92c287d5b3d94ba43bfe43fd9202be', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_changes_rulebook_97082', table='incidents_emergency', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='escalation',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e59614a90a66954c69c27084e002791cb4ac7fc9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6158c', table='incidents_escalation', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='rating',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='534f0f591258e89483985e9d2dd3bb8d073386b1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_99dcf', table='incidents_rating', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='routingrule',
                    trigger=pgtrigger.compiler.Trigger(name='changes_rulebook', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            INSERT INTO incidents_rulebookversion (id, version) VALUES (1, gen_random_uuid())\n            ON CONFLICT (id) DO UPDATE SET version = excluded.version;\n            RETURN NULL;\n        ', hash='d05f7a0685e8d0d8dbd107070a09287f92e62b57', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_changes_rulebook_57e98', table='incidents_routingrule', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='timelimit',
                    trigger=pgtrigger.compiler.Trigger(name='changes_rulebook', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            INSERT INTO incidents_rulebookversion (id, version) VALUES (1, gen_random_uuid())\n            ON CONFLICT (id) DO UPDATE SET version = excluded.version;\n            RETURN NULL;\n        ', hash='c1990e4bf98e4dbf70745aa1ae02b71c96d49f33', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_changes_rulebook_d4e89', table='incidents_timelimit', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='incidentcycle',
                    trigger=pgtrigger.compiler.Trigger(name='cycle_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='80e8484b4579dc11235221271220047da99f87d1', operation='DELETE', pgid='pgtrigger_cycle_kept_0a5d1', table='incidents_incidentcycle', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='incidentcycle',
                    trigger=pgtrigger.compiler.Trigger(name='first_feedback_at_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."first_feedback_at" IS NOT NULL AND OLD."first_feedback_at" IS DISTINCT FROM (NEW."first_feedback_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='1f993f281a3250a606739bc16e0eb7c4fb680222', operation='UPDATE', pgid='pgtrigger_first_feedback_at_once_07476', table='incidents_incidentcycle', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='incidentcycle',
                    trigger=pgtrigger.compiler.Trigger(name='first_handling_at_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."first_handling_at" IS NOT NULL AND OLD."first_handling_at" IS DISTINCT FROM (NEW."first_handling_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='4a11d032c51d9389df962b3dcd032e92939219cd', operation='UPDATE', pgid='pgtrigger_first_handling_at_once_ab325', table='incidents_incidentcycle', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='incidentcycle',
                    trigger=pgtrigger.compiler.Trigger(name='resolved_at_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."resolved_at" IS NOT NULL AND OLD."resolved_at" IS DISTINCT FROM (NEW."resolved_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='081219e351a978e8153ce254b811fffea839a384', operation='UPDATE', pgid='pgtrigger_resolved_at_once_6d89f', table='incidents_incidentcycle', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='incidentcycle',
                    trigger=pgtrigger.compiler.Trigger(name='closed_at_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."closed_at" IS NOT NULL AND OLD."closed_at" IS DISTINCT FROM (NEW."closed_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='fe31fce67782a20d20ff685af9da242ef41dc84a', operation='UPDATE', pgid='pgtrigger_closed_at_once_0df3a', table='incidents_incidentcycle', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='emergencyentry',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ec18db1d8c9b0fbfb903369b557074b67d0e99cd', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_79bab', table='incidents_emergencyentry', when='BEFORE')),
                ),
            ],
        ),
        migrations.RunSQL(BEGIN, migrations.RunSQL.noop),
    ]
