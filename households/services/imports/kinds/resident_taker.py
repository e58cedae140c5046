"""Takes the rows of a table of residents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils import timezone

from households.models import Household, HouseholdChange, Residence, Resident
from households.services.imports.kinds.known import Known
from households.services.imports.kinds.people import NewPerson, People
from households.services.imports.kinds.where import Spot, Whereabouts, composed
from households.services.imports.repeats import Repeats
from households.services.imports.rows import Outcome, Plan
from households.services.imports.writing import change_rows
from households.services.standing import keep_in_step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from django.db.models import Model

    from households.models import ImportRun
    from households.services.imports.ledger import Ledger
    from households.services.imports.rows import ReadRow

Relation = Residence.Relation

#: What a cell can change of a person, and of where he lives, by the columns of the same names.
_PERSON: Final = ("name", "gender", "born_on", "phone", "note")
_HOME: Final = ("relation", "registration", "is_representative")
#: What follows from the residents of a household.
_FOLLOWING: Final = ("householder", "phone", "phone_digest", "size")


@dataclass(slots=True)
class _Draft:
    """A row on its way: its household, who it is about, and where he lives now."""

    household: Household
    facts: dict[str, Any]
    resident: Resident | None = None
    residence: Residence | None = None
    home: dict[str, Any] = field(default_factory=dict)


class ResidentTaker:
    """Knows a person by the identity number, wherever he lives, else by name among those of his household."""

    def __init__(self, run: ImportRun, crs: str, ledger: Ledger) -> None:
        self._run, self._ledger = run, ledger
        self._where = Whereabouts(run, crs)
        self._people = People(run, ledger)
        self._repeats = Repeats()
        self._unique: dict[tuple[str, int], int] = {}
        self._touched: set[int] = set()

    def plan(self, rows: Sequence[ReadRow]) -> list[Plan]:
        """Say what becomes of each row."""
        homes = self._homes(rows)
        residents = _Residents(rows, [home for home in homes if home], self._ledger)
        return [self._planned(row, home, residents) for row, home in zip(rows, homes, strict=True)]

    def write(self, plans: Sequence[Plan]) -> None:
        """Enter people, and change those who are there."""
        self._note_households(plans)
        self._people.enter([_new(plan) for plan in plans if plan.outcome is Outcome.NEW])
        change_rows(self._ledger, [pair for plan in plans if plan.changes for pair in _said(plan)])
        changed = {plan.payload.household.pk for plan in plans if plan.changes}
        entered = {plan.payload.household.pk for plan in plans if plan.outcome is Outcome.NEW}
        self._people.note(sorted(entered), HouseholdChange.What.MOVED_IN)
        self._people.note(sorted(changed), HouseholdChange.What.PERSON)

    def finish(self) -> None:
        """Bring the households in step with who lives there."""
        keep_in_step(household_ids=self._touched)

    def _note_households(self, plans: Sequence[Plan]) -> None:
        households = {plan.payload.household.pk: plan.payload.household for plan in plans}
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

    def _planned(self, row: ReadRow, home: Household | None, residents: _Residents) -> Plan:
        if row.is_bad or home is None:
            return Plan(row, Outcome.BAD)
        draft = _Draft(
            home, _facts(row), home={name: row.values[name] for name in _HOME if name in row.values}
        )
        residents.match(row, draft)
        self._check_roles(row, draft, residents)
        if row.is_bad:
            return Plan(row, Outcome.BAD)
        about = draft.facts.get("identity_digest") or (home.pk, row.values["name"], row.values.get("born_on"))
        if not self._repeats.take(row, about):
            return Plan(row, Outcome.BAD if row.is_bad else Outcome.LEFT)
        if draft.residence is None:
            return Plan(row, Outcome.NEW, payload=draft)
        changes = _changes(draft)
        return Plan(
            row, Outcome.CHANGED if changes else Outcome.SAME, draft.residence.resident_id, changes, draft
        )

    def _check_roles(self, row: ReadRow, draft: _Draft, residents: _Residents) -> None:
        """Refuse a second head or representative, of the register or of the file."""
        roles = [("head", draft.home.get("relation") == Relation.HEAD)]
        roles.append(("representative", draft.home.get("is_representative", False)))
        for role, has_it in roles:
            if not has_it:
                continue
            first = self._unique.setdefault((role, draft.household.pk), row.number)
            holder = residents.holder(role, draft.household.pk)
            if first != row.number:
                row.refuse(f"resident.second_{role}", row=first)
            elif holder is not None and (draft.residence is None or holder != draft.residence.pk):
                row.refuse(f"resident.other_{role}")
        if draft.residence and draft.residence.relation == Relation.HEAD != draft.home.get(
            "relation", Relation.HEAD
        ):
            row.refuse("resident.is_head")


class _Residents:
    """Who lives in the households of a batch today, and whom its identity numbers name."""

    def __init__(self, rows: Iterable[ReadRow], households: Iterable[Household], ledger: Ledger) -> None:
        made = set(ledger.ids_made(Residence))
        today = Residence.objects.filter(days__contains=timezone.localdate()).select_related("resident")
        self._here: dict[int, list[Residence]] = {}
        for one in today.filter(household__in={household.pk for household in households}).order_by("pk"):
            if one.pk not in made:
                self._here.setdefault(one.household_id, []).append(one)
        digests = {row.values["identity"].digest for row in rows if "identity" in row.values}
        known = Resident.objects.filter(identity_digest__in=digests)
        made_people = set(ledger.ids_made(Resident))
        self._named = {bytes(one.identity_digest or b""): one for one in known if one.pk not in made_people}
        owners = {one.pk for one in self._named.values()}
        self._living = {one.resident_id: one for one in today.filter(resident__in=owners)}

    def holder(self, role: str, household_id: int) -> int | None:
        """Return the residence of a household's head or representative today."""
        for one in self._here.get(household_id, ()):
            if one.is_representative if role == "representative" else one.relation == Relation.HEAD:
                return one.pk
        return None

    def match(self, row: ReadRow, draft: _Draft) -> None:
        """Find who the row is about; refuse it where that can't be told."""
        digest = draft.facts.get("identity_digest")
        if digest in self._named:
            draft.resident = self._named[digest]
            draft.residence = self._living.get(draft.resident.pk)
            if draft.residence and draft.residence.household_id != draft.household.pk:
                row.refuse("resident.elsewhere")
            return
        same = [one for one in self._here.get(draft.household.pk, ()) if _is_same(one.resident, draft.facts)]
        if len(same) > 1:
            row.refuse("resident.several")
        elif same and digest and same[0].resident.identity_digest:
            row.refuse("resident.other_identity")
        elif same:
            [draft.residence] = same
            draft.resident = draft.residence.resident


