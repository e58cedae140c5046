"""Units, posts, plans, norms and the rules of retention, as 0002 to 0012 leave them in a new database."""

import django.contrib.gis.db.models.fields
import django.contrib.gis.db.models.functions
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
import gis_grids.models.constraints
import gis_grids.models.sealed
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from gis_grids.migrations._together import CreateTogether
from gis_grids.norms import SEED_NORMS

# The norm that the seed documents give for grids (seed 003).
UNIT_NORM = {
    "level": "area",
    "households": 300,
    "tolerance": 0.2,
    "basis": "滨海新区城乡社区高质量发展工作方案(2023):每个网格约300户",
}


def begin(apps, _schema_editor):
    """Add the norms of the seed documents; they hold until a district sets its own."""
    apps.get_model("gis_grids", "UnitNorm").objects.create(scope=None, **UNIT_NORM)
    norms = apps.get_model("gis_grids", "ServiceNorm").objects
    for norm in SEED_NORMS:
        norms.create(
            kind=norm.kind, least=norm.least, most=norm.most, basis=norm.basis, valid=DateTimeTZRange(None, None)
        )


class Migration(migrations.Migration):

    replaces = [
        ('gis_grids', '0002_initial'),
        ('gis_grids', '0003_plans'),
        ('gis_grids', '0004_norms'),
        ('gis_grids', '0005_post_contact'),
        ('gis_grids', '0006_publication_problems'),
        ('gis_grids', '0007_publication_problems_unknown'),
        ('gis_grids', '0008_outlines'),
        ('gis_grids', '0009_sealed_contacts'),
        ('gis_grids', '0010_service_norms'),
        ('gis_grids', '0011_post_acts'),
        ('gis_grids', '0012_retention'),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('gis_grids', '0001_extensions'),
    ]

    operations = [
        CreateTogether(
            operations=[
                migrations.CreateModel(
                    name='MapVersion',
                    fields=[
                        ('layer', models.CharField(max_length=16, primary_key=True, serialize=False)),
                        ('version', models.PositiveBigIntegerField(default=1)),
                        ('raised_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        'verbose_name': 'map version',
                        'verbose_name_plural': 'map versions',
                    },
                ),
                migrations.CreateModel(
                    name='Facility',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('command_centre', 'Command centre'), ('street_office', 'Street office'), ('service_station', 'Community service station'), ('school', 'School'), ('hospital', 'Hospital'), ('market', 'Market'), ('elder_care', 'Elder-care home'), ('park', 'Park'), ('compound', 'Residential compound'), ('activity_room', 'Activity room'), ('sports_ground', 'Sports ground'), ('other', 'Other place')], max_length=24, verbose_name='kind')),
                        ('name', models.CharField(max_length=100, verbose_name='name')),
                        ('geometry', django.contrib.gis.db.models.fields.GeometryField(spatial_index=False, srid=4326, verbose_name='geometry')),
                        ('activity_m2', models.FloatField(blank=True, null=True, verbose_name='of it open to residents, m²')),
                        ('address', models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='address')),
                        ('area_m2', models.FloatField(blank=True, null=True, verbose_name='floor space, m²')),
                        ('built_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='built in')),
                        ('contact', models.CharField(blank=True, db_default='', default='', max_length=40, verbose_name='service telephone')),
                        ('opening', models.JSONField(blank=True, db_default={}, default=dict, verbose_name='opening times')),
                    ],
                    options={
                        'verbose_name': 'facility',
                        'verbose_name_plural': 'facilities',
                        'indexes': [django.contrib.postgres.indexes.GistIndex(fields=['geometry'], name='facility_where')],
                        'constraints': [models.CheckConstraint(condition=models.Q(django.db.models.lookups.Exact(django.contrib.gis.db.models.functions.IsValid('geometry'), models.Value(True)), django.db.models.lookups.Exact(django.contrib.gis.db.models.functions.IsEmpty('geometry'), models.Value(False)), django.db.models.lookups.LessThanOrEqual(django.contrib.gis.db.models.functions.NumPoints('geometry'), models.Value(20000)), django.db.models.lookups.GreaterThanOrEqual(gis_grids.models.constraints._Bound('geometry', function='ST_XMin'), models.Value(-180.0)), django.db.models.lookups.LessThanOrEqual(gis_grids.models.constraints._Bound('geometry', function='ST_XMax'), models.Value(180.0)), django.db.models.lookups.GreaterThanOrEqual(gis_grids.models.constraints._Bound('geometry', function='ST_YMin'), models.Value(-90.0)), django.db.models.lookups.LessThanOrEqual(gis_grids.models.constraints._Bound('geometry', function='ST_YMax'), models.Value(90.0))), name='facility_geometry_sound'), models.CheckConstraint(condition=models.Q(('area_m2', None), models.Q(('area_m2__gt', 0), ('area_m2__lte', 10000000)), _connector='OR'), name='facility_area_plausible'), models.CheckConstraint(condition=models.Q(('activity_m2', None), models.Q(('activity_m2__gte', 0), ('activity_m2__lte', models.F('area_m2'))), _connector='OR'), name='facility_activity_within_area'), models.CheckConstraint(condition=models.Q(('built_year', None), ('built_year__range', (1800, 2100)), _connector='OR'), name='facility_year_plausible')],
                    },
                ),
                migrations.CreateModel(
                    name='MapFeature',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('water', 'Water'), ('green', 'Green'), ('ground', 'Built-up ground'), ('arterial', 'Arterial road'), ('secondary', 'Secondary road'), ('street', 'Side street'), ('lane', 'Lane'), ('railway', 'Railway')], max_length=16, verbose_name='kind')),
                        ('name', models.CharField(blank=True, max_length=100, verbose_name='name')),
                        ('width_m', models.FloatField(blank=True, null=True, verbose_name='width, m')),
                        ('geometry', django.contrib.gis.db.models.fields.GeometryField(srid=4326, verbose_name='geometry')),
                        ('geometry_3857', models.GeneratedField(db_persist=True, expression=django.contrib.gis.db.models.functions.Transform('geometry', 3857), output_field=django.contrib.gis.db.models.fields.GeometryField(spatial_index=False, srid=3857))),
                    ],
                    options={
                        'verbose_name': 'map feature',
                        'verbose_name_plural': 'map features',
                        'indexes': [django.contrib.postgres.indexes.GistIndex(fields=['geometry_3857'], name='mapfeature_tiles')],
                        'constraints': [models.CheckConstraint(condition=models.Q(django.db.models.lookups.Exact(django.contrib.gis.db.models.functions.IsValid('geometry'), models.Value(True)), django.db.models.lookups.Exact(django.contrib.gis.db.models.functions.IsEmpty('geometry'), models.Value(False)), django.db.models.lookups.LessThanOrEqual(django.contrib.gis.db.models.functions.NumPoints('geometry'), models.Value(200000)), django.db.models.lookups.GreaterThanOrEqual(gis_grids.models.constraints._Bound('geometry', function='ST_XMin'), models.Value(-180.0)), django.db.models.lookups.LessThanOrEqual(gis_grids.models.constraints._Bound('geometry', function='ST_XMax'), models.Value(180.0)), django.db.models.lookups.GreaterThanOrEqual(gis_grids.models.constraints._Bound('geometry', function='ST_YMin'), models.Value(-90.0)), django.db.models.lookups.LessThanOrEqual(gis_grids.models.constraints._Bound('geometry', function='ST_YMax'), models.Value(90.0))), name='mapfeature_geometry_sound'), models.CheckConstraint(condition=models.Q(('width_m', None), ('width_m__gt', 0), _connector='OR'), name='mapfeature_width_positive')],
                    },
                ),
                migrations.CreateModel(
                    name='Unit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=32, unique=True, verbose_name='code')),
                        ('level', models.CharField(choices=[('city', 'City'), ('district', 'District'), ('street', 'Street'), ('community', 'Community'), ('area', "Residents' area"), ('building_group', 'Building group'), ('resident_group', 'Resident group')], max_length=16, verbose_name='level')),
                    ],
                    options={
                        'verbose_name': 'unit',
                        'verbose_name_plural': 'units',
                        'ordering': ('code',),
                        'constraints': [models.CheckConstraint(condition=models.Q(('level__in', ['city', 'district', 'street', 'community', 'area', 'building_group', 'resident_group'])), name='unit_level_known'), models.CheckConstraint(condition=models.Q(('code__regex', '^[0-9A-Za-z_-]+$')), name='unit_code_plain')],
                    },
                ),
                migrations.CreateModel(
                    name='Post',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('grid_leader', 'Grid leader'), ('grid_worker', 'Grid worker'), ('area_head', 'Area head'), ('compound_steward', 'Compound steward'), ('building_steward', 'Building steward'), ('entrance_steward', 'Entrance steward'), ('lane_butler', 'Lane butler'), ('resident_group_leader', 'Resident group leader'), ('command_operator', 'Command-centre operator'), ('planner', 'Planner'), ('office_clerk', 'Office clerk'), ('auditor', 'Auditor')], max_length=24, verbose_name='kind')),
                        ('is_deputy', models.BooleanField(default=False, verbose_name='deputy')),
                        ('term', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='term')),
                        ('holder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to=settings.AUTH_USER_MODEL, verbose_name='holder')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='gis_grids.unit', verbose_name='unit')),
                        ('contact', models.CharField(blank=True, max_length=40, verbose_name='service telephone')),
                    ],
                    options={
                        'verbose_name': 'post',
                        'verbose_name_plural': 'posts',
                        'indexes': [models.Index(condition=models.Q(('term__upper_inf', True)), fields=['holder'], name='post_open_by_holder')],
                        'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('unit', '='), ('kind', '='), ('holder', '='), ('term', '&&')], name='post_held_once'), models.CheckConstraint(condition=models.Q(('term__isempty', False)), name='post_term_not_empty'), models.CheckConstraint(condition=models.Q(('kind__in', ['area_head', 'auditor', 'building_steward', 'command_operator', 'compound_steward', 'entrance_steward', 'grid_leader', 'grid_worker', 'lane_butler', 'office_clerk', 'planner', 'resident_group_leader'])), name='post_kind_known')],
                    },
                ),
                migrations.CreateModel(
                    name='UnitVersion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=100, verbose_name='name')),
                        ('boundary', django.contrib.gis.db.models.fields.MultiPolygonField(spatial_index=False, srid=4326, verbose_name='boundary')),
                        ('depth', models.PositiveSmallIntegerField(help_text='0 for the city, 6 for the resident group', verbose_name='depth')),
                        ('valid', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='valid')),
                        ('boundary_3857', models.GeneratedField(db_persist=True, expression=django.contrib.gis.db.models.functions.Transform('boundary', 3857), output_field=django.contrib.gis.db.models.fields.MultiPolygonField(spatial_index=False, srid=3857))),
                        ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='child_versions', to='gis_grids.unit', verbose_name='parent')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='gis_grids.unit', verbose_name='unit')),
                        ('label_3857', models.GeneratedField(db_persist=True, expression=django.contrib.gis.db.models.functions.PointOnSurface(django.contrib.gis.db.models.functions.Transform('boundary', 3857)), output_field=django.contrib.gis.db.models.fields.PointField(spatial_index=False, srid=3857))),
                    ],
                    options={
                        'verbose_name': 'unit version',
                        'verbose_name_plural': 'unit versions',
                        'indexes': [django.contrib.postgres.indexes.GistIndex(fields=['boundary', 'valid'], name='unitversion_where_when'), models.Index(condition=models.Q(('valid__upper_inf', True)), fields=['unit'], name='unitversion_open'), models.Index(condition=models.Q(('valid__upper_inf', True)), fields=['parent'], name='unitversion_children'), django.contrib.postgres.indexes.GistIndex(fields=['depth', 'boundary_3857'], name='unitversion_tiles'), models.Index(django.db.models.functions.text.Lower('valid'), name='unitversion_begins')],
                        'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('unit', '='), ('valid', '&&')], name='unitversion_no_overlap'), models.CheckConstraint(condition=models.Q(('valid__isempty', False)), name='unitversion_valid_not_empty'), models.CheckConstraint(condition=models.Q(('parent', models.F('unit')), _negated=True), name='unitversion_not_own_parent'), models.CheckConstraint(condition=models.Q(django.db.models.lookups.Exact(django.contrib.gis.db.models.functions.IsValid('boundary'), models.Value(True)), django.db.models.lookups.Exact(django.contrib.gis.db.models.functions.IsEmpty('boundary'), models.Value(False)), django.db.models.lookups.LessThanOrEqual(django.contrib.gis.db.models.functions.NumPoints('boundary'), models.Value(500000)), django.db.models.lookups.GreaterThanOrEqual(gis_grids.models.constraints._Bound('boundary', function='ST_XMin'), models.Value(-180.0)), django.db.models.lookups.LessThanOrEqual(gis_grids.models.constraints._Bound('boundary', function='ST_XMax'), models.Value(180.0)), django.db.models.lookups.GreaterThanOrEqual(gis_grids.models.constraints._Bound('boundary', function='ST_YMin'), models.Value(-90.0)), django.db.models.lookups.LessThanOrEqual(gis_grids.models.constraints._Bound('boundary', function='ST_YMax'), models.Value(90.0))), name='unitversion_boundary_sound')],
                    },
                ),
                migrations.CreateModel(
                    name='Plan',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('title', models.CharField(max_length=100, verbose_name='title')),
                        ('purpose', models.TextField(blank=True, max_length=2000, verbose_name='reason for the plan')),
                        ('level', models.CharField(choices=[('city', 'City'), ('district', 'District'), ('street', 'Street'), ('community', 'Community'), ('area', "Residents' area"), ('building_group', 'Building group'), ('resident_group', 'Resident group')], max_length=16, verbose_name='level')),
                        ('status', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('announced', 'Announced'), ('approved', 'Approved'), ('published', 'Published'), ('returned', 'Returned'), ('withdrawn', 'Withdrawn')], default='draft', max_length=12, verbose_name='status')),
                        ('base_at', models.DateTimeField(verbose_name='based on the boundaries of')),
                        ('rev', models.PositiveIntegerField(default=0, verbose_name='revision')),
                        ('news', models.PositiveIntegerField(default=0, verbose_name='changes of any kind')),
                        ('reasons', models.JSONField(blank=True, default=dict, verbose_name='reasons given')),
                        ('moves_open_cases', models.BooleanField(default=True, verbose_name='open cases move to the new grid')),
                        ('effective_at', models.DateTimeField(blank=True, null=True, verbose_name='in force from')),
                        ('announced_until', models.DateField(blank=True, null=True, verbose_name='announced until')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                        ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                        ('copied_from', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='copies', to='gis_grids.plan', verbose_name='copied from')),
                        ('restores', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='restored_by', to='gis_grids.plan', verbose_name='restores')),
                        ('scope', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='gis_grids.unit', verbose_name='scope')),
                    ],
                    options={
                        'verbose_name': 'plan',
                        'verbose_name_plural': 'plans',
                        'ordering': ('-created_at',),
                        'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'submitted', 'announced', 'approved', 'published', 'returned', 'withdrawn'])), name='plan_status_known'), models.CheckConstraint(condition=models.Q(('level__in', ['city', 'district', 'street', 'community', 'area', 'building_group', 'resident_group'])), name='plan_level_known'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'published'), _negated=True), ('effective_at__isnull', False), _connector='OR'), name='plan_published_has_date')],
                    },
                ),
                migrations.CreateModel(
                    name='PlanComment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('is_public', models.BooleanField(default=False, verbose_name='from the public notice')),
                        ('zone', models.CharField(blank=True, max_length=40, verbose_name='zone')),
                        ('place', django.contrib.gis.db.models.fields.PointField(blank=True, null=True, srid=4326, verbose_name='place')),
                        ('text', models.TextField(max_length=1000, verbose_name='text')),
                        ('name', models.CharField(blank=True, max_length=50, verbose_name='name')),
                        ('contact', gis_grids.models.sealed.SealedTextField(blank=True, max_length=50, verbose_name='contact')),
                        ('state', models.CharField(choices=[('waiting', 'Waiting'), ('shown', 'Shown'), ('hidden', 'Hidden'), ('resolved', 'Resolved')], max_length=10, verbose_name='state')),
                        ('reply', models.TextField(blank=True, max_length=1000, verbose_name='reply')),
                        ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                        ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                        ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='gis_grids.plan', verbose_name='plan')),
                    ],
                    options={
                        'verbose_name': 'comment on a plan',
                        'verbose_name_plural': 'comments on plans',
                        'ordering': ('at', 'pk'),
                        'constraints': [models.CheckConstraint(condition=models.Q(('place', None), models.Q(django.db.models.lookups.Exact(django.contrib.gis.db.models.functions.IsValid('place'), models.Value(value=True)), django.db.models.lookups.Exact(django.contrib.gis.db.models.functions.IsEmpty('place'), models.Value(value=False)), django.db.models.lookups.LessThanOrEqual(django.contrib.gis.db.models.functions.NumPoints('place'), models.Value(1)), django.db.models.lookups.GreaterThanOrEqual(gis_grids.models.constraints._Bound('place', function='ST_XMin'), models.Value(-180.0)), django.db.models.lookups.LessThanOrEqual(gis_grids.models.constraints._Bound('place', function='ST_XMax'), models.Value(180.0)), django.db.models.lookups.GreaterThanOrEqual(gis_grids.models.constraints._Bound('place', function='ST_YMin'), models.Value(-90.0)), django.db.models.lookups.LessThanOrEqual(gis_grids.models.constraints._Bound('place', function='ST_YMax'), models.Value(90.0))), _connector='OR'), name='plancomment_place_sound'), models.CheckConstraint(condition=models.Q(('is_public', True), ('author__isnull', False), _connector='OR'), name='plancomment_has_author')],
                    },
                ),
                migrations.CreateModel(
                    name='PlanOperation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('seq', models.PositiveIntegerField(verbose_name='number')),
                        ('operation_id', models.UUIDField(verbose_name='id')),
                        ('kind', models.CharField(max_length=20, verbose_name='kind')),
                        ('payload', models.JSONField(default=dict, verbose_name='what was asked')),
                        ('zones', models.JSONField(default=list, verbose_name='zones touched')),
                        ('about', models.JSONField(default=list, verbose_name='names of the zones that it is about')),
                        ('before', models.JSONField(verbose_name='before')),
                        ('after', models.JSONField(verbose_name='after')),
                        ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                        ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                        ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='operations', to='gis_grids.plan', verbose_name='plan')),
                        ('undoes', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='undone_by', to='gis_grids.planoperation', verbose_name='takes back')),
                    ],
                    options={
                        'verbose_name': 'operation',
                        'verbose_name_plural': 'operations',
                        'ordering': ('seq',),
                        'constraints': [models.UniqueConstraint(fields=('plan', 'seq'), name='planoperation_seq_once'), models.UniqueConstraint(fields=('plan', 'operation_id'), name='planoperation_id_once')],
                    },
                ),
                migrations.CreateModel(
                    name='PlanProposal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('zone', models.CharField(blank=True, max_length=40, verbose_name='zone')),
                        ('parameters', models.JSONField(verbose_name='parameters')),
                        ('base_rev', models.PositiveIntegerField(verbose_name='revision it starts from')),
                        ('state', models.CharField(choices=[('running', 'Running'), ('done', 'Done'), ('stopped', 'Stopped'), ('failed', 'Failed')], default='running', max_length=10, verbose_name='state')),
                        ('progress', models.FloatField(default=0, verbose_name='progress')),
                        ('error', models.CharField(blank=True, max_length=500, verbose_name='error')),
                        ('candidates', models.JSONField(default=list, verbose_name='candidates')),
                        ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                        ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                        ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='gis_grids.plan', verbose_name='plan')),
                    ],
                    options={
                        'verbose_name': 'proposal',
                        'verbose_name_plural': 'proposals',
                        'ordering': ('-at',),
                    },
                ),
                migrations.CreateModel(
                    name='PlanStep',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('step', models.CharField(max_length=20, verbose_name='step')),
                        ('note', models.TextField(blank=True, max_length=2000, verbose_name='note')),
                        ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                        ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                        ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='gis_grids.plan', verbose_name='plan')),
                    ],
                    options={
                        'verbose_name': 'step of a plan',
                        'verbose_name_plural': 'steps of plans',
                        'ordering': ('at', 'pk'),
                    },
                ),
                migrations.CreateModel(
                    name='PlanZone',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=40, verbose_name='key')),
                        ('ended', models.BooleanField(default=False, verbose_name='ends')),
                        ('level', models.CharField(choices=[('city', 'City'), ('district', 'District'), ('street', 'Street'), ('community', 'Community'), ('area', "Residents' area"), ('building_group', 'Building group'), ('resident_group', 'Resident group')], max_length=16, verbose_name='level')),
                        ('parent', models.CharField(blank=True, max_length=40, verbose_name='parent')),
                        ('name', models.CharField(max_length=100, verbose_name='name')),
                        ('code', models.CharField(blank=True, max_length=32, verbose_name='code')),
                        ('purpose', models.CharField(blank=True, max_length=40, verbose_name='what the ground is for')),
                        ('is_locked', models.BooleanField(default=False, verbose_name='locked')),
                        ('staff', models.JSONField(blank=True, null=True, verbose_name='posts')),
                        ('boundary', django.contrib.gis.db.models.fields.MultiPolygonField(blank=True, null=True, srid=4326, verbose_name='boundary')),
                        ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='zones', to='gis_grids.plan', verbose_name='plan')),
                        ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plan_zones', to='gis_grids.unit', verbose_name='unit')),
                    ],
                    options={
                        'verbose_name': 'zone of a plan',
                        'verbose_name_plural': 'zones of plans',
                        'constraints': [models.UniqueConstraint(fields=('plan', 'key'), name='planzone_key_once'), models.UniqueConstraint(condition=models.Q(('unit__isnull', False)), fields=('plan', 'unit'), name='planzone_unit_once'), models.CheckConstraint(condition=models.Q(('boundary', None), models.Q(django.db.models.lookups.Exact(django.contrib.gis.db.models.functions.IsValid('boundary'), models.Value(value=True)), django.db.models.lookups.Exact(django.contrib.gis.db.models.functions.IsEmpty('boundary'), models.Value(value=False)), django.db.models.lookups.LessThanOrEqual(django.contrib.gis.db.models.functions.NumPoints('boundary'), models.Value(500000)), django.db.models.lookups.GreaterThanOrEqual(gis_grids.models.constraints._Bound('boundary', function='ST_XMin'), models.Value(-180.0)), django.db.models.lookups.LessThanOrEqual(gis_grids.models.constraints._Bound('boundary', function='ST_XMax'), models.Value(180.0)), django.db.models.lookups.GreaterThanOrEqual(gis_grids.models.constraints._Bound('boundary', function='ST_YMin'), models.Value(-90.0)), django.db.models.lookups.LessThanOrEqual(gis_grids.models.constraints._Bound('boundary', function='ST_YMax'), models.Value(90.0))), _connector='OR'), name='planzone_boundary_sound')],
                    },
                ),
                migrations.CreateModel(
                    name='UnitLineage',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('area_m2', models.FloatField(verbose_name='area, m²')),
                        ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lineage', to='gis_grids.plan', verbose_name='plan')),
                        ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='descendants', to='gis_grids.unit', verbose_name='from')),
                        ('target', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='origins', to='gis_grids.unit', verbose_name='to')),
                    ],
                    options={
                        'verbose_name': 'lineage',
                        'verbose_name_plural': 'lineage',
                        'constraints': [models.UniqueConstraint(fields=('plan', 'source', 'target'), name='unitlineage_once'), models.CheckConstraint(condition=models.Q(('area_m2__gt', 0)), name='unitlineage_area_positive')],
                    },
                ),
                migrations.CreateModel(
                    name='UnitNorm',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('level', models.CharField(choices=[('city', 'City'), ('district', 'District'), ('street', 'Street'), ('community', 'Community'), ('area', "Residents' area"), ('building_group', 'Building group'), ('resident_group', 'Resident group')], max_length=16, verbose_name='level')),
                        ('households', models.PositiveIntegerField(verbose_name='households')),
                        ('tolerance', models.FloatField(help_text='a share: 0.2 is ±20 %', verbose_name='tolerance')),
                        ('basis', models.CharField(max_length=200, verbose_name='basis')),
                        ('is_compound', models.BooleanField(default=False, verbose_name='for residential compounds (小区)')),
                        ('scope', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='norms', to='gis_grids.unit', verbose_name='scope')),
                    ],
                    options={
                        'verbose_name': 'norm',
                        'verbose_name_plural': 'norms',
                        'constraints': [models.UniqueConstraint(fields=('level', 'scope'), name='unitnorm_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('households__gt', 0), ('tolerance__gte', 0), ('tolerance__lt', 1)), name='unitnorm_plausible')],
                    },
                ),
                migrations.CreateModel(
                    name='Publication',
                    fields=[
                        ('plan', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='publication', serialize=False, to='gis_grids.plan', verbose_name='plan')),
                        ('effective_at', models.DateTimeField(verbose_name='in force from')),
                        ('report', models.JSONField(verbose_name='impact report')),
                        ('at', models.DateTimeField(auto_now_add=True, verbose_name='published at')),
                        ('publisher', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='published by')),
                        ('problems', models.JSONField(blank=True, null=True, verbose_name='problems')),
                    ],
                    options={
                        'verbose_name': 'publication',
                        'verbose_name_plural': 'publications',
                    },
                ),
                migrations.CreateModel(
                    name='UnitOutline',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('band', models.PositiveSmallIntegerField(verbose_name='deepest zoom')),
                        ('shape', django.contrib.gis.db.models.fields.MultiPolygonField(spatial_index=False, srid=3857, verbose_name='outline')),
                        ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='outlines', to='gis_grids.unitversion', verbose_name='unit version')),
                    ],
                    options={
                        'verbose_name': 'outline',
                        'verbose_name_plural': 'outlines',
                        'constraints': [models.UniqueConstraint(fields=('version', 'band'), name='unitoutline_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Correction',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('model', models.CharField(max_length=60, verbose_name='table')),
                        ('row', models.CharField(max_length=40, verbose_name='row')),
                        ('field', models.CharField(max_length=60, verbose_name='field')),
                        ('before', gis_grids.models.sealed.SealedTextField(blank=True, verbose_name='before')),
                        ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                        ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                    ],
                    options={
                        'verbose_name': 'correction',
                        'verbose_name_plural': 'corrections',
                        'ordering': ('-at', '-pk'),
                        'indexes': [models.Index(fields=['model', 'row', '-at'], name='correction_of_row')],
                    },
                ),
                migrations.CreateModel(
                    name='ServiceNorm',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('households_per_worker', 'Households per worker'), ('workers_per_10000', 'Workers per 10,000 residents'), ('households_per_compound', 'Households per compound'), ('buildings_per_steward', 'Buildings per steward'), ('premises', 'Premises, m²'), ('premises_new', 'Premises of a new community, m²'), ('activity_share', "Residents' share of the premises"), ('service_fund', 'Service fund, yuan per household and year'), ('office_fund', 'Office fund, yuan per 1,000 households and year'), ('benefit_share', 'Public-benefit fund to office fund'), ('hubs_per_grid', 'Party hub households per grid'), ('members_per_hub', 'Party members per hub household'), ('households_per_member', 'Households in contact per party member'), ('active_members', 'Active members of a party branch')], max_length=24, verbose_name='norm')),
                        ('least', models.FloatField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='at least')),
                        ('most', models.FloatField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='at most')),
                        ('basis', models.CharField(max_length=200, verbose_name='basis')),
                        ('valid', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='valid')),
                        ('scope', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='service_norms', to='gis_grids.unit', verbose_name='scope')),
                        ('set_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='set by')),
                    ],
                    options={
                        'verbose_name': 'service norm',
                        'verbose_name_plural': 'service norms',
                        'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('kind', '='), (django.db.models.functions.comparison.Coalesce('scope', models.Value(0, models.BigIntegerField())), '='), ('valid', '&&')], name='servicenorm_one_at_a_time'), models.CheckConstraint(condition=models.Q(('kind__in', ['households_per_worker', 'workers_per_10000', 'households_per_compound', 'buildings_per_steward', 'premises', 'premises_new', 'activity_share', 'service_fund', 'office_fund', 'benefit_share', 'hubs_per_grid', 'members_per_hub', 'households_per_member', 'active_members'])), name='servicenorm_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('least__gte', 0), ('least__isnull', False)), ('most__isnull', False), _connector='OR'), name='servicenorm_says_something'), models.CheckConstraint(condition=models.Q(('most', None), models.Q(('most__gt', 0), models.Q(('least', None), ('most__gte', models.F('least')), _connector='OR')), _connector='OR'), name='servicenorm_in_order'), models.CheckConstraint(condition=models.Q(('basis', ''), _negated=True), name='servicenorm_has_basis'), models.CheckConstraint(condition=models.Q(('valid__isempty', False)), name='servicenorm_valid_not_empty')],
                    },
                ),
                migrations.CreateModel(
                    name='UnitFunds',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                        ('service_yuan', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='service fund, yuan')),
                        ('office_yuan', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='office fund, yuan')),
                        ('benefit_yuan', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='public-benefit fund, yuan')),
                        ('noted_at', models.DateTimeField(auto_now=True, verbose_name='noted at')),
                        ('noted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='noted by')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='funds', to='gis_grids.unit', verbose_name='unit')),
                    ],
                    options={
                        'verbose_name': 'funds of a unit',
                        'verbose_name_plural': 'funds of units',
                        'ordering': ('-year', 'unit'),
                        'constraints': [models.UniqueConstraint(fields=('unit', 'year'), name='unitfunds_once_a_year'), models.CheckConstraint(condition=models.Q(('year__range', (2000, 2100))), name='unitfunds_year_plausible'), models.CheckConstraint(condition=models.Q(('benefit_yuan__gte', 0), ('office_yuan__gte', 0), ('service_yuan__gte', 0)), name='unitfunds_not_negative')],
                    },
                ),
                migrations.CreateModel(
                    name='PostAct',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('deed', models.CharField(choices=[('appoint', 'Appointed'), ('note_vacant', 'Noted as vacant'), ('hand_over', 'Handed over'), ('end', 'Ended'), ('correct', 'Corrected')], max_length=12, verbose_name='what was done')),
                        ('counts_from', models.DateTimeField(verbose_name='counts from')),
                        ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                        ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                        ('details', models.JSONField(blank=True, default=dict, verbose_name='details')),
                        ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='done by')),
                        ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='acts', to='gis_grids.post', verbose_name='post')),
                        ('successor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='began_by', to='gis_grids.post', verbose_name='post of the successor')),
                    ],
                    options={
                        'verbose_name': 'act on a post',
                        'verbose_name_plural': 'acts on posts',
                        'ordering': ('-at', '-pk'),
                        'constraints': [models.CheckConstraint(condition=models.Q(('deed__in', ['appoint', 'correct', 'end', 'hand_over', 'note_vacant'])), name='postact_deed_known'), models.CheckConstraint(condition=models.Q(models.Q(('deed', 'hand_over'), ('successor__isnull', False)), models.Q(models.Q(('deed', 'hand_over'), _negated=True), ('successor', None)), _connector='OR'), name='postact_successor_of_hand_over')],
                    },
                ),
                migrations.CreateModel(
                    name='RetentionRule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('keep', models.CharField(max_length=12, verbose_name='class')),
                        ('days', models.PositiveIntegerField(verbose_name='days')),
                        ('basis', models.CharField(max_length=200, verbose_name='basis')),
                        ('since', models.DateTimeField(auto_now_add=True, verbose_name='since')),
                        ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='set by')),
                    ],
                    options={
                        'verbose_name': 'retention rule',
                        'verbose_name_plural': 'retention rules',
                        'ordering': ('keep', '-since', '-pk'),
                        'constraints': [models.CheckConstraint(condition=models.Q(('days__range', (1, 36500))), name='retentionrule_plausible'), models.CheckConstraint(condition=models.Q(('basis', ''), _negated=True), name='retentionrule_has_basis')],
                    },
                ),
                migrations.CreateModel(
                    name='RetentionRun',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                        ('is_dry', models.BooleanField(verbose_name='tried out')),
                        ('found', models.JSONField(verbose_name='found')),
                        ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked for by')),
                    ],
                    options={
                        'verbose_name': 'retention run',
                        'verbose_name_plural': 'retention runs',
                        'ordering': ('-at', '-pk'),
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='unit',
                    trigger=pgtrigger.compiler.Trigger(name='for_ever', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."level" IS DISTINCT FROM (NEW."level"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='80454075c43f538a1fb744f5619f836d94134e21', operation='UPDATE', pgid='pgtrigger_for_ever_3a5b9', table='gis_grids_unit', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='unitversion',
                    trigger=pgtrigger.compiler.Trigger(name='depth_is_of_level', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF NEW.depth <> (\n    SELECT array_position(ARRAY['city', 'district', 'street', 'community', 'area', 'building_group', 'resident_group']::varchar[], level) - 1\n    FROM gis_grids_unit WHERE id = NEW.unit_id\n) THEN\n    RAISE EXCEPTION 'depth % is not that of the level of unit %', NEW.depth, NEW.unit_id\n        USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n", hash='ef383ccd8ffb2d1e86d8a3098ebd4b05435e0e6d', operation='INSERT OR UPDATE OF "depth", "unit_id"', pgid='pgtrigger_depth_is_of_level_cbec5', table='gis_grids_unitversion', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='correction',
                    trigger=pgtrigger.compiler.Trigger(name='stays_as_it_was', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."model" IS DISTINCT FROM (NEW."model") OR OLD."row" IS DISTINCT FROM (NEW."row") OR OLD."field" IS DISTINCT FROM (NEW."field") OR OLD."actor_id" IS DISTINCT FROM (NEW."actor_id") OR OLD."at" IS DISTINCT FROM (NEW."at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='fe8c9e3bd1ef9f906c1e33d2eb784dd7a1bbcc77', operation='UPDATE', pgid='pgtrigger_stays_as_it_was_ccbc1', table='gis_grids_correction', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='postact',
                    trigger=pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='673bfe203fe21ab1ded429fbd45a7fd5dd4f9100', operation='UPDATE', pgid='pgtrigger_never_changed_aef05', table='gis_grids_postact', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='retentionrule',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1ac64d416cd8fb00dc4dfb3305b799ceba6700bf', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_36a20', table='gis_grids_retentionrule', when='BEFORE')),
                ),
            ],
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
