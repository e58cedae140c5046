"""Which households of the register the rows of a batch may be about."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from gis_grids.sealing import normal
from gis_grids.selectors import descendant_ids
from households.models import Household, HouseholdUnit, Residence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet

    from households.models import ImportRun
    from households.services.imports.kinds.where import Spot
    from households.services.imports.ledger import Ledger
    from households.services.imports.rows import ReadRow

#: Two places nearer than this are the same, in degrees: a metre.
_SAME_PLACE = 1e-5


class Known:
    """The current households at the spots of a batch, and those that its rows name by number."""

    def __init__(
        self, run: ImportRun, rows: Sequence[ReadRow], spots: Sequence[Spot], ledger: Ledger
    ) -> None:
        self._made = frozenset(ledger.ids_made(Household))
        here = HouseholdUnit.objects.filter(unit__in=descendant_ids([run.unit_id]), valid__upper_inf=True)
        every = Household.objects.current()
        ours = every.filter(pk__in=here.values("household"))
        numbers = {row.values["id"] for row in rows if "id" in row.values}
        self.by_number = {one.pk: one for one in self._those(ours, pk__in=numbers)}
        dwellings = {spot.dwelling_id for spot in spots if spot.dwelling_id is not None}
        self._at: dict[int, list[Household]] = {}
        for one in self._those(every, dwelling__in=dwellings):
            self._at.setdefault(one.dwelling_id or 0, []).append(one)
        names = {
            row.values["householder"]
            for row, spot in zip(rows, spots, strict=True)
            if spot.dwelling_id is None and spot.home is None and "householder" in row.values
        }
        self._names = {row.values["householder"] for row in rows if "householder" in row.values}
        self._homeless: dict[str, list[Household]] = {}
        for one in self._those(ours, householder__in=names, dwelling=None):
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

    def resident_named(self, household: Household, name: str) -> Residence | None:
        """Return the one resident of this name who lives in the household today."""
        found = self._residents.get((household.pk, name), ())
        return found[0] if len(found) == 1 else None

    def head(self, household: Household) -> Residence | None:
        """Return the residence of the household's head today."""
        return self._heads.get(household.pk)

    @cached_property
    def _heads(self) -> Mapping[int, Residence]:
        heads = self._living.filter(relation=Residence.Relation.HEAD)
        return {one.household_id: one for one in heads}

    @cached_property
    def _residents(self) -> Mapping[tuple[int, str], list[Residence]]:
        """Who lives today in all these households and is called like a householder of the rows."""
        found: dict[tuple[int, str], list[Residence]] = {}
        for one in self._living.filter(resident__name__in=self._names):
            found.setdefault((one.household_id, one.resident.name), []).append(one)
        return found

    @property
    def _living(self) -> QuerySet[Residence]:
        lists = (self.by_number.values(), *self._at.values(), *self._homeless.values())
        ids = {one.pk for households in lists for one in households}
        today = Residence.objects.filter(household__in=ids, days__contains=timezone.localdate())
        return today.select_related("resident")

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
