"""Routes: who gets which cases, decided by the office; and cases that get their assignee with the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, NotFound, Refused
from gis_grids.levels import PostKind
from gis_grids.permissions import scope_of
from gis_grids.selectors import chains
from incidents.models import Matter, RoutingRule
from incidents.permissions import HANDLING_POSTS, may_edit_catalogue, may_write_routes
from incidents.selectors.routing import Proposal, Step, find_rules, is_automatic, propose, propose_all
from incidents.services.feed import NewEvent
from incidents.services.rows import arrays, columns, unnest
from incidents.workflow import Action, Actor, Need, State

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.contrib.auth.models import AbstractBaseUser

    from gis_grids.selectors import ChainLink
    from incidents.selectors.rulebook import Rulebook

__all__ = ["NewCase", "Proposal", "Step", "delete_route", "propose", "route_new", "save_route"]


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case that was just stored, in its unit's chain from the top down."""

    incident_id: int
    chain: Sequence[ChainLink]
    matter: Matter
    at: datetime


@dataclass(frozen=True, slots=True)
class _Assigned:
    case: NewCase
    proposal: Proposal


_TYPES = {"case.incident_id": "bigint", "proposal.user_id": "bigint"}
_ASSIGN = f"""
UPDATE incidents_incident SET state = '{State.ASSIGNED}', assignee_id = chosen.user_id, version = 2
FROM {unnest(_TYPES)} AS chosen ({", ".join(columns(_TYPES))})
WHERE id = chosen.incident_id
"""  # noqa: S608 - all of it constant


def route_new(cases: Sequence[NewCase], book: Rulebook | None = None) -> list[NewEvent]:
    """Assign those of the new cases whose rule or matter says so; return the events, to be appended.

    In the transaction that stores them. Where nobody on the way up can have the case it stays reported, as
    any other. One query when nothing is automatic, else four at most.
    """
    asked = [(case.chain, case.matter) for case in cases]
    rules = find_rules(asked, book) if asked else []
    automatic = [case for case, rule in zip(cases, rules, strict=True) if is_automatic(case.matter, rule)]
    if not automatic:
        return []
    proposals = propose_all([(case.chain, case.matter) for case in automatic], book)
    pairs = [_Assigned(case, proposal) for case, proposal in zip(automatic, proposals, strict=True)]
    assigned = [pair for pair in pairs if pair.proposal.user_id is not None]
    if assigned:
        with connection.cursor() as cursor:
            cursor.execute(_ASSIGN, arrays(_TYPES, assigned))
    return [_event(pair) for pair in assigned]


def _event(assigned: _Assigned) -> NewEvent:
    case, proposal = assigned.case, assigned.proposal
    return NewEvent(
        incident_id=case.incident_id,
        incident_version=2,
        action=Action.ASSIGN,
        from_state=State.REPORTED,
        to_state=State.ASSIGNED,
        unit_id=case.chain[-1].unit_id,
        actor_id=None,
        at=case.at,
        details={
            "as": Actor.SYSTEM,
            Need.ASSIGNEE.value: proposal.user_id,
            "why": [step.details() for step in proposal.steps],
        },
    )


@transaction.atomic
def save_route(  # noqa: PLR0913 - the columns of a rule
    *,
    actor: AbstractBaseUser,
    matter_code: str,
    unit_id: int | None,
    posts: Sequence[str],
    is_automatic: bool,
    rule_id: int | None = None,
) -> RoutingRule:
    """Add a rule, or change one (``rule_id``): see `RoutingRule`. It counts for what is reported from now on.

    Raises `Refused` (``route.not_yours``; both for the place that the rule had and for the one it gets),
    `NotFound` (``route.unknown``, ``unit.unknown``), `BadInput` (``matter.unknown``, ``route.posts``),
    `Conflict` (``route.there_already``).
    """
    rule = _locked(actor, rule_id) if rule_id is not None else RoutingRule()
    _check_may(actor, unit_id)
    if matter_code and not Matter.objects.filter(code=matter_code, is_current=True).exists():
        raise BadInput(
            "matter.unknown",
            _("The catalogue has no matter “%(matter)s” now. Choose another."),
            {"matter": matter_code},
        )
    rule.matter_code, rule.unit_id, rule.is_automatic = matter_code, unit_id, is_automatic
    rule.posts = check_posts(posts)
    if not rule.posts:
        raise BadInput("route.posts", _("Choose at least one post that is to get the cases."))
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError:
        raise Conflict(
            "route.there_already", _("There is a route for this matter and grid already. Change that one.")
        ) from None
    return rule


@transaction.atomic
def delete_route(*, actor: AbstractBaseUser, rule_id: int) -> None:
    """Delete a rule; cases keep who has them. Raises `Refused` (``route.not_yours``), `NotFound`."""
    _locked(actor, rule_id).delete()


def check_posts(posts: Sequence[str]) -> list[str]:
    """Return the kinds of post, each once. Raises `BadInput` (``route.posts``) for what can have no case."""
    clean = list(dict.fromkeys(posts))
    unknown = [kind for kind in clean if kind not in HANDLING_POSTS]
    if unknown:
        raise BadInput(
            "route.posts",
            _("“%(unknown)s” is no post that can have cases. Choose from: %(known)s."),
            {"unknown": _named(unknown), "known": _named(HANDLING_POSTS)},
        )
    return clean


def _named(kinds: Sequence[str]) -> str:
    """Return kinds of post as people call them; what is none stays as it was written."""
    labels = dict(PostKind.choices)
    return "、".join(str(labels.get(kind, kind)) for kind in kinds)


def _locked(actor: AbstractBaseUser, rule_id: int) -> RoutingRule:
    rule = RoutingRule.objects.select_for_update().filter(pk=rule_id).first()
    if rule is None:
        raise NotFound("route.unknown", _("There is no such route any more."))
    _check_may(actor, rule.unit_id)
    return rule


def _check_may(actor: AbstractBaseUser, unit_id: int | None) -> None:
    scope = scope_of(actor)
    chain = chains([unit_id]).get(unit_id) if unit_id is not None else None
    if unit_id is not None and chain is None:
        raise NotFound("unit.unknown", _("There is no such grid."))
    if not (may_write_routes(scope, chain) if chain else may_edit_catalogue(scope)):
        raise Refused(
            "route.not_yours",
            _(
                "Only the office of this grid or of one above it sets its routes; routes for everywhere are "
                "set by the district."
            ),
        )
