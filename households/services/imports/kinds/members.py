"""Party members out of a table: residents who are members, and of which organisation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.permissions import scope_of
from gis_grids.selectors import descendant_ids
from households.models import (
    Household,
    HouseholdUnit,
    PartyAffiliation,
    PartyChange,
    PartyMember,
    PartyOrganisation,
    PartyRole,
    Residence,
    Resident,
)
from households.selectors.party.access import approving_roots, organisations_below
from households.services.imports.cells import choice, date, text
from households.services.imports.kinds.base import Kind
from households.services.imports.kinds.residents import IDENTITY, NAME
from households.services.imports.repeats import Repeats
from households.services.imports.rows import Column, Outcome, Plan, named
from households.services.imports.writing import change_rows, changes_of, enter_rows
from households.services.party.marks import MARKS, follow_marks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import Model

    from households.models import ImportRun
    from households.services.imports.ledger import Ledger
    from households.services.imports.rows import ReadRow

_COLUMNS: Final = (
    NAME,
    IDENTITY,
    Column(
        key="organisation",
        label=_("Party organisation"),
        headings=named("所属党组织|Party organisation|党组织|党支部|支部|所在党支部|党组织名称|Branch"),
        read=text(100),
        is_required=True,
    ),
    Column(
        key="stage",
        label=_("Stage"),
        headings=named("党员类别|Stage|党员类型|类别|人员类别"),
        read=choice(
            dict(PartyMember.Stage.choices),
            full="正式党员 正式",
            probationary="预备党员 预备",
            proposed="发展对象",
        ),
    ),
    Column(
        key="attendance",
        label=_("Attendance"),
        headings=named("参加情况|Attendance|党员状态|流动党员|状态"),
        read=choice(
            dict(PartyMember.Attendance.choices),
            active="正常 在册",
            mobile="流动 流动党员 是",
            excused="年老体弱 免",
        ),
    ),
    Column(
        key="joined_on",
        label=_("Member since"),
        headings=named("入党日期|Member since|入党时间|加入党组织日期|Joined"),
        read=date,
    ),
    Column(
        key="since",
        label=_("In this organisation since"),
        headings=named("转入日期|In this organisation since|转入时间|组织关系转入日期|组织关系转接日期"),
        read=date,
    ),
)
_FIELDS: Final = ("attendance", "joined_on")
_Stage = PartyMember.Stage


@dataclass(slots=True)
class _Draft:
    """A row on its way: the organisation, who is the member already, and where he belonged until then."""

    organisation: int
    facts: dict[str, Any]
    since: dt.date = dt.date.min
    member: PartyMember | None = None
    former: PartyAffiliation | None = None
    roles: list[PartyRole] = field(default_factory=list)


class MemberTaker:
    """Knows a resident by the identity number, else by a name that only one of the unit's residents has.

    A member of another organisation is transferred (组织关系转接); his roles there end.
    """

    def __init__(self, run: ImportRun, _crs: str, ledger: Ledger) -> None:
        self._run, self._ledger = run, ledger
        self._repeats = Repeats()
        self._touched: set[int] = set()
        self._day = timezone.localdate(run.created_at)

    def plan(self, rows: Sequence[ReadRow]) -> list[Plan]:
        """Say what becomes of each row."""
        people = self._people(rows)
        residents = {one.pk for ones in people.values() for one in ones}
        members = PartyMember.objects.filter(resident__in=residents)
        known = {one.resident_id: one for one in members.exclude(pk__in=self._ledger.ids_made(PartyMember))}
        now = PartyAffiliation.objects.filter(member__in=known.values(), days__upper_inf=True)
        affiliations = {one.member_id: one for one in now.select_related("organisation")}
        return [self._planned(row, people, known, affiliations) for row in rows]

    def write(self, plans: Sequence[Plan]) -> None:
        """Enter members with their organisations, correct those who are there, and transfer them."""
        new = [plan for plan in plans if plan.outcome is Outcome.NEW]
        self._note_homes(new)
        ids = enter_rows(self._ledger, PartyMember, [plan.payload.facts for plan in new])
        change_rows(
            self._ledger,
            [
                (draft.member, {name: value for name, value in draft.facts.items() if name in plan.changes})
                for plan in plans
                if (draft := plan.payload).member is not None and plan.changes
            ],
        )
        moved = [plan.payload for plan in plans if plan.payload.former is not None]
        self._leave(moved)
        entering = [(id_, plan.payload) for id_, plan in zip(ids, new, strict=True)]
        self._affiliate(entering, PartyChange.Deed.ENROLLED)
        self._affiliate([(draft.former.member_id, draft) for draft in moved], PartyChange.Deed.TRANSFERRED)

    def finish(self) -> None:
        """Have the marks of the households follow."""
        follow_marks(household_ids=self._touched)

    def _leave(self, drafts: Sequence[_Draft]) -> None:
        """End what members were in the organisations that they leave."""
        pairs: list[tuple[Model, dict[str, Any]]] = []
        for draft in drafts:
            assert draft.former is not None  # noqa: S101 - those who are transferred
            pairs.append((draft.former, {"days": DateRange(draft.former.days.lower, draft.since)}))
            pairs += [(role, {"term": DateRange(role.term.lower, draft.since)}) for role in draft.roles]
        change_rows(self._ledger, [pair for pair in pairs if "days" in pair[1]])
        change_rows(self._ledger, [pair for pair in pairs if "term" in pair[1]])

    def _affiliate(self, drafts: Sequence[tuple[int, _Draft]], deed: PartyChange.Deed) -> None:
        """Let members belong to their organisations, and write down that they do."""
        common = {"deed": deed, "actor_id": self._run.author_id, "at": timezone.now()}
        pairs = [(draft, {"member_id": id_, "organisation_id": draft.organisation}) for id_, draft in drafts]
        days = [{**pair, "days": DateRange(draft.since, None)} for draft, pair in pairs]
        enter_rows(self._ledger, PartyAffiliation, days)
        enter_rows(
            self._ledger, PartyChange, [{**pair, "on": draft.since, **common} for draft, pair in pairs]
        )

    def _planned(
        self,
        row: ReadRow,
        people: Mapping[Any, list[Resident]],
        known: Mapping[int, PartyMember],
        affiliations: Mapping[int, PartyAffiliation],
    ) -> Plan:
        organisation = self._organisation(row)
        found = people.get(_about(row), [])
        if len(found) != 1 and not row.is_bad:
            row.refuse("resident.several" if found else "resident.unknown")
        if row.is_bad or organisation is None:
            return Plan(row, Outcome.BAD)
        [resident] = found
        draft = _Draft(organisation, {name: row.values[name] for name in _FIELDS if name in row.values})
        draft.since = row.values.get("since", self._day)
        draft.member = known.get(resident.pk)
        self._check_stage(row, draft.member)
        if draft.member is not None and draft.member.left_on is not None:
            row.refuse("member.left")
        if not row.is_bad and draft.member is not None:
            self._find_transfer(row, draft, affiliations.get(draft.member.pk))
        if row.is_bad or not self._repeats.take(row, resident.pk):
            return Plan(row, Outcome.BAD if row.is_bad else Outcome.LEFT)
        if draft.member is None:
            draft.facts |= {"resident_id": resident.pk, "stage": row.values.get("stage", _Stage.FULL)}
            return Plan(row, Outcome.NEW, payload=draft)
        changes = changes_of(draft.member, draft.facts)
        if draft.former is not None:
            changes["organisation"] = (draft.former.organisation.name, row.values["organisation"])
            changes["since"] = ("", draft.since.isoformat())
        outcome = Outcome.CHANGED if changes else Outcome.SAME
        return Plan(row, outcome, draft.member.pk, changes, draft)

    def _check_stage(self, row: ReadRow, member: PartyMember | None) -> None:
        """Refuse a probationary member of a community's; of who is there the stage is decided elsewhere."""
        stage = row.values.get("stage", _Stage.FULL if member is None else member.stage)
        if member is not None and stage != member.stage:
            row.remark("member.other_stage")
        elif member is None and stage == _Stage.PROBATIONARY and not self._approves:
            row.refuse("member.by_street")

    @staticmethod
    def _find_transfer(row: ReadRow, draft: _Draft, now: PartyAffiliation | None) -> None:
        """See whether the member belongs to another organisation, and can have left it on the day."""
        if now is None or now.organisation_id == draft.organisation:
            return
        roles = PartyRole.objects.filter(
            member=now.member_id, organisation=now.organisation_id, term__upper_inf=True
        )
        draft.former, draft.roles = now, list(roles)
        begun = [now.days.lower, *(role.term.lower for role in draft.roles)]
        if any(first is not None and first >= draft.since for first in begun):
            row.refuse("member.moved_later")
        if draft.roles:
            row.remark("member.roles_end")

    def _people(self, rows: Sequence[ReadRow]) -> dict[Any, list[Resident]]:
        """Return the unit's residents of today whom rows ask for, by identity digest and by name."""
        here = HouseholdUnit.objects.filter(
            unit__in=descendant_ids([self._run.unit_id]), valid__upper_inf=True
        )
        living = Residence.objects.filter(
            household__in=here.values("household"), days__contains=timezone.localdate()
        )
        residents = Resident.objects.filter(pk__in=living.values("resident"))
        found: dict[Any, list[Resident]] = {}
        digests = {row.values["identity"].digest for row in rows if "identity" in row.values}
        for one in residents.filter(identity_digest__in=digests):
            found.setdefault(bytes(one.identity_digest or b""), []).append(one)
        names = {row.values["name"] for row in rows if "name" in row.values}
        for one in residents.filter(name__in=names):
            found.setdefault(one.name, []).append(one)
        return found

    def _note_homes(self, plans: Sequence[Plan]) -> None:
        """Note the marks of the households in which new members live, as they were."""
        residents = {plan.payload.facts["resident_id"] for plan in plans}
        living = Residence.objects.filter(resident__in=residents, days__contains=timezone.localdate())
        homes = Household.objects.filter(pk__in=living.values("household"))
        new = [one for one in homes if one.pk not in self._touched]
        if new:
            self._ledger.changes(new, MARKS)
        self._touched |= {one.pk for one in new}

    def _organisation(self, row: ReadRow) -> int | None:
        name = row.values.get("organisation", "")
        found = self._organisations.get(name, [])
        if len(found) == 1:
            return found[0]
        if name:
            row.refuse("member.no_organisation")
        return None

    @cached_property
    def _organisations(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        kinds = [kind for kind in PartyOrganisation.Kind if not kind.is_joint]
        below = organisations_below([self._run.unit_id]).filter(kind__in=kinds, days__upper_inf=True)
        for pk, name in below.values_list("pk", "name"):
            found.setdefault(name, []).append(pk)
        return found

    @cached_property
    def _approves(self) -> bool:
        return bool(approving_roots(scope_of(self._run.author)))


def _about(row: ReadRow) -> bytes | str:
    number = row.values.get("identity")
    if number is not None:
        return bytes(number.digest)
    return str(row.values.get("name", ""))


MEMBERS: Final = Kind(key="members", columns=_COLUMNS, taker=MemberTaker)
