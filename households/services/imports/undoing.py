"""An import taken back whole, while nothing rests on it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.core import serializers
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from gis_grids.errors import Conflict
from gis_grids.sentences import listed
from gis_grids.services import bump_map_version
from households.models import Household, HouseholdUnit, ImportChange
from households.services.imports.ledger import DIGESTED, digest_of
from households.services.imports.placing import take_places_back
from households.services.imports.words import WORDS
from households.services.places import home_households

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.db.models import Model, QuerySet

    from households.models import ImportRun

_OTHERWISE: Final = """
SELECT count(*) FROM households_importchange change LEFT JOIN {table} row ON row.id = change.object_id
WHERE change.run_id = %s AND change.model = %s AND (row.id IS NULL OR change.after <> {digest})
"""

_DELETE: Final = """
DELETE FROM {table} WHERE {column} IN (
    SELECT object_id FROM households_importchange WHERE run_id = %s AND model = %s AND before = ''
)
"""


def take_back(run: ImportRun) -> None:
    """Delete what the import made and put back what it changed.

    Raises `Conflict` ("import.depended_on") when something of it was changed since, or something else rests
    on it: a visit, a need, a resident who moved in.
    """
    labels = [label for label in DIGESTED if run.changes.filter(model=label).exists()]
    reasons = [*_changed(run, labels), *_resting(run, labels)]
    if reasons:
        raise Conflict("import.depended_on", WORDS["import.depended_on"], {"what": listed(reasons)})
    for label in reversed(labels):
        _delete(run, label)
        _put_back(run, label)  # what was made in their place is gone: the days of both would overlap
    if "gis_grids.facility" in labels:
        bump_map_version(layer="base")


def made_ids(run: ImportRun, label: str) -> QuerySet[ImportChange, int]:
    """Return the ids of the rows of a table that the import made."""
    return run.changes.filter(model=label, before="").values_list("object_id", flat=True)


def _changed(run: ImportRun, labels: Sequence[str]) -> Iterator[str]:
    for label in labels:
        model = apps.get_model(label)
        statement = _OTHERWISE.format(table=model._meta.db_table, digest=digest_of(label))  # noqa: SLF001
        with connection.cursor() as cursor:
            cursor.execute(statement, [run.pk, label])
            count = cursor.fetchone()[0]
        if count:
            yield _("%(things)s changed since: %(count)s") % {
                "things": model._meta.verbose_name_plural,  # noqa: SLF001
                "count": count,
            }


def _resting(run: ImportRun, labels: Sequence[str]) -> Iterator[str]:
    """Yield what rests on rows that the import made, and isn't itself made by it."""
    for label in labels:
        made = made_ids(run, label)
        for relation in apps.get_model(label)._meta.related_objects:  # noqa: SLF001 - public
            others = relation.related_model
            rows = others._default_manager.filter(**{f"{relation.field.name}__in": made})  # noqa: SLF001
            rows = _not_derived(run, others, rows)
            if count := rows.count():
                yield f"{others._meta.verbose_name_plural}: {count}"  # noqa: SLF001


def _not_derived(run: ImportRun, model: type[Model], rows: QuerySet[Any]) -> QuerySet[Any]:
    """Leave out what came with the import: its own rows, and the units that households lie in."""
    if model is HouseholdUnit:
        return rows.filter(~Q(source=HouseholdUnit.Source.GEOMETRY), valid__startswith__gt=run.finished_at)
    label = model._meta.label_lower  # noqa: SLF001
    return rows.exclude(pk__in=made_ids(run, label)) if label in DIGESTED else rows


def _put_back(run: ImportRun, label: str) -> None:
    """Give rows that the import changed their former fields."""
    model = apps.get_model(label)
    changes = run.changes.filter(model=label).exclude(before="").values_list("before", flat=True)
    former: dict[tuple[str, ...], list[Model]] = {}
    for before in changes.iterator(chunk_size=1000):
        [row] = serializers.deserialize("json", before)
        former.setdefault(tuple(json.loads(before)[0]["fields"]), []).append(row.object)
    for fields, rows in former.items():
        model._default_manager.bulk_update(rows, fields, batch_size=1000)  # noqa: SLF001
    if model is Household and former:
        ids = [row.pk for rows in former.values() for row in rows]
        take_places_back(run, ids)
        home_households(household_ids=ids)


def _delete(run: ImportRun, label: str) -> None:
    model = apps.get_model(label)
    if model is Household:
        _delete_rows(run, label, HouseholdUnit, "household_id")
    _delete_rows(run, label, model, "id")


def _delete_rows(run: ImportRun, label: str, model: type[Model], column: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_DELETE.format(table=model._meta.db_table, column=column), [run.pk, label])  # noqa: SLF001
