"""Takes the rows of a table of residents."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

from households.models import Household, HouseholdChange, Residence, Resident
from households.services.imports.kinds.known import Known
from households.services.imports.kinds.living import Residents
from households.services.imports.kinds.people import NewPerson, People
from households.services.imports.kinds.stays import Stays
from households.services.imports.kinds.where import Spot, Whereabouts, composed
from households.services.imports.repeats import Repeats
from households.services.imports.rows import Outcome, Plan
from households.services.imports.writing import change_rows
from households.services.party.marks import MARKS
from households.services.standing import keep_in_step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from django.db.models import Model

    from households.models import ImportRun
    from households.services.imports.ledger import Ledger
    from households.services.imports.rows import ReadRow

Relation = Residence.Relation

#: What a cell can change of a person, and of where he lives, by the columns of the same names.
_PERSON: Final = ("name", "gender", "born_on", "phone", "note")
_HOME: Final = ("relation", "registration", "is_representative")
#: What follows from the residents of a household.
_FOLLOWING: Final = ("householder", "phone", "phone_digest", "size", *MARKS)
#: What is said of a second holder of a role, by the field that says it.
_ROLES: Final = {"relation": "head", "is_representative": "representative"}


@dataclass(slots=True)
class _Draft:
    """A row on its way: its household, who it is about, where he lives now, and whom he follows in a role.

    ``leaves`` is his residence in another household, if he moves.
    """

    household: Household
    facts: dict[str, Any]
    home: dict[str, Any]
    since: date | None
    resident: Resident | None = None
    residence: Residence | None = None
    leaves: Residence | None = None
    follows: dict[str, Residence] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        """Whether he lives nowhere by the register."""
        return self.residence is None and self.leaves is None


class ResidentTaker:
    """Knows a person by the identity number, wherever he lives, else by name among those of his household.

    Who lives in another household by the register moves: he is known by the number, or by name together with
    the day of birth or the telephone.
    """

    def __init__(self, run: ImportRun, crs: str, ledger: Ledger) -> None:
        self._run, self._ledger = run, ledger
        self._where = Whereabouts(run, crs)
        self._people = People(run, ledger)
        self._stays = Stays(run, self._people, ledger)
        self._repeats = Repeats()
        self._unique: dict[tuple[str, int], int] = {}
        self._new_heads: set[int] = set()
        self._leaving: Counter[int] = Counter()
        self._touched: set[int] = set()

    def plan(self, rows: Sequence[ReadRow]) -> list[Plan]:
        """Say what becomes of each row."""
        homes = self._homes(rows)
        self._new_heads |= {
            home.pk
            for row, home in zip(rows, homes, strict=True)
            if home and row.values.get("relation") == Relation.HEAD
        }
        residents = Residents(self._run, rows, [home for home in homes if home], self._ledger)
        return [self._planned(row, home, residents) for row, home in zip(rows, homes, strict=True)]

    def write(self, plans: Sequence[Plan]) -> None:
        """Enter people, and change those who are there."""
        self._note_households(plans)
        self._people.enter([_new(plan, self._stays) for plan in plans if plan.outcome is Outcome.NEW])
        change_rows(self._ledger, [pair for plan in plans if plan.changes for pair in _said_of_person(plan)])
        for plan in plans:
            if plan.changes:
                self._keep(plan)
        changed = {plan.payload.household.pk for plan in plans if plan.payload.residence and plan.changes}
        entered = {plan.payload.household.pk for plan in plans if plan.payload.is_new}
        self._people.note(sorted(entered), HouseholdChange.What.MOVED_IN)
        self._people.note(sorted(changed), HouseholdChange.What.PERSON)

    def finish(self) -> None:
        """Write who moves and who takes roles over, and bring the households in step with who lives there."""
        self._stays.finish()
        left = {household: -count for household, count in self._stays.left.items()}
        keep_in_step(household_ids=self._touched, size_by=left)

    def _keep(self, plan: Plan) -> None:
        """Remember what a row changes in where people live, and as what."""
        draft: _Draft = plan.payload
        for role, holder in draft.follows.items():
            self._stays.take(holder, role)
        if draft.leaves is not None:
            self._stays.move(draft.leaves, _new(plan, self._stays))
        elif draft.residence is None:
            self._stays.come(_new(plan, self._stays))
        else:
            said = {name: value for name, value in draft.home.items() if name in plan.changes}
            is_over = draft.residence.relation == Relation.HEAD and "relation" in said
            dated = draft.follows.keys() | ({"relation"} if is_over else set())
            self._stays.give(draft.residence, **{name: said[name] for name in said.keys() & dated})
            self._stays.correct(draft.residence, **{name: said[name] for name in said.keys() - dated})

    def _note_households(self, plans: Sequence[Plan]) -> None:
        households = {plan.payload.household.pk: plan.payload.household for plan in plans}
        leaves = (plan.payload.leaves for plan in plans)
        households |= {one.household_id: one.household for one in leaves if one is not None}
        new = [one for pk, one in households.items() if pk not in self._touched]
        if new:
            self._ledger.changes(new, _FOLLOWING)
        self._touched |= households.keys()

    def _homes(self, rows: Sequence[ReadRow]) -> list[Household | None]:
        """Return the household of each row; one that can't be told is refused."""
        placed = [row for row in rows if "id" not in row.values]
        found = dict(zip(map(id, placed), self._where.find(placed), strict=True))
        spots = [found.get(id(row), Spot()) for row in rows]
        known = Known(self._run, rows, spots, self._ledger)
        return [self._home(row, spot, known) for row, spot in zip(rows, spots, strict=True)]

    @staticmethod
    def _home(row: ReadRow, spot: Spot, known: Known) -> Household | None:
        row.drop("dwelling.new", "address.no_room")
        if "id" in row.values:
            household = known.by_number.get(row.values["id"])
            if household is None:
                row.refuse("household.no_such_id")
            return household
        head = row.values.get("householder", "")
        there = known.in_dwelling(spot) or known.elsewhere(head, composed(row.values), spot)
        there = [one for one in there if one.householder == head] or there if head else there
        if len(there) == 1:
            return there[0]
        if not row.is_bad:
            row.refuse("household.several" if there else "household.none")
        return None

    def _planned(self, row: ReadRow, home: Household | None, residents: Residents) -> Plan:
        if row.is_bad or home is None:
            return Plan(row, Outcome.BAD)
        role: dict[str, Any] = {name: row.values[name] for name in _HOME if name in row.values}
        draft = _Draft(home, _facts(row), role, row.values.get("since"))
        born_on = draft.facts.get("born_on")
        if born_on and draft.since and draft.since < born_on:
            row.refuse("resident.before_birth")
        residents.match(row, draft)
        if draft.leaves is not None:
            self._check_move(row, draft, draft.leaves, residents)
        self._check_roles(row, draft, residents)
        if row.is_bad:
            return Plan(row, Outcome.BAD)
        about = draft.facts.get("identity_digest") or (home.pk, row.values["name"], row.values.get("born_on"))
        if not self._repeats.take(row, about):
            return Plan(row, Outcome.BAD if row.is_bad else Outcome.LEFT)
        return self._outcome(row, draft, residents)

    def _outcome(self, row: ReadRow, draft: _Draft, residents: Residents) -> Plan:
        target = draft.resident.pk if draft.resident else None
        if draft.is_new and not draft.follows:
            return Plan(row, Outcome.NEW, target, payload=draft)
        if draft.leaves is not None:
            self._leaving[draft.leaves.household_id] += 1
            if residents.is_last(draft.leaves, self._leaving):
                row.remark("resident.last_one")
        changes = self._changes(draft, residents)
        return Plan(row, Outcome.CHANGED if changes else Outcome.SAME, target, changes, draft)

    def _check_move(self, row: ReadRow, draft: _Draft, former: Residence, residents: Residents) -> None:
        """Refuse a move that can't have been, or that others must know of."""
        day = draft.since or self._stays.day
        if former.days.lower is not None and former.days.lower >= day:
            row.refuse("resident.moved_later")
        if former.resident_id in residents.hub_keepers:
            row.refuse("resident.keeps_hub")
        if draft.since is None:
            row.remark("resident.moves_today", day=day.isoformat())

    def _check_roles(self, row: ReadRow, draft: _Draft, residents: Residents) -> None:
        """Find whom somebody follows as head or representative; refuse a second one of the file."""
        holding = residents.holders(draft.household.pk)
        for role, name in _ROLES.items():
            if draft.home.get(role) not in {True, Relation.HEAD}:
                continue
            first = self._unique.setdefault((role, draft.household.pk), row.number)
            holder = holding.get(role)
            if first != row.number:
                row.refuse(f"resident.second_{name}", row=first)
            elif holder is not None and (draft.residence is None or holder.pk != draft.residence.pk):
                draft.follows[role] = holder
        is_head = draft.residence is not None and draft.residence.relation == Relation.HEAD
        is_given_up = is_head and draft.home.get("relation", Relation.HEAD) != Relation.HEAD
        if is_given_up and draft.household.pk not in self._new_heads:
            row.refuse("resident.is_head")

    def _changes(self, draft: _Draft, residents: Residents) -> dict[str, tuple[str, str]]:
        """Return what the row says otherwise than the register."""
        changes = _changes_of_person(draft)
        if draft.leaves is not None:
            changes["since"] = ("", (draft.since or self._stays.day).isoformat())
            changes["household"] = (residents.shown(draft.leaves.household), residents.shown(draft.household))
        if draft.follows:
            changes["role_since"] = ("", self._stays.day.isoformat())
        for role, holder in draft.follows.items():
            changes[f"former_{_ROLES[role]}"] = (holder.resident.name, draft.facts["name"])
        return changes


