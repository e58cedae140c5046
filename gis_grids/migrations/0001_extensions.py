"""The PostgreSQL extensions that the constraints and geometries need."""

from django.contrib.postgres.operations import BtreeGistExtension, CreateExtension
from django.db import migrations


class Migration(migrations.Migration):
    """PostGIS for geometries, btree_gist for exclusion constraints on a key and a range."""

    initial = True
    dependencies = []
    operations = [CreateExtension("postgis"), BtreeGistExtension()]
