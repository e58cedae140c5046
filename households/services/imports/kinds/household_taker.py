"""Takes the rows of a table of households."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from households.models import Household, HouseholdChange, HouseholdUnit, Residence
from households.services.imports.kinds.dwellings import Dwellings
from households.services.imports.kinds.known import Known, is_at
from households.services.imports.kinds.people import NewPerson, People
from households.services.imports.kinds.stays import Stays
from households.services.imports.kinds.where import Whereabouts, composed
from households.services.imports.placing import note_places, place_fields
from households.services.imports.repeats import Repeats
from households.services.imports.rows import Outcome, Plan
from households.services.imports.writing import change_rows, enter_rows
from households.services.loading import place_by_building
from households.services.places import home_households
from households.services.standing import keep_in_step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from django.db.models import Model

    from households.models import ImportRun
    from households.services.imports.kinds.where import Spot
    from households.services.imports.ledger import Ledger
    from households.services.imports.rows import ReadRow

#: The fields of a household that a cell can change, by the columns of the same names.
_FIELDS: Final = ("size", "tenure", "since")


@dataclass(slots=True)
class _Draft:
    """A row on its way: where its household is, which one it is, who is its head, and who is to be it."""

    spot: Spot
    address: str
    household: Household | None = None
    head: Residence | None = None
    next_head: Residence | None = None


class HouseholdTaker:
    """Knows a household by its number, else by dwelling and householder, else by address and householder.

    A householder becomes a resident, the head.
    """

    def __init__(self, run: ImportRun, crs: str, ledger: Ledger) -> None:
        self._run, self._crs, self._ledger = run, crs, ledger
        self._where = Whereabouts(run, crs)
        self._dwellings = Dwellings(ledger)
        self._people = People(run, ledger)
        self._stays = Stays(run, self._people, ledger)
        self._repeats = Repeats()
        self._touched: list[int] = []
        self._moved: list[int] = []

    def plan(self, rows: Sequence[ReadRow]) -> list[Plan]:
        """Say what becomes of each row."""
        spots = self._where.find(rows)
        known = Known(self._run, rows, spots, self._ledger)
        return [self._planned(row, spot, known) for row, spot in zip(rows, spots, strict=True)]

    def write(self, plans: Sequence[Plan]) -> None:
        """Write new households, and change those that are there."""
        self._dwellings.make(plan.payload.spot for plan in plans)
        self._enter([plan for plan in plans if plan.outcome is not Outcome.CHANGED])
        self._change([plan for plan in plans if plan.outcome is Outcome.CHANGED])

    def finish(self) -> None:
        """Bring them in step with their heads, and give them their places and units."""
        self._stays.finish()
        keep_in_step(household_ids=self._touched)
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
        place = home or (draft.address, spot.place, spot.unit_id)
        if not self._repeats.take(row, row.values.get("id") or (place, name), home):
            return Plan(row, Outcome.BAD if row.is_bad else Outcome.LEFT)
        if draft.household is None:
            return Plan(row, outcome, payload=draft)
        draft.head = known.head(draft.household)
        changes = self._changes(row, draft, draft.household, self._stays.day)
        outcome = Outcome.CHANGED if changes else Outcome.SAME
        return Plan(row, outcome, draft.household.pk, changes, draft)

    def _matched(self, row: ReadRow, draft: _Draft, known: Known) -> Outcome:
        """Find the household that a row is about; without one say whether it is NEW, or OTHER."""
        spot, name = draft.spot, row.values.get("householder", "")
        if "id" in row.values:
            self._numbered(row, draft, name, known)
            return Outcome.SAME
        if spot.is_nowhere and not draft.address and not row.is_bad:
            row.refuse("address.missing")
        there, fitting = self._fitting(spot, name, draft.address, known)
        if len(fitting) > 1:
            row.refuse("household.several")
        elif fitting:
            [draft.household] = fitting
            return Outcome.SAME
        elif self._has_next_head(draft, name, there, known):
            return Outcome.SAME
        elif there:
            row.remark("household.other")
            return Outcome.OTHER
        return Outcome.NEW

    @staticmethod
    def _numbered(row: ReadRow, draft: _Draft, name: str, known: Known) -> None:
        """Find the household of which the row gives the number; another head must be one of its people."""
        draft.household = known.by_number.get(row.values["id"])
        if draft.household is None:
            row.refuse("household.no_such_id")
        elif name and draft.household.householder not in {name, ""}:
            draft.next_head = known.resident_named(draft.household, name)
            if draft.next_head is None:
                row.refuse("household.other_head")

    @staticmethod
    def _has_next_head(draft: _Draft, name: str, there: Sequence[Household], known: Known) -> bool:
        """Find the household of which somebody who lives there is to be the head, if it is clear which."""
        nexts = [(one, each) for one in there if (each := known.resident_named(one, name))]
        if len(nexts) == 1:
            [(draft.household, draft.next_head)] = nexts
        return draft.next_head is not None

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
    def _changes(row: ReadRow, draft: _Draft, household: Household, day: date) -> dict[str, tuple[str, str]]:
        """Return what the row says otherwise than the register; an empty cell says nothing."""
        changes: dict[str, tuple[str, str]] = {
            name: (str(before or ""), str(row.values[name]))
            for name in ("householder", "phone", *_FIELDS)
            if name in row.values and (before := getattr(household, name)) != row.values[name]
        }
        if draft.next_head is not None:
            changes["head_since"] = ("", day.isoformat())
        spot = draft.spot
        if spot.place and not is_at(household, spot.place):
            before = "{:.6f}, {:.6f}".format(*household.place.coords) if household.place else ""
            changes["place"] = (before, f"{spot.place[0]:.6f}, {spot.place[1]:.6f}")
        return changes

    def _enter(self, plans: Sequence[Plan]) -> None:
        ids = enter_rows(self._ledger, Household, [self._row(plan) for plan in plans])
        self._people.enter(
            [
                self._head(id_, plan.row)
                for id_, plan in zip(ids, plans, strict=True)
                if "householder" in plan.row.values
            ]
        )
        self._people.note(ids, HouseholdChange.What.OPENED)
        self._put_into_units(ids, plans)

    @staticmethod
    def _head(household_id: int, row: ReadRow) -> NewPerson:
        return NewPerson(
            household_id=household_id,
            name=row.values["householder"],
            relation=Residence.Relation.HEAD,
            since=row.values.get("since"),
            person={"phone": row.values.get("phone", "")},
        )

    def _row(self, plan: Plan) -> dict[str, object]:
        draft: _Draft = plan.payload
        said = ("householder", "phone", *_FIELDS)
        return {
            "dwelling_id": draft.spot.dwelling_id,
            "address": draft.address,
            **{name: plan.row.values[name] for name in said if name in plan.row.values},
            **place_fields(draft.spot.place, self._crs),
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
        moved = [plan.payload for plan in plans if "place" in plan.changes]
        note_places(
            self._run, [(draft.household, place_fields(draft.spot.place, self._crs)) for draft in moved]
        )
        change_rows(self._ledger, [pair for plan in plans for pair in self._said(plan)])
        self._people.enter(
            [
                self._head(plan.target, plan.row)
                for plan in plans
                if plan.target and "householder" in plan.changes and plan.payload.next_head is None
            ]
        )
        for plan in plans:
            self._give_head(plan.payload)
            assert plan.target is not None  # noqa: S101 - what changes is there
            self._touched.append(plan.target)
            if "place" in plan.changes:
                self._moved.append(plan.target)
        self._people.note([plan.target for plan in plans if plan.target], HouseholdChange.What.CORRECTED)

    def _give_head(self, draft: _Draft) -> None:
        if draft.next_head is not None:
            if draft.head is not None:
                self._stays.take(draft.head, "relation")
            self._stays.give(draft.next_head, relation=Residence.Relation.HEAD)

    def _said(self, plan: Plan) -> Iterator[tuple[Model, Mapping[str, object]]]:
        """Yield what is to be written to a household, and to its head."""
        draft: _Draft = plan.payload
        assert draft.household is not None  # noqa: S101
        said: dict[str, object] = {name: plan.row.values[name] for name in plan.changes if name in _FIELDS}
        if "place" in plan.changes:
            said |= place_fields(draft.spot.place, self._crs)
        head = draft.next_head or draft.head
        if "phone" in plan.changes and head is not None:
            yield head.resident, {"phone": plan.row.values["phone"]}
        # What follows from the head is noted too, so that it can be put back.
        said |= {name: plan.row.values[name] for name in ("householder", "phone") if name in plan.changes}
        yield draft.household, said
