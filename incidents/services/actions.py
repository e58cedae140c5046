"""Actions on a case: the one service through which a case changes after its report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Unpack

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, Refused, Stale
from incidents import workflow
from incidents.models import ACTION_LABELS, ACTOR_LABELS, STATE_LABELS, Incident, IncidentEvent
from incidents.permissions import LinkHolder
from incidents.selectors.access import access_incident
from incidents.services import deadlines
from incidents.services.action_input import check_needs, read_input
from incidents.services.deed import Deed
from incidents.services.effects import EFFECTS
from incidents.services.effects.endings import check_relatives
from incidents.services.effects.parts import check_assignee
from incidents.services.feed import NewEvent, append
from incidents.services.jobs import enqueue_checks
from incidents.workflow import BACKGROUND, PAUSED, Action, Actor, Need, State

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from uuid import UUID

    from django.contrib.auth.models import AbstractBaseUser

    from incidents.models import IncidentCycle
    from incidents.selectors.access import Access
    from incidents.services.action_input import Given, Told
    from incidents.workflow import Transition


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """What an action led to. ``position`` is its event's place in the feed."""

    incident_id: int
    version: int
    state: State
    position: int
    is_repeat: bool


def act(  # noqa: PLR0913 - the one door has all the keys
    *,
    incident_id: int,
    action: Action,
    actor: AbstractBaseUser | LinkHolder | None,
    expected_version: int,
    command_id: UUID | None = None,
    at: dt.datetime | None = None,
    extra: Mapping[str, object] | None = None,
    **told: Unpack[Told],
) -> Acted:
    """Do an action of the table in `workflow` with a case, in one transaction.

    ``actor`` None is the system; who holds a signed link to the case acts as its reporter.
    ``expected_version`` is the one that the decision rests on; what happened beside the work since then
    (`workflow.BACKGROUND`) doesn't matter, nor does it for an action of that kind. ``command_id`` is made by
    who asks; the same command is carried out once and answered again. ``at`` is given only when history is
    loaded; it can't lie before what the case has been through. ``extra`` goes into the event's details. What
    the action is told: `Told`; what single actions do beside moving the case: `effects`.

    Raises `NotFound` (``incident.not_found``, also for who may not know of the case), `Stale`
    (``incident.stale``: somebody else was faster; the details say who, by role, and the state now),
    `Conflict` (``action.not_possible`` in this state for anybody, ``command.other_content``,
    ``parts.open``, ``parent.done``), `Refused` (``action.not_yours``), `BadInput` (``action.needs``,
    ``action.date``, ``action.at``, ``assignee.not_here``, ``text.*``), and what the action's effect raises.
    """
    user = None if isinstance(actor, LinkHolder) else actor
    command = _Command(Action(action), user, command_id, read_input(told), dict(extra or {}))
    with transaction.atomic():
        locked = _lock(command, incident_id)
        access = access_incident(actor, incident_id)
        done = _done_before(command, access.incident)
        if done:
            return done
        _check_version(access.incident, command.action, expected_version)
        return _carry_out(command, access, locked, at)


#: States that are left to where they were entered from.
_WITH_WAY_BACK = frozenset({State.NEED_INFO, State.ON_HOLD})

#: What an action may change of a case; the rest stays as it was reported.
_CHANGING = (
    "state",
    "state_since",
    "state_before",
    "assignee",
    "scheduled_for",
    "held_until",
    "merged_into",
    "matter",
    "priority",
    "unit",
    "outside_m",
    "escalated_to",
    "version",
    "cycle",
)


@dataclass(frozen=True, slots=True)
class _Command:
    action: Action
    actor: AbstractBaseUser | None
    id: UUID | None
    given: Given
    extra: dict[str, object]

    @property
    def actor_id(self) -> int | None:
        return self.actor.pk if self.actor else None


def _lock(command: _Command, incident_id: int) -> frozenset[int]:
    """Lock the command's id, then the case with its relatives; return the ids of the locked cases.

    The same command sent for two cases at once is one after the other. Parent and master are locked with
    the case, since what it may do depends on them; in a merge also all that can move. They are locked in
    the order of their ids, so that two commands can't wait for each other. What happens beside the work
    looks at the case alone.
    """
    if command.id:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(command.id)])
    wanted = {incident_id}
    if command.action not in BACKGROUND:
        found = Incident.objects.filter(pk=incident_id).values_list("parent", "merged_into").first()
        wanted |= {pk for pk in (*(found or ()), command.given.master_id) if pk}
    if command.action in {Action.MERGE, Action.UNMERGE}:
        family = Incident.objects.filter(Q(parent__in=wanted) | Q(merged_into__in=wanted))
        wanted |= set(family.values_list("pk", flat=True))
    cases = Incident.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    return frozenset(cases.values_list("pk", flat=True))


def _done_before(command: _Command, incident: Incident) -> Acted | None:
    event = IncidentEvent.objects.filter(command_id=command.id).first() if command.id else None
    if event is None:
        return None
    asked = (incident.pk, command.action, command.actor_id)
    if asked != (event.incident_id, event.action, event.actor_id) or not command.given.is_that_of(
        event.note, event.details
    ):
        raise Conflict(
            "command.other_content",
            _("A command with this id was carried out already, with other content. Give it a new id."),
        )
    return Acted(
        incident_id=incident.pk,
        version=event.incident_version,
        state=State(event.to_state),
        position=event.seq,
        is_repeat=True,
    )


