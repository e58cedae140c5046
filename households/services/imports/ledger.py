"""What an import has written, kept so that it can be undone: what was there before, and what it is since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.core import serializers
from django.db import connection

from households.models import ImportChange

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from django.db.models import Model

    from households.models import ImportRun

#: By its label, of which columns the digest of a row is made. A sealed column changes with its key alone.
DIGESTED: Final[dict[str, tuple[str, ...]]] = {
    "households.entrance": ("building_id", "number"),
    "households.dwelling": ("building_id", "entrance_id", "floor", "room"),
    "households.household": (
        "dwelling_id",
        "householder",
        "address",
        "size",
        "place",
        "place_source",
        "tenure",
        "since",
        "ended_on",
    ),
    "households.resident": ("name", "gender", "born_on", "phone_digest", "identity_digest", "note"),
    "households.residence": ("resident_id", "household_id", "days", "relation", "registration"),
    "households.householdchange": ("household_id", "what"),
    "households.organisation": ("name", "kind", "address", "place", "contact_name", "note", "days"),
    "households.partymember": ("resident_id", "stage", "attendance", "joined_on", "left_on"),
    "households.partyaffiliation": ("member_id", "organisation_id", "days"),
    "households.partyrole": ("member_id", "organisation_id", "kind", "term"),
    "households.partychange": ("member_id", "organisation_id", "deed"),
    "gis_grids.facility": ("kind", "name", "geometry", "address", "contact", "area_m2"),
    "auth.user": ("username", "is_active"),
    "gis_grids.post": ("unit_id", "kind", "holder_id", "is_deputy", "term", "contact"),
    "gis_grids.postact": ("post_id", "deed"),
}

_RECORD: Final = """
INSERT INTO households_importchange (run_id, model, object_id, before, after)
SELECT %(run)s, %(model)s, written.id, %(before)s, {digest}
FROM unnest(%(ids)s::bigint[]) AS written (id) JOIN {table} row USING (id)
"""
_REFRESH: Final = """
UPDATE households_importchange change SET after = {digest}
FROM {table} row WHERE change.run_id = %(run)s AND change.model = %(model)s AND change.object_id = row.id
"""


def digest_of(label: str) -> str:
    """Return the SQL for the digest of a ``row`` of a table."""
    columns = ", ".join(f"row.{name}" for name in DIGESTED[label])
    return f"md5(ROW({columns})::text)"


class Ledger:
    """Keeps account of what one import writes."""

    def __init__(self, run: ImportRun) -> None:
        self._run = run
        self._made: dict[type[Model], list[int]] = {}

    def made(self, model: type[Model], ids: Collection[int]) -> None:
        """Note rows that the import made."""
        self._made.setdefault(model, []).extend(ids)

    def ids_made(self, model: type[Model]) -> Sequence[int]:
        """Return the ids of the rows of a table that the import made so far."""
        return self._made.get(model, ())

    def changes(self, rows: Sequence[Model], fields: Collection[str]) -> None:
        """Note rows as they are before the import changes these fields of them."""
        label = rows[0]._meta.label_lower  # noqa: SLF001 - public, whatever its name
        ImportChange.objects.bulk_create(
            [
                ImportChange(
                    run=self._run,
                    model=label,
                    object_id=row.pk,
                    before=serializers.serialize("json", [row], fields=list(fields)),
                )
                for row in rows
            ],
            ignore_conflicts=True,
        )

    def close(self) -> None:
        """Write down what all of it has become, when nothing more is to follow."""
        for model, ids in self._made.items():
            self._run_for(_RECORD, model, ids=ids, before=b"")
        changed = ImportChange.objects.filter(run=self._run).exclude(before="")
        for label in changed.values_list("model", flat=True).distinct():
            self._run_for(_REFRESH, apps.get_model(label))

    def _run_for(self, statement: str, model: type[Model], **parameters: Any) -> None:  # noqa: ANN401
        label = model._meta.label_lower  # noqa: SLF001 - public, whatever its name
        text = statement.format(digest=digest_of(label), table=model._meta.db_table)  # noqa: SLF001
        with connection.cursor() as cursor:
            cursor.execute(text, {"run": self._run.pk, "model": label, **parameters})
