"""Moves, and roles that change hands, as tables tell them: dated, and written when all rows are read.

Until then every batch sees the register as it was: what a row means doesn't depend on where it stands.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from households.models import HouseholdChange, Residence
from households.services.imports.writing import change_rows, enter_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from households.models import ImportRun
    from households.services.imports.kinds.people import NewPerson, People
    from households.services.imports.ledger import Ledger

_What = HouseholdChange.What
Relation = Residence.Relation

#: Which deed it is to be given a role, by the field that says it.
_DEEDS: Final = {"relation": _What.HEAD, "is_representative": _What.REPRESENTATIVE}


@dataclass(slots=True)
class _Said:
    """What is to become of a residence: from the import's day on, and as it always should have stood."""

    residence: Residence
    dated: dict[str, Any] = field(default_factory=dict)
    corrected: dict[str, Any] = field(default_factory=dict)


class Stays:
    """Collects what happens to the people of households, and writes it."""

    def __init__(self, run: ImportRun, people: People, ledger: Ledger) -> None:
        self._run, self._people, self._ledger = run, people, ledger
        self.day = timezone.localdate(run.created_at)
        """The day of what a table gives no day for: that on which the office brought it."""
        self._said: dict[int, _Said] = {}
        self._ends: dict[int, tuple[Residence, date]] = {}
        self._coming: list[NewPerson] = []
        self._notes: list[dict[str, Any]] = []

    @property
    def left(self) -> Mapping[int, int]:
        """How many people have left each household."""
        return Counter(former.household_id for former, _day in self._ends.values())

    def correct(self, residence: Residence, **values: object) -> None:
        """Put right as what somebody lives in his household."""
        self._of(residence).corrected.update(values)

    def give(self, residence: Residence, **values: object) -> None:
        """Give somebody a role in his household from the import's day on."""
        self._of(residence).dated.update(values)
        for name in values.keys() & _DEEDS.keys():
            if values[name] in {True, Relation.HEAD}:
                self._note(_DEEDS[name], residence.household_id, self.day, residence.resident_id)

    def take(self, holder: Residence, role: str) -> None:
        """Take the role of head (``relation``) or representative from somebody; his own row may say more."""
        value = Relation.OTHER if role == "relation" else False
        self._of(holder).dated.setdefault(role, value)

    def come(self, person: NewPerson) -> None:
        """Let somebody come who takes a role over."""
        self._coming.append(person)

    def move(self, former: Residence, person: NewPerson) -> None:
        """Let somebody leave his household for another one, on the day since when he is there."""
        day = person.since or self.day
        self._ends[former.pk] = (former, day)
        self._coming.append(person)
        self._note(_What.MOVED_OUT, former.household_id, day, former.resident_id)
        self._note(_What.MOVED_IN, person.household_id, day, former.resident_id)

    def finish(self) -> None:
        """Write it: first what ends, then what gives a role up, then who takes it."""
        ending: list[tuple[Residence, dict[str, Any]]] = [
            (
                former,
                {"days": DateRange(former.days.lower, day), "left_for": Residence.LeftFor.OTHER_HOUSEHOLD},
            )
            for former, day in self._ends.values()
        ]
        following, standing = [], []
        for said in self._said.values():
            if said.residence.pk in self._ends:
                continue
            values = said.corrected | said.dated
            if said.dated and _began_before(said.residence, self.day):
                following.append(_successor(said.residence, self.day) | values)
                ending.append((said.residence, {"days": DateRange(said.residence.days.lower, self.day)}))
            else:
                standing.append((said.residence, values))
        change_rows(self._ledger, ending)
        change_rows(self._ledger, [pair for pair in standing if not _takes_a_role(pair[1])])
        change_rows(self._ledger, [pair for pair in standing if _takes_a_role(pair[1])])
        enter_rows(self._ledger, Residence, following)
        self._people.enter(self._coming)
        enter_rows(self._ledger, HouseholdChange, self._notes)

    def _of(self, residence: Residence) -> _Said:
        return self._said.setdefault(residence.pk, _Said(residence))

    def _note(self, what: HouseholdChange.What, household_id: int, day: date, resident_id: int) -> None:
        self._notes.append(
            {
                "what": what,
                "household_id": household_id,
                "resident_id": resident_id,
                "day": day,
                "actor_id": self._run.author_id,
                "at": timezone.now(),
            }
        )


def _began_before(residence: Residence, day: date) -> bool:
    return residence.days.lower is None or residence.days.lower < day


def _successor(residence: Residence, day: date) -> dict[str, Any]:
    return {
        "resident_id": residence.resident_id,
        "household_id": residence.household_id,
        "days": DateRange(day, None),
        "relation": residence.relation,
        "registration": residence.registration,
        "is_representative": residence.is_representative,
    }


def _takes_a_role(values: Mapping[str, Any]) -> bool:
    return values.get("relation") == Relation.HEAD or bool(values.get("is_representative"))


def holders(residences: Iterable[Residence]) -> dict[str, Residence]:
    """Return who of a household's people of today has a role, by the field that says it."""
    found: dict[str, Residence] = {}
    for one in residences:
        if one.relation == Relation.HEAD:
            found["relation"] = one
        if one.is_representative:
            found["is_representative"] = one
    return found
