"""The places that imports give households that are there, with what each had before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid5

from django.contrib.gis.geos import Point
from django.utils import timezone

from households.models import PlaceChange, PlaceSource

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from households.models import Household, ImportRun

_NAMES: Final = UUID("1f6a3c2e-6d0e-4a43-9c1c-0b6b7a1f2d55")


def place_fields(place: tuple[float, float] | None, crs: str) -> dict[str, Any]:
    """Return the fields of a household that an import has placed (lon/lat) by a coordinate system."""
    if place is None:
        return {}
    is_offset = crs.startswith(("gcj02", "bd09"))
    return {
        "place": Point(*place, srid=4326),
        "place_source": PlaceSource.GEOCODED if is_offset else PlaceSource.SURVEY,
        "place_accuracy_m": None,
        "placed_on": timezone.localdate(),
    }


def note_places(run: ImportRun, moved: Iterable[tuple[Household, dict[str, Any]]]) -> None:
    """Write the history of places that are to change: to be called while the households are as they were."""
    now = timezone.now()
    PlaceChange.objects.bulk_create(
        PlaceChange(
            id=_id_of(run, household.pk),
            household=household,
            changed_by_id=run.author_id,
            at=now,
            received_at=now,
            source=said["place_source"],
            place=said["place"],
            place_before=household.place,
            source_before=household.place_source,
            accuracy_before_m=household.place_accuracy_m,
            placed_on_before=household.placed_on,
        )
        for household, said in moved
    )


def take_places_back(run: ImportRun, household_ids: Collection[int]) -> None:
    """Mark the places that the import gave these households as taken back."""
    ids = [_id_of(run, household_id) for household_id in household_ids]
    PlaceChange.objects.filter(pk__in=ids).update(
        was_used=False, undone_at=timezone.now(), undone_by=run.undone_by_id
    )


def _id_of(run: ImportRun, household_id: int) -> UUID:
    """Return the id of the one place that an import can give a household."""
    return uuid5(_NAMES, f"{run.pk}/{household_id}")
