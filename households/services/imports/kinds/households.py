"""Households out of a table: new ones, and changes to those that are there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.contrib.gis.geos import Point
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from households.models import Household, HouseholdUnit, PlaceSource
from households.services.copying import copy_rows, reserve_ids
from households.services.imports.cells import person_name, phone, whole
from households.services.imports.kinds.base import Kind
from households.services.imports.kinds.dwellings import Dwellings
from households.services.imports.kinds.known import Known, is_at
from households.services.imports.kinds.where import ADDRESS, COORDINATES, Whereabouts, composed
from households.services.imports.repeats import Repeats
from households.services.imports.rows import Column, Outcome, Plan
from households.services.imports.writing import change_rows, copied
from households.services.loading import HOUSEHOLD_COLUMNS, place_by_building
from households.services.places import home_households

if TYPE_CHECKING:
    from collections.abc import Sequence

    from households.models import ImportRun
    from households.services.imports.kinds.where import Spot
    from households.services.imports.ledger import Ledger
    from households.services.imports.rows import ReadRow

COLUMNS: Final = (
    Column(
        key="id",
        label=_("Number of the household"),
        headings=("户编号", "Household no.", "住户编号", "户号（系统）", "Household id"),
        read=whole(1, 10**9 - 1),
    ),
    *ADDRESS,
    Column(
        key="householder",
        label=_("Householder"),
        headings=(
            "户主",
            "Householder",
            "户主姓名",
            "姓名",
            "住户姓名",
            "联系人",
            "Head of household",
            "Name",
        ),
        read=person_name,
    ),
    Column(
        key="phone",
        label=_("Phone"),
        headings=(
            "电话",
            "Phone",
            "联系电话",
            "手机",
            "手机号",
            "手机号码",
            "联系方式",
            "电话号码",
            "户主电话",
            "Telephone",
        ),
        read=phone,
    ),
    Column(
        key="size",
        label=_("Residents"),
        headings=(
            "人口",
            "Residents",
            "人口数",
            "家庭人口",
            "家庭人口数",
            "人数",
            "常住人口数",
            "户内人数",
            "People",
        ),
        read=whole(0, 99),
    ),
    *COORDINATES,
)

#: The fields that a cell can change, by the columns of the same names.
_FIELDS: Final = ("householder", "phone", "size")


@dataclass(slots=True)
class _Draft:
    """A row on its way: where its household is, and which one it is."""

    spot: Spot
    address: str
    household: Household | None = None


class HouseholdTaker:
    """Knows a household by its number, else by dwelling and householder, else by address and householder."""

    def __init__(self, run: ImportRun, crs: str, ledger: Ledger) -> None:
        self._run, self._ledger = run, ledger
        self._source = PlaceSource.GEOCODED if crs[:5] in {"gcj02", "bd09"} else PlaceSource.SURVEY
        self._where = Whereabouts(run, crs)
        self._dwellings = Dwellings(ledger)
        self._repeats = Repeats()
        self._moved: list[int] = []

    def plan(self, rows: Sequence[ReadRow]) -> list[Plan]:
        """Say what becomes of each row."""
        spots = self._where.find(rows)
        known = Known(self._run, rows, spots, self._ledger)
        return [self._planned(row, spot, known) for row, spot in zip(rows, spots, strict=True)]

    def write(self, plans: Sequence[Plan]) -> None:
        """Write new households, and change those that are there."""
        self._dwellings.make(plan.payload.spot for plan in plans)
        new = [plan for plan in plans if plan.outcome is not Outcome.CHANGED]
        ids = reserve_ids(Household, len(new))
        copy_rows(Household, HOUSEHOLD_COLUMNS, map(self._copied, ids, new))
        self._ledger.made(Household, ids)
        self._put_into_units(ids, new)
        self._change([plan for plan in plans if plan.outcome is Outcome.CHANGED])

    def finish(self) -> None:
        """Give all of them their places and units."""
        ids = [*self._ledger.ids_made(Household), *self._moved]
        place_by_building(household_ids=ids, when=timezone.now())
        home_households(household_ids=ids)

    def _planned(self, row: ReadRow, spot: Spot, known: Known) -> Plan:
        draft = _Draft(spot, composed(row.values)[:200])
        outcome = self._matched(row, draft, known)
        if row.is_bad:
            return Plan(row, Outcome.BAD)
        name = row.values.get("householder", "")
        home = self._dwellings.key_of(spot)
        key = (row.values.get("id"), home, name) if home else (draft.address, spot.place, spot.unit_id, name)
        if not self._repeats.take(row, key, home):
            return Plan(row, Outcome.BAD if row.is_bad else Outcome.LEFT)
        if outcome is not Outcome.SAME:
            return Plan(row, outcome, payload=draft)
        assert draft.household is not None  # noqa: S101 - that is what SAME means so far
        changes = self._changes(row, draft, draft.household)
        outcome = Outcome.CHANGED if changes else Outcome.SAME
        return Plan(row, outcome, draft.household.pk, changes, draft)

    def _matched(self, row: ReadRow, draft: _Draft, known: Known) -> Outcome:
        """Find the household that a row is about: SAME with it, NEW, or OTHER."""
        spot, name = draft.spot, row.values.get("householder", "")
        if "id" in row.values:
            draft.household = known.by_number.get(row.values["id"])
            if draft.household is None:
                row.refuse("household.no_such_id")
            return Outcome.SAME
        if spot.is_nowhere and not draft.address:
            row.refuse("address.missing")
        there, fitting = self._fitting(spot, name, draft.address, known)
        if len(fitting) > 1:
            row.refuse("household.several")
        elif fitting:
            [draft.household] = fitting
            return Outcome.SAME
        elif there:
            row.remark("household.other")
            return Outcome.OTHER
        return Outcome.NEW

    @staticmethod
    def _fitting(
        spot: Spot, name: str, address: str, known: Known
    ) -> tuple[list[Household], list[Household]]:
        """Return who lives there, and who of them the row can be about."""
        if not spot.home and not spot.dwelling_id:
            same = known.elsewhere(name, address, spot)
            return same, same
        there = known.in_dwelling(spot)
        unnamed = [one for one in there if not name or one.householder in {name, ""}]
        return there, [one for one in unnamed if one.householder == name] or unnamed

    @staticmethod
    def _changes(row: ReadRow, draft: _Draft, household: Household) -> dict[str, tuple[str, str]]:
        """Return what the row says otherwise than the register; an empty cell says nothing."""
        changes: dict[str, tuple[str, str]] = {
            name: (str(before), str(row.values[name]))
            for name in _FIELDS
            if name in row.values and (before := getattr(household, name)) != row.values[name]
        }
        spot = draft.spot
        if spot.place and not is_at(household, spot.place):
            before = "{:.6f}, {:.6f}".format(*household.place.coords) if household.place else ""
            changes["place"] = (before, f"{spot.place[0]:.6f}, {spot.place[1]:.6f}")
        if (spot.home or spot.dwelling_id) and household.dwelling_id != spot.dwelling_id:
            changes["dwelling"] = (household.address, draft.address)
        return changes

    def _copied(self, id_: int, plan: Plan) -> tuple[object, ...]:
        draft: _Draft = plan.payload
        values: dict[str, object] = {
            "id": id_,
            "dwelling_id": draft.spot.dwelling_id,
            "address": draft.address,
            **{name: plan.row.values[name] for name in _FIELDS if name in plan.row.values},
            **self._placed(draft.spot),
        }
        return copied(Household, HOUSEHOLD_COLUMNS, values)

    def _placed(self, spot: Spot) -> dict[str, object]:
        if spot.place is None:
            return {}
        return {
            "place": Point(*spot.place, srid=4326),
            "place_source": self._source,
            "place_accuracy_m": None,
            "placed_on": timezone.localdate(),
        }

    def _put_into_units(self, ids: Sequence[int], plans: Sequence[Plan]) -> None:
        """Put those into the grid that their row names of whom nothing else says where they are."""
        since = DateTimeTZRange(timezone.now(), None)
        spots = [(id_, plan.payload.spot) for id_, plan in zip(ids, plans, strict=True)]
        HouseholdUnit.objects.bulk_create(
            HouseholdUnit(
                household_id=id_, unit_id=spot.unit_id, source=HouseholdUnit.Source.MANUAL, valid=since
            )
            for id_, spot in spots
            if spot.unit_id and spot.building_id is None and spot.place is None
        )

    def _change(self, plans: Sequence[Plan]) -> None:
        change_rows(self._ledger, [(plan.payload.household, self._said(plan)) for plan in plans])
        self._moved += [
            plan.target for plan in plans if plan.target and plan.changes.keys() & {"place", "dwelling"}
        ]

    def _said(self, plan: Plan) -> dict[str, object]:
        draft: _Draft = plan.payload
        said: dict[str, object] = {name: plan.row.values[name] for name in plan.changes if name in _FIELDS}
        if "place" in plan.changes:
            said |= self._placed(draft.spot)
        if "dwelling" in plan.changes:
            said |= {"dwelling_id": draft.spot.dwelling_id, "address": draft.address}
        return said


HOUSEHOLDS: Final = Kind(key="households", columns=COLUMNS, taker=HouseholdTaker)
