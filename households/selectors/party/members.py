"""Party members as the office reads them: lists, one of them whole, and who could become one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Exists, OuterRef, Subquery
from django.utils import timezone

from gis_grids.permissions import scope_of
from gis_grids.personal import shown
from gis_grids.selectors import descendant_ids
from households.models import (
    ContactLink,
    ContactLog,
    Household,
    HubMember,
    PartyAffiliation,
    PartyChange,
    PartyHub,
    PartyMember,
    PartyOrganisation,
    PartyRole,
    Residence,
    Resident,
)
from households.permissions import named_roots
from households.selectors.party.access import (
    access_member,
    approving_roots,
    belongs_below,
    members_below,
)
from households.selectors.party.keeping import Keeping, asked_members, keeping

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Sequence

    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import QuerySet

    from gis_grids.permissions import Scope

PAGE_SIZE: Final = 50
#: So many of a search are shown; who finds more gives more of the name.
MOST_FOUND: Final = 50
MOST_CHANGES: Final = 50


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member in a list, with his open roles in whatever organisation; ``keeping`` if the norm asks him."""

    id: int
    name: str
    stage: PartyMember.Stage
    attendance: PartyMember.Attendance
    joined_on: dt.date | None
    organisation_id: int | None
    organisation: str
    roles: tuple[str, ...]
    is_hub: bool
    contacts: int
    keeping: Keeping | None


@dataclass(frozen=True, slots=True)
class Page:
    """Members of a list; ``after`` is where the next page begins, None at the end."""

    rows: list[MemberRow]
    after: int | None


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A household that a member keeps contact with, as the office of that household's unit sees it."""

    id: int
    household_id: int
    householder: str
    address: str
    is_mine: bool
    since: dt.date | None
    until: dt.date | None
    last_on: dt.date | None


