"""Who lives in the households that the rows of a batch are about, and who of them is meant."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from django.utils import timezone

from gis_grids.selectors import descendant_ids
from households.models import Household, HouseholdUnit, PartyHub, Residence, Resident
from households.services.imports.kinds.stays import holders

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from households.models import ImportRun
    from households.services.imports.ledger import Ledger
    from households.services.imports.rows import ReadRow


class Draft(Protocol):
    """What is known of a row, and what is to be found: who it is about, where he lives, what he leaves."""

    household: Household
    facts: dict[str, Any]
    resident: Resident | None
    residence: Residence | None
    leaves: Residence | None


class Residents:
    """Who lives in the households of a batch today, and whom its rows name who lives elsewhere."""

    def __init__(
        self, run: ImportRun, rows: Iterable[ReadRow], households: Iterable[Household], ledger: Ledger
    ) -> None:
        self._run = run
        made = set(ledger.ids_made(Residence))
        today = Residence.objects.filter(days__contains=timezone.localdate())
        today = today.select_related("resident", "household").order_by("pk")
        self._here: dict[int, list[Residence]] = {}
        for one in today.filter(household__in={household.pk for household in households}):
            if one.pk not in made:
                self._here.setdefault(one.household_id, []).append(one)
        digests = {row.values["identity"].digest for row in rows if "identity" in row.values}
        known = Resident.objects.filter(identity_digest__in=digests)
        made_people = set(ledger.ids_made(Resident))
        self._named = {bytes(one.identity_digest or b""): one for one in known if one.pk not in made_people}
        owners = {one.pk for one in self._named.values()}
        self._living = {
            one.resident_id: one for one in today.filter(resident__in=owners) if one.pk not in made
        }
        names = {row.values["name"] for row in rows if "name" in row.values}
        self._namesakes: dict[str, list[Residence]] = {}
        for one in today.filter(resident__name__in=names, household__in=self._ours):
            if one.pk not in made:
                self._namesakes.setdefault(one.resident.name, []).append(one)

    def holders(self, household_id: int) -> dict[str, Residence]:
        """Return a household's head and representative of today, by the fields that say it."""
        return holders(self._here.get(household_id, ()))

    def match(self, row: ReadRow, draft: Draft) -> None:
        """Find who the row is about; refuse it where that can't be told."""
        digest = draft.facts.get("identity_digest")
        if digest in self._named:
            draft.resident = self._named[digest]
            self._settle(draft, self._living.get(draft.resident.pk))
            return
        same = [one for one in self._here.get(draft.household.pk, ()) if _is_same(one.resident, draft.facts)]
        same = same or self._elsewhere(draft)
        if len(same) > 1:
            row.refuse("resident.several")
        elif same and digest and same[0].resident.identity_digest:
            row.refuse("resident.other_identity")
        elif same:
            draft.resident = same[0].resident
            self._settle(draft, same[0])
            if draft.leaves is not None:
                row.remark("resident.by_name")

    def is_last(self, former: Residence, leaving: Mapping[int, int]) -> bool:
        """Tell whether nobody stays in a household that so many leave."""
        return (
            len(self._former.get(former.household_id, ()))
            <= leaving[former.household_id]
            >= former.household.size
        )

    def shown(self, household: Household) -> str:
        """Return how a household is called; one of another office has its number only."""
        return (
            f"{household.pk} {household.householder}".strip()
            if household.pk in self._known
            else f"{household.pk}"
        )

    @cached_property
    def hub_keepers(self) -> frozenset[int]:
        """The residents of other households who keep a party hub there."""
        people = {one.resident_id for one in self._leavable}
        hubs = PartyHub.objects.filter(keeper__resident__in=people, days__upper_inf=True)
        return frozenset(hubs.values_list("keeper__resident", flat=True))

    @staticmethod
    def _settle(draft: Draft, residence: Residence | None) -> None:
        if residence is not None and residence.household_id != draft.household.pk:
            draft.leaves = residence
        else:
            draft.residence = residence

    def _elsewhere(self, draft: Draft) -> list[Residence]:
        """Return who of this name and day of birth, or telephone, lives in another household of the unit."""
        return [
            one
            for one in self._namesakes.get(draft.facts["name"], ())
            if one.household_id != draft.household.pk and _is_surely_same(one.resident, draft.facts)
        ]

    @property
    def _leavable(self) -> list[Residence]:
        return [*self._living.values(), *(one for ones in self._namesakes.values() for one in ones)]

    @property
    def _ours(self) -> Any:  # noqa: ANN401 - a subquery
        here = HouseholdUnit.objects.filter(
            unit__in=descendant_ids([self._run.unit_id]), valid__upper_inf=True
        )
        return here.values("household")

    @cached_property
    def _known(self) -> frozenset[int]:
        ids = {one.household_id for one in self._leavable} | self._here.keys()
        return frozenset(
            Household.objects.filter(pk__in=ids).filter(pk__in=self._ours).values_list("pk", flat=True)
        )

    @cached_property
    def _former(self) -> Mapping[int, list[int]]:
        """Who lives today in the households that rows may leave."""
        homes = {one.household_id for one in self._leavable}
        today = Residence.objects.filter(household__in=homes, days__contains=timezone.localdate())
        found: dict[int, list[int]] = {}
        for household, pk in today.values_list("household", "pk"):
            found.setdefault(household, []).append(pk)
        return found


def _is_same(resident: Resident, facts: Mapping[str, Any]) -> bool:
    born, told = resident.born_on, facts.get("born_on")
    return resident.name == facts["name"] and (born is None or told is None or born == told)


def _is_surely_same(resident: Resident, facts: Mapping[str, Any]) -> bool:
    """Tell whether somebody of the same name is the same: by the day of birth, or by the telephone."""
    born, told = resident.born_on, facts.get("born_on")
    if born is not None and told is not None:
        return bool(born == told)
    return bool(resident.phone) and resident.phone == facts.get("phone")
