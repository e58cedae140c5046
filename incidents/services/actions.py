"""Actions on a case: the one service through which a case changes after its report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, Refused, Stale
from incidents import workflow
from incidents.models import ACTION_LABELS, ACTOR_LABELS, STATE_LABELS, Incident, IncidentCycle, IncidentEvent
from incidents.permissions import can_be_assigned
from incidents.selectors.access import access_incident
from incidents.services.action_input import check_needs, read_input
from incidents.services.deadlines import open_cycle
from incidents.services.feed import NewEvent, append
from incidents.workflow import Action, Actor, Need, State

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from django.contrib.auth.models import AbstractBaseUser

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


def act(
    *,
    incident_id: int,
    action: Action,
    actor: AbstractBaseUser | None,
    expected_version: int,
    command_id: UUID | None = None,
    at: dt.datetime | None = None,
    **told: Unpack[Told],
) -> Acted:
    """Do an action of the table in `workflow` with a case, in one transaction.

    ``actor`` None is the system. ``command_id`` is made by who asks; the same command is carried out once
    and answered again. ``at`` is given only when history is loaded; it can't lie before what the case has
    been through. What the action is told: `Told`.

    Raises `NotFound` (``incident.not_found``, also for who may not know of the case), `Stale`
    (``incident.stale``: somebody else was faster; the details say who, by role, and the state now),
    `Conflict` (``action.not_possible`` in this state for anybody, ``command.other_content``), `Refused`
    (``action.not_yours``, ``reopen.too_late``), `BadInput` (``action.needs``, ``action.date``,
    ``action.at``, ``assignee.not_here``, ``master.*``, ``text.*``).
    """
    given = read_input(told)
    command = _Command(Action(action), actor, command_id, given)
    with transaction.atomic():
        _lock({incident_id} | ({given.master_id} if given.master_id else set()))
        access = access_incident(actor, incident_id)
        done = _done_before(command, access.incident)
        if done:
            return done
        _check_version(access.incident, expected_version)
        return _carry_out(_row(command.action, access), access, command, at)


#: What an action may change of a case; the rest stays as it was reported.
_CHANGING = (
    "state",
    "state_since",
    "state_before",
    "assignee",
    "scheduled_for",
    "merged_into",
    "version",
    "cycle",
)


@dataclass(frozen=True, slots=True)
class _Command:
    action: Action
    actor: AbstractBaseUser | None
    id: UUID | None
    given: Given

    @property
    def actor_id(self) -> int | None:
        return self.actor.pk if self.actor else None


def _lock(incident_ids: set[int]) -> None:
    """Lock the cases in the order of their ids, so that two commands can't wait for each other."""
    list(
        Incident.objects.select_for_update(no_key=True)
        .filter(pk__in=incident_ids)
        .order_by("pk")
        .values_list("pk")
    )


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


def _check_version(incident: Incident, expected_version: int) -> None:
    if incident.version == expected_version:
        return
    last = incident.events.latest("incident_version")
    raise Stale(
        "incident.stale",
        _("The case has changed meanwhile (%(by)s: %(what)s; now: %(now)s). Look at it, then decide again."),
        {
            "by": str(ACTOR_LABELS[Actor(last.details["as"])]),
            "what": str(ACTION_LABELS[Action(last.action)]),
            "now": str(STATE_LABELS[State(incident.state)]),
            "as": last.details["as"],
            "action": last.action,
            "state": incident.state,
            "version": incident.version,
            "at": last.at.isoformat(),
        },
    )


def _row(action: Action, access: Access) -> Transition:
    state = State(access.incident.state)
    row = workflow.find(action, state, access.actors)
    if row:
        return row
    words = {"action": str(ACTION_LABELS[action]), "state": str(STATE_LABELS[state])}
    if workflow.rows(action, state):
        raise Refused("action.not_yours", _("“%(action)s” is not for you to do with this case."), words)
    raise Conflict(
        "action.not_possible", _("“%(action)s” is not possible while the case is “%(state)s”."), words
    )


