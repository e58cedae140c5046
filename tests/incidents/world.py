"""A small town with somebody in every role, and short ways to report and to act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.contrib.auth.models import User
from django.utils import timezone

from gis_grids.levels import Level, PostKind
from gis_grids.models import Post
from incidents.models import Incident
from incidents.services import NewReport, act, load_matters, report_incident
from incidents.workflow import Action, Actor, Need, State, find
from tests.factories import OPEN, Town, inside, make_town


@dataclass
class World:
    town: Town
    worker: User
    colleague: User
    lead: User
    operator: User
    office: User
    head: User
    stranger: User

    def report(self, **changes) -> NewReport:
        lon, lat = inside(self.town.leaf)
        now = timezone.now()
        said = {
            "report_id": uuid4(),
            "reporter": self.worker.pk,
            "matter": "rubbish",
            "text": "三号楼旁垃圾堆积",
            "lon": lon,
            "lat": lat,
            "accuracy_m": 12.5,
            "position_source": "device",
            "observed_at": now - timedelta(seconds=90),
            "sent_at": now,
        }
        return NewReport(**(said | changes))

    def case(self, **changes) -> Incident:
        return Incident.objects.get(pk=report_incident(report=self.report(**changes)).incident_id)

    def user(self, actor: Actor) -> User | None:
        return {
            Actor.REPORTER: self.worker,
            Actor.ASSIGNEE: self.colleague,
            Actor.GRID_LEAD: self.lead,
            Actor.OPERATOR: self.operator,
            Actor.STREET_OFFICE: self.office,
            Actor.DISTRICT_LEADER: self.head,
            Actor.SYSTEM: None,
        }[actor]

    def told(self, needs) -> dict[str, object]:
        """What answers the needs, as arguments of `act`."""
        answers = {
            Need.MESSAGE: ("note", "请补充说明"),
            Need.REASON: ("note", "另有原因"),
            Need.RESULT: ("note", "已清运"),
            Need.DATE: ("date", timezone.localdate() + timedelta(days=2)),
            Need.ASSIGNEE: ("assignee_id", self.colleague.pk),
            Need.ITEM: ("item", "清单 4.2"),
            Need.PARTS: ("parts", [{"text": "清运", "matter": None, "assignee_id": None}]),
            Need.MATTER: ("matter", "noise"),
            Need.PRIORITY: ("priority", "urgent"),
            Need.UNIT: ("unit_id", self.town.units[Level.RESIDENT_GROUP][1].pk),
            Need.STEP: ("step", 1),
            Need.SCORE: ("score", 4),
        }
        told = dict(answers[need] for need in needs if need is not Need.MASTER)
        return told | ({"master_id": self.case().pk} if Need.MASTER in needs else {})

    def act(self, incident_id: int, action: Action, as_actor: Actor, **arguments):
        """Do the action as that actor with all it needs, unless told otherwise."""
        incident = Incident.objects.get(pk=incident_id)
        row = find(action, State(incident.state), {as_actor})
        named = {Need.MASTER} if "master_id" in arguments else set()
        given = self.told(row.needs - named if row else ())
        given |= {"expected_version": incident.version, "actor": self.user(as_actor)} | arguments
        return act(incident_id=incident_id, action=action, **given)

    def bring(self, state: State, **changes) -> Incident:
        """Return a new case in that state, with the colleague as assignee where the state has one."""
        case = self.case(**changes)
        for action, actor in PATHS[state]:
            self.act(case.pk, action, actor)
        case.refresh_from_db()
        assert case.state == state
        return case


def prepare(case: Incident, action: Action) -> None:
    """Give the case what the action is about, where not every case has it."""
    if action is Action.COMPLETE_STEP:
        case.steps.create(number=1, title="核对材料")
    if action is Action.REFUSE_EXTENSION:
        case.cycles.update(extension_asked=timezone.localdate() + timedelta(days=2))


_LEAD, _CENTRE = Actor.GRID_LEAD, Actor.OPERATOR
_ASSIGN = (Action.ASSIGN, _LEAD)
_TAKE = (Action.TAKE, Actor.ASSIGNEE)
_RESOLVE = (Action.RESOLVE, Actor.ASSIGNEE)

#: How a case gets into each state.
PATHS: dict[State, tuple[tuple[Action, Actor], ...]] = {
    State.REPORTED: (),
    State.ACCEPTED: ((Action.ACCEPT, _CENTRE),),
    State.ASSIGNED: (_ASSIGN,),
    State.SCHEDULED: (_ASSIGN, (Action.SCHEDULE, Actor.ASSIGNEE)),
    State.IN_PROGRESS: (_ASSIGN, _TAKE),
    State.NEED_INFO: (_ASSIGN, _TAKE, (Action.ASK, Actor.ASSIGNEE)),
    State.EXTERNAL: (_ASSIGN, _TAKE, (Action.TRANSFER, Actor.ASSIGNEE)),
    State.ADMISSION_REVIEW: ((Action.REVIEW, _LEAD),),
    State.DISTRICT_REVIEW: ((Action.REVIEW, _LEAD), (Action.REFER_UP, Actor.STREET_OFFICE)),
    State.ON_HOLD: (_ASSIGN, _TAKE, (Action.HOLD, _LEAD)),
    State.RESOLVED: (_ASSIGN, _TAKE, _RESOLVE),
    State.CLOSED: (_ASSIGN, _TAKE, _RESOLVE, (Action.CLOSE, _LEAD)),
    State.REJECTED: ((Action.REVIEW, _LEAD), (Action.REJECT, Actor.STREET_OFFICE)),
    State.VOID: (_ASSIGN, _TAKE, (Action.VOID, _CENTRE)),
    State.CANCELLED: ((Action.CANCEL, Actor.REPORTER),),
    State.DUPLICATE: ((Action.MERGE, _LEAD),),
    State.REOPENED: (_ASSIGN, _TAKE, _RESOLVE, (Action.REOPEN, Actor.REPORTER)),
}


def make_world() -> World:
    """Posts on the chain of the first resident group; the stranger's is in the other street."""
    load_matters()
    town = make_town()
    first = {level: units[0] for level, units in town.units.items()}
    people = {
        "worker": (first[Level.RESIDENT_GROUP], PostKind.GRID_WORKER),
        "colleague": (first[Level.AREA], PostKind.GRID_WORKER),
        "lead": (first[Level.COMMUNITY], PostKind.GRID_LEADER),
        "operator": (first[Level.DISTRICT], PostKind.COMMAND_OPERATOR),
        "office": (first[Level.STREET], PostKind.OFFICE_CLERK),
        "head": (first[Level.DISTRICT], PostKind.OFFICE_CLERK),
        "stranger": (town.units[Level.STREET][1], PostKind.GRID_LEADER),
    }
    users = {name: User(username=name, last_name="王", first_name=name) for name in people}
    # Hundreds of tests begin here: two statements, not two for each of them.
    User.objects.bulk_create(users.values())
    Post.objects.bulk_create(
        Post(unit=unit, kind=kind, holder=users[name], term=OPEN) for name, (unit, kind) in people.items()
    )
    return World(town=town, **users)
