"""What imports give up when a person, or a household, is erased: what they keep of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from households.models import ImportChange, ImportRow, ImportRun, PartyMember, Residence

if TYPE_CHECKING:
    from collections.abc import Collection

Kind = ImportRun.Kind


def forget_imported(resident_ids: Collection[int]) -> None:
    """Empty what imports keep of residents, in the caller's transaction; that there was such a row stays."""
    stays = Residence.objects.filter(resident__in=resident_ids).values_list("pk", flat=True)
    members = PartyMember.objects.filter(resident__in=resident_ids).values_list("pk", flat=True)
    _forget(
        Q(run__kind=Kind.RESIDENTS, target__in=resident_ids) | Q(run__kind=Kind.MEMBERS, target__in=members),
        _of("households.resident", resident_ids)
        | _of("households.residence", stays)
        | _of("households.partymember", members),
    )


def forget_imported_households(household_ids: Collection[int]) -> None:
    """Empty what imports keep of households, in the caller's transaction; that there was such a row stays."""
    _forget(
        Q(run__kind=Kind.HOUSEHOLDS, target__in=household_ids), _of("households.household", household_ids)
    )


def _of(label: str, ids: Collection[int]) -> Q:
    return Q(model=label, object_id__in=ids)


def _forget(rows: Q, changes: Q) -> None:
    told, written = ImportRow.objects.filter(rows), ImportChange.objects.filter(changes)
    runs = {*told.values_list("run", flat=True), *written.values_list("run", flat=True)}
    told.update(proposal="", cells="")
    # Without the digest of what the import wrote, it can't be taken back any more: that is right.
    written.update(before="", after="")
    ImportRun.objects.filter(pk__in=runs).update(sample="")
