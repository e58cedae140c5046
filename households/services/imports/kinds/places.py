"""Places of households out of a map file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from django.utils.translation import pgettext_lazy

from households.models import HouseholdChange
from households.services.imports.kinds.base import Kind
from households.services.imports.kinds.households import HOUSEHOLDER, NUMBER
from households.services.imports.kinds.known import Known, is_at
from households.services.imports.kinds.people import People
from households.services.imports.kinds.shapes import GEOMETRY_COLUMN, point_of
from households.services.imports.kinds.where import ADDRESS, Whereabouts, composed
from households.services.imports.placing import note_places, place_fields
from households.services.imports.repeats import Repeats
from households.services.imports.rows import Outcome, Plan, named
from households.services.imports.writing import change_rows
from households.services.places import home_households

if TYPE_CHECKING:
    from collections.abc import Sequence

    from households.models import Household, ImportRun
    from households.services.imports.kinds.where import Spot
    from households.services.imports.ledger import Ledger
    from households.services.imports.rows import ReadRow

_SHAPES: Final = {"Point", "Polygon", "MultiPolygon"}


class PlaceTaker:
    """Gives households that are there the places of a map file; it enters none."""

    def __init__(self, run: ImportRun, crs: str, ledger: Ledger) -> None:
        self._run, self._crs, self._ledger = run, crs, ledger
        self._where = Whereabouts(run, "EPSG:4326")  # shapes come in lon/lat
        self._people = People(run, ledger)
        self._repeats = Repeats()
        self._moved: list[int] = []

    def plan(self, rows: Sequence[ReadRow]) -> list[Plan]:
        """Say what becomes of each row."""
        for row in rows:
            if "geometry" in row.values:
                _take_point(row)
        spots = self._where.find(rows)
        known = Known(self._run, rows, spots, self._ledger)
        return [self._planned(row, spot, known) for row, spot in zip(rows, spots, strict=True)]

    def write(self, plans: Sequence[Plan]) -> None:
        """Move the households."""
        rows = [
            (household, place_fields(place, self._crs))
            for household, place in (plan.payload for plan in plans)
        ]
        note_places(self._run, rows)
        change_rows(self._ledger, rows)
        moved = [household.pk for household, _said in rows]
        self._people.note(moved, HouseholdChange.What.CORRECTED)
        self._moved += moved

    def finish(self) -> None:
        """Find their units anew."""
        home_households(household_ids=self._moved)

    def _planned(self, row: ReadRow, spot: Spot, known: Known) -> Plan:
        row.drop("dwelling.new", "address.no_room")
        household = self._household(row, spot, known)
        if row.is_bad or household is None or spot.place is None:
            return Plan(row, Outcome.BAD)
        if not self._repeats.take(row, household.pk):
            return Plan(row, Outcome.BAD if row.is_bad else Outcome.LEFT)
        if is_at(household, spot.place):
            return Plan(row, Outcome.SAME, household.pk)
        before = "{:.6f}, {:.6f}".format(*household.place.coords) if household.place else ""
        changes = {"place": (before, f"{spot.place[0]:.6f}, {spot.place[1]:.6f}")}
        return Plan(row, Outcome.CHANGED, household.pk, changes, (household, spot.place))

    @staticmethod
    def _household(row: ReadRow, spot: Spot, known: Known) -> Household | None:
        if "id" in row.values:
            household = known.by_number.get(row.values["id"])
            if household is None:
                row.refuse("household.no_such_id")
            return household
        name = row.values.get("householder", "")
        there = known.in_dwelling(spot) or known.elsewhere(name, composed(row.values), spot)
        there = [one for one in there if one.householder == name] or there if name else there
        if len(there) == 1:
            return there[0]
        if not row.is_bad:
            row.refuse("household.several" if there else "household.none")
        return None


def _take_point(row: ReadRow) -> None:
    """Give a row the coordinates of its shape, if that can be a household's place."""
    shape = row.values["geometry"]
    if shape.geom_type not in _SHAPES:
        row.refuse("shape.no_point")
        return
    if shape.geom_type.endswith("Polygon"):
        row.remark("shape.inside")
    row.values["lon"], row.values["lat"] = point_of(shape)


#: Not by "name": KML calls so whatever a thing is called.
_HOUSEHOLDER: Final = replace(
    HOUSEHOLDER, headings=named("户主|Householder|户主姓名|住户姓名|Head of household|Head")
)

PLACES: Final = Kind(
    key="places",
    columns=(NUMBER, *(column for column in ADDRESS if column.key != "unit"), _HOUSEHOLDER, GEOMETRY_COLUMN),
    taker=PlaceTaker,
    is_map=True,
    other_labels={"place": pgettext_lazy("column", "Place")},
)