def _carry_out(row: Transition, access: Access, command: _Command, at: dt.datetime | None) -> Acted:
    incident, given = access.incident, command.given
    cycle = incident.cycles.get(number=incident.cycle)
    moment = _moment(incident, cycle, at)
    check_needs(row, given, moment)
    _check_references(row, access, command)
    state = State(incident.state)
    _run_clocks(row, access, cycle, moment)
    _change(row, incident, given, moment)
    incident.version += 1
    incident.save(update_fields=_CHANGING)
    event = NewEvent(
        incident_id=incident.pk,
        incident_version=incident.version,
        action=command.action,
        from_state=state,
        to_state=State(incident.state),
        unit_id=incident.unit_id,
        actor_id=command.actor_id,
        at=moment,
        note=given.note,
        details={"as": workflow.acting_as(row, access.actors)} | given.details(row),
        command_id=command.id,
    )
    [position] = append([event])
    return Acted(
        incident_id=incident.pk,
        version=incident.version,
        state=State(incident.state),
        position=position,
        is_repeat=False,
    )


def _moment(incident: Incident, cycle: IncidentCycle, at: dt.datetime | None) -> dt.datetime:
    """Return when the action happens: never before what the case has been through."""
    latest = max(incident.state_since, cycle.opened_at, *filter(None, cycle.clocks().values()))
    if at is None:
        return max(timezone.now(), latest)
    if at < latest:
        raise BadInput("action.at", _("The case has been through more at that time already."))
    return at


def _check_references(row: Transition, access: Access, command: _Command) -> None:
    """Check that whom and what the action names can be named for this case."""
    assignee_id, master_id = command.given.assignee_id, command.given.master_id
    if Need.ASSIGNEE in row.needs and assignee_id and not can_be_assigned(assignee_id, access.chain):
        raise BadInput(
            "assignee.not_here",
            _("Only who holds a post in the case's grid or above it can be assigned. Choose another person."),
        )
    if Need.MASTER in row.needs and master_id:
        _check_master(access.incident, access_incident(command.actor, master_id).incident)


def _check_master(incident: Incident, master: Incident) -> None:
    if master.pk == incident.pk:
        raise BadInput("master.itself", _("A case can't be its own duplicate. Choose another."))
    if State(master.state) in workflow.ENDED:
        raise BadInput("master.ended", _("That case has ended. Choose one that is open."))
    if incident.duplicates.exists():
        raise BadInput(
            "master.has_duplicates",
            _("Other cases are merged into this one. Merge the other case into this one instead."),
        )


def _run_clocks(row: Transition, access: Access, cycle: IncidentCycle, at: dt.datetime) -> None:
    """Stop the clocks that the row stops; a reopening starts them all anew, in a cycle of its own."""
    incident = access.incident
    if row.target is State.REOPENED:
        if not workflow.may_reopen(cycle.closed_at, at):
            raise Refused(
                "reopen.too_late",
                _("The case ended more than %(days)s days ago. Report it as a new one."),
                {"days": workflow.REOPEN_WINDOW.days},
            )
        incident.cycle += 1
        open_cycle(incident, access.chain, at)
        return
    stopped = workflow.stopped(row, cycle.clocks(), at)
    if stopped:
        IncidentCycle.objects.filter(pk=cycle.pk).update(**stopped)


def _change(row: Transition, incident: Incident, given: Given, at: dt.datetime) -> None:
    """Bring the case into the state that the row leads to, with what belongs to it."""
    state = State(incident.state)
    target = workflow.target_of(row, state, State(incident.state_before) if incident.state_before else None)
    if Need.ASSIGNEE in row.needs:
        incident.assignee_id = given.assignee_id
    elif target in workflow.UNASSIGNED:
        incident.assignee_id = None
    if target is state:
        return
    incident.state, incident.state_since = target, at
    incident.state_before = state if target in {State.NEED_INFO, State.ON_HOLD} else ""
    incident.scheduled_for = given.date if target is State.SCHEDULED else None
    incident.merged_into_id = given.master_id if target is State.DUPLICATE else None
