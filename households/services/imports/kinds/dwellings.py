"""Dwellings that a table names and the register hasn't yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from households.models import Dwelling, Entrance
from households.services.imports.writing import enter_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from households.services.imports.kinds.where import HomeKey, Spot
    from households.services.imports.ledger import Ledger


class Dwellings:
    """Enters the dwellings of one import, each once."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._made: dict[HomeKey, int] = {}
        self._keys: dict[int, HomeKey] = {}

    def key_of(self, spot: Spot) -> HomeKey | int | None:
        """Return what names the dwelling of a spot, whether this import made it or not."""
        if spot.dwelling_id is not None:
            return self._keys.get(spot.dwelling_id, spot.dwelling_id)
        return spot.home

    def make(self, spots: Iterable[Spot]) -> None:
        """Enter what isn't there yet, with its entrances, and give each spot its dwelling."""
        waiting = [spot for spot in spots if spot.dwelling_id is None and spot.home is not None]
        new: dict[HomeKey, Spot] = {}
        for spot in waiting:
            assert spot.home is not None  # noqa: S101 - as chosen above
            if spot.home not in self._made:
                new.setdefault(spot.home, spot)
        if new:
            self._enter(new)
        for spot in waiting:
            assert spot.home is not None  # noqa: S101
            spot.dwelling_id = self._made[spot.home]

    def _enter(self, new: dict[HomeKey, Spot]) -> None:
        entrances = self._entrances([key for key in new if key[1] is not None])
        rows = [
            {
                "building_id": building,
                "entrance_id": entrances.get((building, entrance)),
                "floor": spot.floor,
                "room": room,
            }
            for (building, entrance, room), spot in new.items()
        ]
        ids = enter_rows(self._ledger, Dwelling, rows)
        for id_, key in zip(ids, new, strict=True):
            self._made[key], self._keys[id_] = id_, key

    def _entrances(self, keys: Sequence[HomeKey]) -> dict[tuple[int, int | None], int]:
        """Return the entrances of these dwellings, entering those that there aren't."""
        known = Entrance.objects.filter(building__in={key[0] for key in keys})
        found: dict[tuple[int, int | None], int] = {
            (building, number): id_ for building, number, id_ in known.values_list("building", "number", "id")
        }
        missing = sorted({(key[0], key[1] or 0) for key in keys} - found.keys())
        rows = [{"building_id": building, "number": number} for building, number in missing]
        ids = enter_rows(self._ledger, Entrance, rows)
        return found | dict(zip(missing, ids, strict=True))
