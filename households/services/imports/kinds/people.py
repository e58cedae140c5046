"""People of households, as tables bring them: entered many at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from households.models import HouseholdChange, Residence, Resident
from households.services.imports.writing import enter_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date

    from households.models import ImportRun
    from households.services.imports.ledger import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """Somebody who comes into a household, since a day if it is known; other facts by the fields' names.

    ``roles_from`` is the day from which on he is what ``relation`` and ``home`` say, if another one was it
    before: until then he has been a resident like others.
    """

    household_id: int
    name: str
    relation: str
    since: date | None = None
    person: Mapping[str, Any] = field(default_factory=dict)
    home: Mapping[str, Any] = field(default_factory=dict)
    roles_from: date | None = None
    resident_id: int | None = None
    """Who he is, if the register knows him already."""


class People:
    """Enters people for one import."""

    def __init__(self, run: ImportRun, ledger: Ledger) -> None:
        self._run, self._ledger = run, ledger

    def enter(self, people: Sequence[NewPerson]) -> None:
        """Enter people, and that they live in their households."""
        unknown = [{"name": each.name, **each.person} for each in people if each.resident_id is None]
        ids = iter(enter_rows(self._ledger, Resident, unknown))
        homes = [row for each in people for row in _rows(each, each.resident_id or next(ids))]
        enter_rows(self._ledger, Residence, homes)

    def note(self, household_ids: Collection[int], what: HouseholdChange.What) -> None:
        """Write down that the import has changed households."""
        common = {
            "what": what,
            "day": timezone.localdate(),
            "actor_id": self._run.author_id,
            "at": timezone.now(),
        }
        rows = [{"household_id": household, **common} for household in household_ids]
        enter_rows(self._ledger, HouseholdChange, rows)


def _rows(person: NewPerson, resident_id: int) -> Iterator[dict[str, Any]]:
    """Yield the rows that say since when somebody lives in his household, and as what."""
    common = {"resident_id": resident_id, "household_id": person.household_id}
    since, role = person.since, {"relation": person.relation, **person.home}
    if person.roles_from is not None and (since is None or since < person.roles_from):
        registration = role.get("registration", "")
        yield common | {"days": DateRange(since, person.roles_from), "registration": registration}
        since = person.roles_from
    yield common | role | {"days": DateRange(since, None)}
