"""Rows of the register written past the models, and changed with an account of what was there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.db.models.fields import NOT_PROVIDED

from gis_grids.models.sealed import DigestField
from gis_grids.sealing import digest
from households.services.copying import copy_rows, reserve_ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import Field, Model

    from households.services.imports.ledger import Ledger


def enter_rows(ledger: Ledger, model: type[Model], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Copy rows into a table, what they don't say as the model has it by itself; return their ids.

    Values are by ``attname``, in Python's form.
    """
    fields = [field for field in model._meta.concrete_fields if not field.generated]  # noqa: SLF001
    ids = reserve_ids(model, len(rows))
    columns = [(field, _stored(field, _default(field))) for field in fields]
    copied = ({**row, "id": id_} for id_, row in zip(ids, rows, strict=True))
    copy_rows(
        model,
        [field.attname for field in fields],
        ([_column(field, default, row) for field, default in columns] for row in copied),
    )
    ledger.made(model, ids)
    return ids


def changes_of(row: Model, facts: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return by field what a row has and what it is to have, where the two differ."""
    changes = {}
    for name, value in facts.items():
        before = getattr(row, name)
        if before != value:
            changes[name] = (_shown(before), _shown(value))
    return changes


def change_rows(ledger: Ledger, rows: Iterable[tuple[Model, Mapping[str, Any]]]) -> None:
    """Give rows these values for fields (by ``attname``), and keep what they had."""
    groups: dict[tuple[str, ...], list[Model]] = {}
    said = [(row, _with_digests(row, values)) for row, values in rows if values]
    for row, values in said:
        groups.setdefault(tuple(sorted(values)), []).append(row)
    for names, group in groups.items():
        ledger.changes(group, [_field(type(group[0]), name).name for name in names])
    for row, values in said:
        for name, value in values.items():
            setattr(row, name, value)
    for names, group in groups.items():
        fields = [_field(type(group[0]), name).name for name in names]
        type(group[0])._default_manager.bulk_update(group, fields, batch_size=1000)  # noqa: SLF001


def _shown(value: object) -> str:
    if isinstance(value, GEOSGeometry):
        x, y = value.point_on_surface.coords
        return f"{x:.6f}, {y:.6f}"
    return "" if value is None else str(value)


def _with_digests(row: Model, values: Mapping[str, Any]) -> dict[str, Any]:
    digests = {
        field.attname: digest(values[field.of], field.purpose) if values[field.of] else None
        for field in row._meta.fields  # noqa: SLF001 - public, whatever its name
        if isinstance(field, DigestField) and field.of in values
    }
    return {**values, **digests}


def _field(model: type[Model], name: str) -> Field[Any, Any]:
    return next(field for field in model._meta.fields if name in {field.attname, field.name})  # noqa: SLF001


def _column(field: Field[Any, Any], default: object, row: Mapping[str, Any]) -> object:
    if isinstance(field, DigestField):
        text = row.get(field.of)
        return digest(text, field.purpose) if text else None
    return _stored(field, row[field.attname]) if field.attname in row else default


def _default(field: Field[Any, Any]) -> object:
    return field.get_default() if field.db_default is NOT_PROVIDED else field.db_default


def _stored(field: Field[Any, Any], value: object) -> object:
    if isinstance(value, GEOSGeometry):
        return value.hexewkb.decode()
    return field.get_db_prep_save(value, connection)