def _is_same(resident: Resident, facts: Mapping[str, Any]) -> bool:
    born, told = resident.born_on, facts.get("born_on")
    return resident.name == facts["name"] and (born is None or told is None or born == told)


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


def _changes(draft: _Draft) -> dict[str, tuple[str, str]]:
    assert draft.resident is not None  # noqa: S101 - asked of who is there
    assert draft.residence is not None  # noqa: S101
    pairs: list[tuple[Model, str, Any]] = [
        (draft.resident, name, value) for name, value in draft.facts.items() if name in _PERSON
    ]
    pairs += [(draft.residence, name, value) for name, value in draft.home.items()]
    changes = {
        name: (str(before or ""), str(value))
        for one, name, value in pairs
        if (before := getattr(one, name)) != value
    }
    if "identity_digest" in draft.facts and draft.resident.identity_digest is None:
        changes["identity"] = ("", f"…{draft.facts['identity_last_four']}")
    return changes


def _new(plan: Plan) -> NewPerson:
    draft: _Draft = plan.payload
    return NewPerson(
        household_id=draft.household.pk,
        name=draft.facts["name"],
        relation=draft.home.get("relation", Relation.OTHER),
        since=plan.row.values.get("since"),
        person=draft.facts,
        home=draft.home,
        resident_id=draft.resident.pk if draft.resident else None,
    )


def _said(plan: Plan) -> Iterator[tuple[Model, Mapping[str, Any]]]:
    draft: _Draft = plan.payload
    assert draft.resident is not None  # noqa: S101
    assert draft.residence is not None  # noqa: S101
    person = {name: value for name, value in draft.facts.items() if name in plan.changes}
    if "identity" in plan.changes:
        person |= {name: value for name, value in draft.facts.items() if name.startswith("identity_")}
    yield draft.resident, person
    yield draft.residence, {name: value for name, value in draft.home.items() if name in plan.changes}