def _facts(row: ReadRow) -> dict[str, Any]:
    """Return what a row says of a person; an identity number tells birth and sex too."""
    facts: dict[str, Any] = {name: row.values[name] for name in _PERSON if name in row.values}
    number = row.values.get("identity")
    if number is None:
        return facts
    told = {
        "born_on": number.born_on,
        "gender": Resident.Gender.MALE if number.is_male else Resident.Gender.FEMALE,
    }
    for name, value in told.items():
        if facts.setdefault(name, value) != value:
            row.refuse(f"identity.other_{name}")
    facts |= {"identity_digest": number.digest, "identity_last_four": number.last_four}
    if settings.KEEP_IDENTITY_NUMBERS:
        facts["identity_number"] = number.number
    return facts


def _changes_of_person(draft: _Draft) -> dict[str, tuple[str, str]]:
    pairs: list[tuple[Model, str, Any]] = []
    if draft.resident is not None:
        pairs += [(draft.resident, name, value) for name, value in draft.facts.items() if name in _PERSON]
    if draft.residence is not None:
        pairs += [(draft.residence, name, value) for name, value in draft.home.items()]
    changes = {
        name: (str(before or ""), str(value))
        for one, name, value in pairs
        if (before := getattr(one, name)) != value
    }
    if draft.resident and "identity_digest" in draft.facts and draft.resident.identity_digest is None:
        changes["identity"] = ("", f"…{draft.facts['identity_last_four']}")
    return changes


def _new(plan: Plan, stays: Stays) -> NewPerson:
    draft: _Draft = plan.payload
    return NewPerson(
        household_id=draft.household.pk,
        name=draft.facts["name"],
        relation=draft.home.get("relation", Relation.OTHER),
        since=draft.since or (stays.day if draft.leaves else None),
        person=draft.facts,
        home=draft.home,
        roles_from=stays.day if draft.follows else None,
        resident_id=draft.resident.pk if draft.resident else None,
    )


def _said_of_person(plan: Plan) -> Iterator[tuple[Model, Mapping[str, Any]]]:
    draft: _Draft = plan.payload
    if draft.resident is None:
        return
    person = {name: value for name, value in draft.facts.items() if name in plan.changes}
    if "identity" in plan.changes:
        person |= {name: value for name, value in draft.facts.items() if name.startswith("identity_")}
    yield draft.resident, person
