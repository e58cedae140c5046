"""Set fields of a row anew, and keep what stood there before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from gis_grids.models import Correction
from gis_grids.models.sealed import with_digests

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import Model


@transaction.atomic
def correct(*, actor: AbstractBaseUser, row: Model, values: Mapping[str, Any]) -> list[str]:
    """Save the row with these values, and return the names of the fields that differed.

    What stood in each of them is kept as text (`gis_grids.models.Correction`). Rights and what the values may
    be are the caller's to check; the database's constraints hold as ever.
    """
    before = {name: getattr(row, name) for name in values}
    changed = [name for name, value in values.items() if before[name] != value]
    if not changed:
        return []
    for name in changed:
        setattr(row, name, values[name])
    row.save(update_fields=with_digests(type(row), changed))
    _keep(actor, row, {name: before[name] for name in changed})
    return changed


@transaction.atomic
def delete_kept(*, actor: AbstractBaseUser, row: Model, fields: Iterable[str]) -> None:
    """Delete the row, and keep what stood in these fields, as `correct` does."""
    _keep(actor, row, {name: getattr(row, name) for name in fields})
    row.delete()


def _keep(actor: AbstractBaseUser, row: Model, before: Mapping[str, Any]) -> None:
    Correction.objects.bulk_create(
        Correction(
            model=row._meta.label_lower,  # noqa: SLF001 - public, whatever its name
            row=str(row.pk),
            field=name,
            before=_as_text(value),
            actor_id=actor.pk,
        )
        for name, value in before.items()
    )


def forget_corrections(model: type[Model], ids: Collection[int]) -> None:
    """Take what stood in these rows from their corrections; that they were corrected stays."""
    label = model._meta.label_lower  # noqa: SLF001 - public, whatever its name
    Correction.objects.filter(model=label, row__in=[str(id_) for id_ in ids]).update(before="")


def _as_text(value: object) -> str:
    return "" if value is None else str(value)
