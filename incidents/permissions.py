"""Who may see a case, and as what he may act on it: role × state × subtree (incidents.md 1.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from gis_grids.levels import Level, PostKind
from gis_grids.models import Post, Unit
from gis_grids.permissions import AUDITORS, CENTRE, GRID_LEADS, OFFICE, PLANNERS
from gis_grids.prepared import prepared_cursor
from incidents.models import MatterGrant
from incidents.workflow import Actor

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from gis_grids.permissions import Scope
    from gis_grids.selectors import ChainLink
    from incidents.models import Incident

#: Who reads the names of the people of a case; others read them masked.
READS_NAMES = frozenset(
    {Actor.GRID_LEAD, Actor.OPERATOR, Actor.STREET_OFFICE, Actor.DISTRICT_LEADER, Actor.ASSIGNEE}
)
#: Whose posts can have cases. Planners draw boundaries, auditors read records; they have no part in cases.
HANDLING_POSTS = tuple(kind for kind in PostKind if kind not in PLANNERS | AUDITORS)
#: Who sets up how cases are handled: the catalogue and what goes with it, as far as their posts reach.
SETTERS = OFFICE | PLANNERS | CENTRE


@dataclass(frozen=True, slots=True)
class LinkHolder:
    """Who holds the signed link to a case: for that one, and for no other, he is its reporter."""

    incident_id: int


def opens(scope: Scope, incident: Incident, chain: Sequence[ChainLink]) -> bool:
    """Return whether a post of the scope opens the case: one over its unit, whatever its kind.

    A case of a private matter needs a grant beside the post. ``chain`` is that of the case's unit, from the
    top down. One query for a private matter, else none.
    """
    over = [link.unit_id for link in chain]
    if scope.roots().isdisjoint(over):
        return False
    if not incident.matter.is_private:
        return True
    grants = MatterGrant.objects.filter(
        matter_code=incident.matter.code, unit__in=over, holder=scope.user_id, term__contains=timezone.now()
    )
    return grants.exists()


def part_in(scope: Scope, incident: Incident) -> frozenset[Actor]:
    """Return what the scope's holder is for the case without any post.

    Whose own report was merged into it is for it what its reporter is. One query, but for its reporter.
    """
    part = _own_part(scope, incident)
    if Actor.REPORTER not in part and incident.co_reporters.filter(user=scope.user_id).exists():
        part.add(Actor.REPORTER)
    return frozenset(part)


def actors_of(scope: Scope, incident: Incident, chain: Sequence[ChainLink]) -> frozenset[Actor]:
    """Return all that the holder of the scope is for the case.

    A post counts when its unit is the case's or above it. The street office is a clerk of a street or of
    a level above, the district leader one of a district or of the city.
    """
    over = {link.unit_id for link in chain}
    roles = (
        (Actor.GRID_LEAD, GRID_LEADS, over),
        (Actor.OPERATOR, CENTRE, over),
        (Actor.STREET_OFFICE, OFFICE, _down_to(Level.STREET, chain)),
        (Actor.DISTRICT_LEADER, OFFICE, _down_to(Level.DISTRICT, chain)),
    )
    held = {actor for actor, kinds, units in roles if not units.isdisjoint(scope.roots(kinds))}
    return frozenset(held | _own_part(scope, incident))


def _down_to(level: Level, chain: Sequence[ChainLink]) -> set[int]:
    return {link.unit_id for link in chain if Level(link.level).depth <= level.depth}


def _own_part(scope: Scope, incident: Incident) -> set[Actor]:
    if scope.user_id is None:
        return set()
    people = {Actor.REPORTER: incident.reporter_id, Actor.ASSIGNEE: incident.assignee_id}
    return {actor for actor, user_id in people.items() if user_id == scope.user_id}


# In SQL, since every batch of reports asks for it.
_MAY_REPORT = """
SELECT id FROM auth_user
WHERE id = ANY(%s) AND is_active
    AND EXISTS (SELECT FROM gis_grids_post WHERE holder_id = auth_user.id AND term @> %s)
"""


def who_may_report(user_ids: Iterable[int]) -> frozenset[int]:
    """Return those of the users who may report: active, with any open post. One query."""
    with prepared_cursor() as cursor:
        cursor.execute(_MAY_REPORT, [sorted(set(user_ids)), timezone.now()])
        return frozenset(user_id for (user_id,) in cursor.fetchall())


def can_be_assigned(user_id: int, chain: Collection[ChainLink]) -> bool:
    """Return whether the user holds one of `HANDLING_POSTS` in a unit of the chain, and is active."""
    posts = Post.objects.filter(
        holder=user_id,
        holder__is_active=True,
        unit__in=[link.unit_id for link in chain],
        term__contains=timezone.now(),
        kind__in=HANDLING_POSTS,
    )
    return posts.exists()


def may_write_rosters(scope: Scope, chain: Collection[ChainLink]) -> bool:
    """Return whether he may set the duty hours of the chain's last unit: leads, offices, also from above."""
    return _holds_over(scope, GRID_LEADS | OFFICE, chain)


def may_declare_emergency(scope: Scope, chain: Collection[ChainLink]) -> bool:
    """Return whether he may declare and end emergencies in the last unit of the chain: centre and office."""
    return _holds_over(scope, CENTRE | OFFICE, chain)


def may_announce(scope: Scope, chain: Collection[ChainLink]) -> bool:
    """Return whether he may announce something to all below the last unit of the chain: centre and office."""
    return _holds_over(scope, CENTRE | OFFICE, chain)


def may_write_reports(scope: Scope, chain: Collection[ChainLink]) -> bool:
    """Return whether he may write the quarterly report of the chain's last unit: leads, office, centre."""
    return _holds_over(scope, GRID_LEADS | OFFICE | CENTRE, chain)


def may_edit_catalogue(scope: Scope) -> bool:
    """Return whether he may edit what holds everywhere: matters, the negative list, templates. One query.

    That's for clerks, planners and operators of a district or of the city: there is one catalogue, and who
    works for one street alone can't change it for the others.
    """
    units = Unit.objects.filter(pk__in=scope.roots(SETTERS), level__in=(Level.CITY, Level.DISTRICT))
    return units.exists()


def may_write_routes(scope: Scope, chain: Collection[ChainLink]) -> bool:
    """Return whether he may say who gets the cases of the chain's last unit: clerk, planner or operator."""
    return _holds_over(scope, SETTERS, chain)


def may_grant(scope: Scope, chain: Sequence[ChainLink]) -> bool:
    """Return whether he may open private matters of the chain's last unit: a district's or city's clerk."""
    return not scope.roots(OFFICE).isdisjoint(_down_to(Level.DISTRICT, chain))


def _holds_over(scope: Scope, kinds: Collection[PostKind], chain: Collection[ChainLink]) -> bool:
    return not scope.roots(kinds).isdisjoint(link.unit_id for link in chain)
