"""Party members out of a table: residents who are members, and of which organisation."""

from __future__ import annotations

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
from households.services.party.marks import follow_marks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
)
_FIELDS: Final = ("attendance", "joined_on")
_MARKS: Final = ("is_party_member_household", "is_party_hub_household", "is_party_contact_household")
_Stage = PartyMember.Stage


class MemberTaker:
    """Knows a resident by the identity number, else by a name that only one of the unit's residents has."""

    def __init__(self, run: ImportRun, _crs: str, ledger: Ledger) -> None:
        self._run, self._ledger = run, ledger
        self._repeats = Repeats()
        self._touched: set[int] = set()

    def plan(self, rows: Sequence[ReadRow]) -> list[Plan]:
        """Say what becomes of each row."""
        people = self._people(rows)
        members = PartyMember.objects.filter(
            resident__in={one.pk for ones in people.values() for one in ones}
        )
        known = {one.resident_id: one for one in members.exclude(pk__in=self._ledger.ids_made(PartyMember))}
        return [self._planned(row, people, known) for row in rows]

    def write(self, plans: Sequence[Plan]) -> None:
        """Enter members with their organisations, and correct those who are there."""
        homes = self._homes(plans)
        new_homes = [one for one in homes if one.pk not in self._touched]
        if new_homes:
            self._ledger.changes(new_homes, _MARKS)
        self._touched |= {one.pk for one in homes}
        new = [plan for plan in plans if plan.outcome is Outcome.NEW]
        ids = enter_rows(self._ledger, PartyMember, [plan.payload[1] for plan in new])
        today = timezone.localdate()
        pairs = [
            {"member_id": id_, "organisation_id": plan.payload[2], "days": DateRange(today, None)}
            for id_, plan in zip(ids, new, strict=True)
        ]
        enter_rows(self._ledger, PartyAffiliation, pairs)
        common = {
            "deed": PartyChange.Deed.ENROLLED,
            "on": today,
            "actor_id": self._run.author_id,
            "at": timezone.now(),
        }
        enter_rows(
            self._ledger,
            PartyChange,
            [
                {"member_id": pair["member_id"], "organisation_id": pair["organisation_id"], **common}
                for pair in pairs
            ],
        )
        change_rows(
            self._ledger,
            [
                (plan.payload[0], {name: plan.payload[1][name] for name in plan.changes})
                for plan in plans
                if plan.changes
            ],
        )

    def finish(self) -> None:
        """Have the marks of the households follow."""
        follow_marks(household_ids=self._touched)

    def _planned(
        self, row: ReadRow, people: Mapping[Any, list[Resident]], known: Mapping[int, PartyMember]
    ) -> Plan:
        organisation = self._organisation(row)
        found = people.get(_about(row), [])
        if len(found) != 1 and not row.is_bad:
            row.refuse("resident.several" if found else "resident.unknown")
        stage = row.values.get("stage", _Stage.FULL)
        if stage == _Stage.PROBATIONARY and not self._approves:
            row.refuse("member.by_street")
        if row.is_bad or organisation is None:
            return Plan(row, Outcome.BAD)
        [resident] = found
        if not self._repeats.take(row, resident.pk):
            return Plan(row, Outcome.BAD if row.is_bad else Outcome.LEFT)
        facts: dict[str, Any] = {name: row.values[name] for name in _FIELDS if name in row.values}
        member = known.get(resident.pk)
        if member is None:
            return Plan(
                row,
                Outcome.NEW,
                payload=(None, {"resident_id": resident.pk, "stage": stage, **facts}, organisation),
            )
        if member.left_on is not None:
            row.refuse("member.left")
            return Plan(row, Outcome.BAD, member.pk)
        changes = changes_of(member, facts)
        return Plan(row, Outcome.CHANGED if changes else Outcome.SAME, member.pk, changes, (member, facts))

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

    def _homes(self, plans: Sequence[Plan]) -> list[Household]:
        residents = {plan.payload[1]["resident_id"] for plan in plans if plan.outcome is Outcome.NEW}
        today = timezone.localdate()
        return list(
            Household.objects.filter(
                residences__resident__in=residents, residences__days__contains=today
            ).distinct()
        )

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
