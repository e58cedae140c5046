"""Which households of the register the rows of a batch may be about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gis_grids.sealing import normal
from gis_grids.selectors import descendant_ids
from households.models import Household, HouseholdUnit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from households.models import ImportRun
    from households.services.imports.kinds.where import Spot
    from households.services.imports.ledger import Ledger
    from households.services.imports.rows import ReadRow

#: Two places nearer than this are the same, in degrees: a metre.
_SAME_PLACE = 1e-5


class Known:
    """The households at the spots of a batch, and those that its rows name by number."""

    def __init__(
        self, run: ImportRun, rows: Sequence[ReadRow], spots: Sequence[Spot], ledger: Ledger
    ) -> None:
        self._made = frozenset(ledger.ids_made(Household))
        below = descendant_ids([run.unit_id])
        ours = HouseholdUnit.objects.filter(unit__in=below, valid__upper_inf=True).values("household")
        numbers = {row.values["id"] for row in rows if "id" in row.values}
        self.by_number = {
            one.pk: one for one in self._those(Household.objects.filter(pk__in=ours), pk__in=numbers)
        }
        self._at: dict[int, list[Household]] = {}
        dwellings = {spot.dwelling_id for spot in spots if spot.dwelling_id is not None}
        for one in self._those(Household.objects.all(), dwelling__in=dwellings):
            self._at.setdefault(one.dwelling_id or 0, []).append(one)
        names = {
            row.values["householder"]
            for row, spot in zip(rows, spots, strict=True)
            if spot.dwelling_id is None and spot.home is None and "householder" in row.values
        }
        self._homeless: dict[str, list[Household]] = {}
        for one in self._those(Household.objects.filter(pk__in=ours), householder__in=names, dwelling=None):
            self._homeless.setdefault(one.householder, []).append(one)

    def in_dwelling(self, spot: Spot) -> list[Household]:
        """Return the households in the spot's dwelling."""
        return self._at.get(spot.dwelling_id or 0, [])

    def elsewhere(self, name: str, address: str, spot: Spot) -> list[Household]:
        """Return the households of this name without a dwelling, at this address or else this place."""
        same = self._homeless.get(name, [])
        if address:
            return [one for one in same if normal(one.address) == normal(address)]
        if spot.place:
            return [one for one in same if is_at(one, spot.place)]
        return [one for one in same if one.place is None]

    def _those(self, households: QuerySet[Household], **wanted: Any) -> list[Household]:  # noqa: ANN401
        """Return the households that are wanted, without those of this very import."""
        if not next(iter(wanted.values())):
            return []
        return [one for one in households.filter(**wanted).order_by("pk") if one.pk not in self._made]


def is_at(household: Household, place: tuple[float, float]) -> bool:
    """Tell whether the household stands at the place already (lon/lat), to a metre."""
    if household.place is None:
        return False
    x, y = household.place.coords
    return abs(x - place[0]) < _SAME_PLACE and abs(y - place[1]) < _SAME_PLACE