@dataclass(frozen=True, slots=True)
class MemberPage:
    """Everything about one member: where he belonged, roles, home, hub, contacts, decisions and changes."""

    member: PartyMember
    home: Household | None
    affiliations: list[PartyAffiliation]
    roles: list[PartyRole]
    hub: PartyHub | None
    served_by: PartyHub | None
    links: list[LinkRow]
    keeping: Keeping | None
    changes: list[PartyChange]
    may_decide: bool

    @property
    def organisation(self) -> PartyOrganisation | None:
        """The organisation that he belongs to now."""
        return next((row.organisation for row in self.affiliations if row.days.upper is None), None)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A resident who was found by name; ``member_id`` tells that he is a member already."""

    id: int
    name: str
    address: str
    born_on: dt.date | None
    member_id: int | None


def members_page(  # noqa: PLR0913 - by what a list is narrowed
    scope: Scope,
    *,
    organisation_ids: Collection[int] | None = None,
    attendance: str = "",
    stage: str = "",
    name: str = "",
    after: int = 0,
) -> Page:
    """Return who is a member of organisations (default: all of the office's), by their number.

    ``name`` is how the name begins, or all of it.
    """
    rows = members_below(named_roots(scope)).filter(left_on=None, pk__gt=after)
    if organisation_ids is not None:
        rows = rows.filter(
            affiliations__organisation__in=organisation_ids, affiliations__days__upper_inf=True
        )
    if attendance:
        rows = rows.filter(attendance=attendance)
    if stage:
        rows = rows.filter(stage=stage)
    if name:
        rows = rows.filter(resident__name__startswith=name)
    found = list(rows.select_related("resident").order_by("pk")[: PAGE_SIZE + 1])
    page = member_rows(found[:PAGE_SIZE])
    return Page(page, page[-1].id if len(found) > PAGE_SIZE else None)


def member_rows(members: Sequence[PartyMember]) -> list[MemberRow]:
    """Return the members as rows. Seven queries."""
    ids = [member.pk for member in members]
    affiliations = PartyAffiliation.objects.filter(member__in=ids, days__upper_inf=True)
    belongs = {
        member: (organisation, name)
        for member, organisation, name in affiliations.values_list(
            "member", "organisation", "organisation__name"
        )
    }
    roles: dict[int, list[str]] = {}
    for role in PartyRole.objects.filter(member__in=ids, term__upper_inf=True).select_related("organisation"):
        roles.setdefault(role.member_id, []).append(f"{role.organisation.name} {role.get_kind_display()}")
    hubs = set(PartyHub.objects.filter(keeper__in=ids, days__upper_inf=True).values_list("keeper", flat=True))
    links = ContactLink.objects.filter(member__in=ids, days__upper_inf=True).values("member")
    contacts = dict(links.annotate(all=Count("pk")).values_list("member", "all").order_by())
    kept = keeping(PartyMember.objects.filter(pk__in=ids))
    return [
        MemberRow(
            id=member.pk,
            name=member.resident.name,
            stage=PartyMember.Stage(member.stage),
            attendance=PartyMember.Attendance(member.attendance),
            joined_on=member.joined_on,
            organisation_id=belongs.get(member.pk, (None, ""))[0],
            organisation=belongs.get(member.pk, (None, ""))[1],
            roles=tuple(roles.get(member.pk, ())),
            is_hub=member.pk in hubs,
            contacts=contacts.get(member.pk, 0),
            keeping=kept.get(member.pk),
        )
        for member in members
    ]


def off_norm_members(scope: Scope, unit_ids: Collection[int]) -> list[MemberRow]:
    """Return who of the office's members living below units keeps contact with too few or too many.

    At most `MOST_FOUND`, by their number.
    """
    here = asked_members(members_below(named_roots(scope))).filter(unit__in=descendant_ids(unit_ids))
    kept = keeping(PartyMember.objects.filter(pk__in=here.values("pk")))
    ids = sorted(member for member, own in kept.items() if not own.fits)[:MOST_FOUND]
    rows = PartyMember.objects.filter(pk__in=ids).select_related("resident")
    return member_rows(list(rows.order_by("pk")))


def proposed_members(scope: Scope) -> list[MemberRow]:
    """Return who waits for a decision of the street: proposed and probationary members, oldest first."""
    waiting = members_below(named_roots(scope)).filter(left_on=None)
    rows = waiting.exclude(stage=PartyMember.Stage.FULL).select_related("resident")
    return member_rows(list(rows.order_by("-stage", "pk")[:500]))


def member_page(user: AbstractBaseUser, member_id: int) -> MemberPage:
    """Return everything about one member. Raises `NotFound` ("party.no_member")."""
    member = access_member(user, member_id)
    scope = scope_of(user)
    today = timezone.localdate()
    home = Residence.objects.filter(resident=member.resident_id, days__contains=today)
    served = HubMember.objects.filter(member=member, days__upper_inf=True)
    approvers = approving_roots(scope)
    return MemberPage(
        member=member,
        home=Household.objects.filter(pk__in=home.values("household")).first(),
        affiliations=list(member.affiliations.select_related("organisation").order_by("-days")),
        roles=list(member.roles.select_related("organisation").order_by("-term")),
        hub=member.hubs.filter(days__upper_inf=True).first(),
        served_by=PartyHub.objects.filter(pk__in=served.values("hub"))
        .select_related("keeper__resident")
        .first(),
        links=link_rows(scope, ContactLink.objects.filter(member=member)),
        keeping=keeping(PartyMember.objects.filter(pk=member.pk)).get(member.pk),
        changes=list(member.changes.select_related("actor", "organisation")[:MOST_CHANGES]),
        may_decide=members_below(approvers).filter(pk=member.pk).exists(),
    )


def link_rows(scope: Scope, links: QuerySet[ContactLink]) -> list[LinkRow]:
    """Return contacts as rows, open ones first; a household of another office is masked."""
    ours = belongs_below(named_roots(scope), "household")
    last = ContactLog.objects.filter(link=OuterRef("pk")).order_by("-on")
    rows = links.annotate(is_mine=ours, last_on=Subquery(last.values("on")[:1]))
    return [
        LinkRow(
            id=row.pk,
            household_id=row.household_id,
            householder=shown(
                "households.Household.householder", row.household.householder, in_clear=row.is_mine
            ),
            address=row.household.address,
            is_mine=row.is_mine,
            since=row.days.lower,
            until=row.days.upper,
            last_on=row.last_on,
        )
        for row in rows.select_related("household").order_by("-days__upper_inf", "pk")
    ]


def candidates(scope: Scope, name: str) -> list[Candidate]:
    """Return the residents of the office's households whose name begins so, at most `MOST_FOUND`."""
    if not name.strip():
        return []
    today = timezone.localdate()
    lives = Residence.objects.filter(resident=OuterRef("pk"), days__contains=today)
    ours = lives.filter(belongs_below(named_roots(scope), "household"))
    members = PartyMember.objects.filter(resident=OuterRef("pk"), left_on=None)
    rows = Resident.objects.filter(Exists(ours), name__startswith=name.strip()).annotate(
        address=Subquery(lives.values("household__address")[:1]), member_id=Subquery(members.values("pk")[:1])
    )
    return [
        Candidate(row.pk, row.name, row.address or "", row.born_on, row.member_id)
        for row in rows.order_by("name", "pk")[:MOST_FOUND]
    ]