def _check_version(incident: Incident, action: Action, expected: int) -> None:
    if action in BACKGROUND or incident.version == expected:
        return
    decided = incident.events.exclude(action__in=BACKGROUND).latest("incident_version")
    if decided.incident_version <= expected < incident.version:
        return
    raise Stale(
        "incident.stale",
        _("The case has changed meanwhile (%(by)s: %(what)s; now: %(now)s). Look at it, then decide again."),
        {
            "by": str(ACTOR_LABELS[Actor(decided.details["as"])]),
            "what": str(ACTION_LABELS[Action(decided.action)]),
            "now": str(STATE_LABELS[State(incident.state)]),
            "as": decided.details["as"],
            "action": decided.action,
            "state": incident.state,
            "version": incident.version,
            "at": decided.at.isoformat(),
        },
    )


def _row(action: Action, incident: Incident, actors: frozenset[Actor]) -> Transition:
    state = State(incident.state)
    row = workflow.find(action, state, actors)
    if row:
        return row
    words = {"action": str(ACTION_LABELS[action]), "state": str(STATE_LABELS[state])}
    if workflow.rows(action, state):
        raise Refused("action.not_yours", _("“%(action)s” is not for you to do with this case."), words)
    raise Conflict(
        "action.not_possible", _("“%(action)s” is not possible while the case is “%(state)s”."), words
    )


def _carry_out(command: _Command, access: Access, locked: frozenset[int], at: dt.datetime | None) -> Acted:
    deed = _begin(command, access, locked, at)
    check_needs(deed.row, deed.given, deed.at)
    if Need.ASSIGNEE in deed.row.needs and deed.given.assignee_id:
        check_assignee(deed, deed.given.assignee_id)
    came_from, checked_at = State(deed.incident.state), {deed.cycle.pk: deed.cycle.next_check_at}
    for clock, moment in workflow.stopped(deed.row, deed.cycle.clocks(), deed.at).items():
        setattr(deed.cycle, clock, moment)
    effect = EFFECTS.get(deed.action)
    if effect:
        effect(deed)
    check_relatives(deed)
    _change_state(deed)
    deed.incident.version += 1
    deed.incident.save(update_fields=_CHANGING)
    _move_deadlines(deed, came_from, checked_at.get(deed.cycle.pk))
    enqueue_checks(deed.checks)
    position, *_others = append([_event(deed, command.extra, came_from), *deed.consequences])
    return Acted(
        incident_id=deed.incident.pk,
        version=deed.incident.version,
        state=State(deed.incident.state),
        position=position,
        is_repeat=False,
    )


def _begin(command: _Command, access: Access, locked: frozenset[int], at: dt.datetime | None) -> Deed:
    incident = access.incident
    row = _row(command.action, incident, access.actors)
    cycle = incident.cycles.select_related("rule").get(number=incident.cycle)
    cycle.incident = incident
    before = State(incident.state_before) if incident.state_before else None
    return Deed(
        action=command.action,
        row=row,
        given=command.given,
        actor=command.actor,
        as_actor=workflow.acting_as(row, access.actors),
        command_id=command.id,
        incident=incident,
        chain=access.chain,
        cycle=cycle,
        at=_moment(incident, cycle, at),
        target=workflow.target_of(row, State(incident.state), before),
        locked=locked,
    )


def _event(deed: Deed, extra: Mapping[str, object], came_from: State) -> NewEvent:
    details = {**extra, **deed.given.details(deed.row), **deed.details}
    event = deed.event_of(deed.incident, deed.action, came_from, details)
    return replace(event, note=deed.given.note, command_id=deed.command_id)


def _moment(incident: Incident, cycle: IncidentCycle, at: dt.datetime | None) -> dt.datetime:
    """Return when the action happens: never before what the case has been through."""
    latest = max(incident.state_since, cycle.opened_at, *filter(None, cycle.clocks().values()))
    if at is None:
        return max(timezone.now(), latest)
    if at < latest:
        raise BadInput("action.at", _("The case has been through more at that time already."))
    return at


def _change_state(deed: Deed) -> None:
    """Bring the case into the state that it comes to, with what belongs to it."""
    incident, given, state, target = deed.incident, deed.given, State(deed.incident.state), deed.target
    if Need.ASSIGNEE in deed.row.needs:
        incident.assignee_id = given.assignee_id
    elif target in workflow.UNASSIGNED:
        incident.assignee_id = None
    if target is state:
        return
    incident.state, incident.state_since = target, deed.at
    incident.state_before = state if target in _WITH_WAY_BACK else ""
    if deed.action is Action.SCHEDULE:
        incident.scheduled_for = given.date
    elif target not in {State.ON_HOLD, State.SCHEDULED}:
        incident.scheduled_for = None
    incident.held_until = given.date if target is State.ON_HOLD else None
    incident.merged_into_id = given.master_id if target is State.DUPLICATE else None


def _move_deadlines(deed: Deed, came_from: State, checked_at: dt.datetime | None) -> None:
    """Let the clocks stand still or go on, and see when the case is to be looked at next; save the cycle."""
    cycle, state = deed.cycle, State(deed.incident.state)
    if state in PAUSED and came_from not in PAUSED:
        deadlines.pause(cycle, deed.at)
    elif came_from in PAUSED and state not in PAUSED:
        deed.details["deadlines"] = deadlines.go_on(cycle, deed.chain, deed.at)
    cycle.next_check_at = deadlines.next_check(cycle)
    cycle.save()
    if cycle.next_check_at and cycle.next_check_at != checked_at:
        deed.checks.append((deed.incident.pk, cycle.next_check_at))
