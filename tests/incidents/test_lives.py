"""Cases that live any lives together, in the database: what always holds of them."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from gis_grids.errors import LingeError
from gis_grids.levels import Level
from incidents.models import Attachment, CoReporter, Incident, IncidentEvent
from incidents.selectors import feed_position
from incidents.services import move_on
from incidents.services.deed import day_of
from incidents.workflow import (
    BACKGROUND,
    ENDED,
    PAUSED,
    UNASSIGNED,
    WORKED_ON,
    Action,
    Actor,
    Clock,
    Need,
    State,
    actions_for,
    find,
)
from tests.incidents.world import prepare

#: What anybody may hear who does what the table allows him: never that it isn't his, or not possible.
BY_THE_WAY = {
    "cancel.others",
    "extension.date", "extension.not_asked", "master.depth", "master.duplicate", "master.ended",
    "master.itself", "master.part", "matter.same", "parent.done", "parts.open", "priority.same",
    "rating.once", "rating.too_late", "reopen.too_late", "split.part", "split.too_many", "unit.same",
    "unit.not_yours", "assignee.not_here",
}  # fmt: skip


#: Actions that change little: most of what is drawn should move something.
WORDS = BACKGROUND | {Action.GIVE_FEEDBACK, Action.PRIORITISE}


class Lives(RuleBasedStateMachine):
    """A few cases of one small town, as time goes on."""

    world = None

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.before = feed_position()
        self.now = timezone.now() - timedelta(days=300)
        self.clocks = {}

    def teardown(self):
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def cases(self):
        return list(Incident.objects.order_by("pk"))

    @initialize()
    def reports(self):
        times = {"received_at": self.now, "observed_at": self.now, "sent_at": self.now}
        for who in ("worker", "colleague", "worker", "colleague"):
            case = self.world.case(reporter=getattr(self.world, who).pk, **times)
            Attachment.objects.create(
                id=uuid4(),
                incident=case,
                origin=case,
                purpose=Attachment.Purpose.REPORT,
                name="photo.jpg",
                media_type="image/jpeg",
                size=3,
                sha256=b"0" * 32,
                declared_at=self.now,
                sender=case.reporter,
            )

    @rule(hours=st.sampled_from([30, 24 * 6, 24 * 15]))
    def the_system_moves_on(self, hours):
        self.now += timedelta(hours=hours)
        move_on(now=self.now)

    @rule(data=st.data())
    def somebody_acts(self, data):
        case = data.draw(st.sampled_from(self.cases()))
        actors = set(Actor) - (set() if case.assignee_id else {Actor.ASSIGNEE})
        rows = actions_for(State(case.state), actors)
        self.act(data, case, data.draw(st.sampled_from([r for r in rows if r.action not in WORDS] or rows)))

    @rule(data=st.data(), action=st.sampled_from([Action.MERGE, Action.UNMERGE, Action.SPLIT]))
    def the_centre_relates_cases(self, data, action):
        able = [case for case in self.cases() if find(action, State(case.state), {Actor.OPERATOR})]
        if able:
            case = data.draw(st.sampled_from(able))
            self.act(data, case, find(action, State(case.state), {Actor.OPERATOR}))

    def act(self, data, case, row):
        self.now += timedelta(hours=1)
        actor = data.draw(
            st.sampled_from(sorted(row.actors - (set() if case.assignee else {Actor.ASSIGNEE})))
        )
        users = {Actor.REPORTER: case.reporter, Actor.ASSIGNEE: case.assignee}
        user = users[actor] if actor in users else self.world.user(actor)
        if row.action is Action.COMPLETE_STEP and case.steps.exists():
            return
        prepare(case, row.action)
        told = self.choices(data, row.needs)
        try:
            self.world.act(case.pk, row.action, actor, actor=user, at=self.now, **told)
        except LingeError as error:
            assert error.code in BY_THE_WAY, f"{error.code}: {error}"  # noqa: PT017 - which one is what matters

    def choices(self, data, needs):
        chosen = {}
        if Need.DATE in needs:
            chosen["date"] = day_of(self.now) + timedelta(days=data.draw(st.integers(1, 9)))
        if Need.MASTER in needs:
            chosen["master_id"] = data.draw(st.sampled_from(self.cases())).pk
        if Need.UNIT in needs:
            units = self.world.town.units[Level.RESIDENT_GROUP]
            chosen["unit_id"] = data.draw(st.sampled_from([units[0], units[1], units[4]])).pk
        if Need.MATTER in needs:
            chosen["matter"] = data.draw(st.sampled_from(["noise", "drain"]))
        if Need.PARTS in needs:
            assignee = data.draw(st.sampled_from([None, self.world.operator.pk]))
            chosen["parts"] = [{"text": "一部分", "matter": None, "assignee_id": assignee}]
        if Need.ASSIGNEE in needs:
            chosen["assignee_id"] = data.draw(st.sampled_from([self.world.colleague, self.world.operator])).pk
        return chosen

    @invariant()
    def the_feed_has_no_gap(self):
        assert feed_position() - self.before == IncidentEvent.objects.count()

    @invariant()
    def the_history_is_whole(self):
        for case in self.cases():
            events = list(case.events.order_by("seq"))
            assert [event.incident_version for event in events] == list(range(1, case.version + 1))
            assert events[0].action == Action.REPORT
            states = ["", *(event.to_state for event in events)]
            assert [event.from_state for event in events] == states[:-1]
            assert states[-1] == case.state

    @invariant()
    def a_clock_is_set_once_and_they_stand_in_order(self):
        for case in self.cases():
            cycles = list(case.cycles.order_by("number"))
            assert [cycle.number for cycle in cycles] == list(range(1, case.cycle + 1))
            for cycle in cycles:
                for clock, at in cycle.clocks().items():
                    assert self.clocks.setdefault((cycle.pk, clock), at) in {None, at}
                    self.clocks[cycle.pk, clock] = at
                handled, resolved, closed = (cycle.clocks()[clock] for clock in list(Clock)[1:])
                assert resolved is None or cycle.opened_at <= handled <= resolved
                assert resolved is None or closed is None or resolved <= closed
            assert (cycles[-1].paused_since is not None) == (case.state in PAUSED)
            if case.state in ENDED | PAUSED | {State.RESOLVED}:
                assert cycles[-1].next_check_at is None
            elif cycles[-1].resolved_at is None:
                assert cycles[-1].next_check_at is not None

    @invariant()
    def nothing_is_nobody_s_and_nothing_waits_without_a_day(self):
        for case in self.cases():
            assert case.assignee_id is None or case.state not in UNASSIGNED
            assert case.assignee_id is not None or case.state not in WORKED_ON
            assert (case.held_until is not None) == (case.state == State.ON_HOLD)
            assert (case.state_before != "") == (case.state in {State.ON_HOLD, State.NEED_INFO})

    @invariant()
    def what_is_done_has_no_open_part(self):
        for child in Incident.objects.filter(parent__isnull=False).select_related("parent"):
            assert child.parent.parent_id is None
            assert child.parent.state != State.DUPLICATE
            if child.parent.state in ENDED | {State.RESOLVED}:
                assert child.state in ENDED

    @invariant()
    def what_was_merged_is_where_it_belongs(self):
        home = {case.pk: case.merged_into_id or case.pk for case in self.cases()}
        assert all(home[master] == master for master in home.values()), "no duplicate of a duplicate"
        for picture in Attachment.objects.all():
            assert picture.incident_id == home[picture.origin_id]
        followed = {each.origin_id: (each.incident_id, each.user_id) for each in CoReporter.objects.all()}
        assert followed == {
            case.pk: (case.merged_into_id, case.reporter_id)
            for case in self.cases()
            if case.state == State.DUPLICATE
        }
        for child in Incident.objects.filter(parent__isnull=False):
            source = child.events.get(incident_version=1).details["source"]
            assert child.parent_id == home[source]


def test_whatever_happens_to_cases_together(world):
    class OfThisWorld(Lives):
        pass

    OfThisWorld.world = world
    run_state_machine_as_test(
        OfThisWorld,
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
        ),
    )
