"""Plans in the database: drawn, undone, stepped, published; refused without a trace."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
import shapely
from django.utils import timezone

from gis_grids import hooks
from gis_grids.drafts.comparison import Problem
from gis_grids.errors import BadInput, Conflict, NotFound, Refused, Stale
from gis_grids.levels import Level, PostKind
from gis_grids.models import Plan, PlanOperation, PlanZone, Post, Unit, UnitLineage, UnitVersion
from gis_grids.selectors import stored_tiling, unit_at
from gis_grids.selectors.plans import base_draft, draft_of, problems_of
from gis_grids.selectors.plans.problems import are_problems_known
from gis_grids.services import plans as services
from tests.factories import LONG_AGO, UserFactory, post
from tests.planning import SOUTH, STEP, WEST, approve, draw, key, north_south, published, split

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ground_floor_alone")]


def versions_and_posts():
    versions = UnitVersion.objects.order_by("pk").values_list("pk", "unit", "parent", "name", "valid")
    return [*versions], [*Post.objects.order_by("pk").values_list("pk", "unit", "holder", "term")]


class TestOpening:
    def test_it_starts_from_the_boundaries_in_force(self, plan, world):
        draft = draft_of(plan)
        assert draft.zones.keys() == {key(world[f"west{n}"]) for n in ("00", "01", "10", "11")}
        assert not PlanZone.objects.exists()

    def test_a_scope_without_anything_begins_as_one_zone(self, world):
        plan = services.open_plan(
            scope_id=world["west00"].pk, level=Level.BUILDING_GROUP, title="New", actor=world["planner"]
        )
        [zone] = draft_of(plan).zones.values()
        assert zone.level == Level.BUILDING_GROUP
        assert not [problem for problem in problems_of(plan) if problem.severity == "E"]

    @pytest.mark.parametrize("who", ["clerk", "stranger", "worker"])
    def test_only_planners_of_the_unit_open_one(self, world, who):
        world["stranger"] = UserFactory()
        world["worker"] = UserFactory()
        post(world["worker"], world["west"], PostKind.GRID_WORKER)
        with pytest.raises(Refused):
            services.open_plan(scope_id=world["west"].pk, level=Level.AREA, title="x", actor=world[who])

    def test_bad_input(self, world):
        with pytest.raises(BadInput) as wrong:
            services.open_plan(
                scope_id=world["west"].pk, level=Level.STREET, title="x", actor=world["planner"]
            )
        assert wrong.value.code == "plan.level"
        with pytest.raises(BadInput) as wrong:
            services.open_plan(scope_id=world["west"].pk, level=Level.AREA, title=" ", actor=world["planner"])
        assert wrong.value.code == "plan.no_title"


class TestDrawing:
    def test_an_operation_is_kept_with_before_and_after(self, plan, world):
        operation = split(plan, world)
        assert (operation.seq, operation.kind) == (1, "split")
        assert len(draft_of(Plan.objects.get()).zones) == 5
        assert PlanZone.objects.filter(plan=plan).exists()

    def test_the_same_id_again_is_answered_and_not_done(self, plan, world):
        same = uuid4()
        first = split(plan, world, operation_id=same)
        assert split(plan, world, operation_id=same, base_rev=0) == first
        with pytest.raises(Conflict):
            draw(
                plan,
                world["planner"],
                operation_id=same,
                kind="merge",
                keep=key(world["west00"]),
                others=[key(world["west10"])],
            )
        assert PlanOperation.objects.count() == 1

    def test_what_can_not_be_drawn_leaves_no_trace(self, plan, world):
        with pytest.raises(BadInput) as wrong:
            draw(
                plan,
                world["planner"],
                kind="split",
                zone=key(world["west00"]),
                line=[(WEST - 1, 39), (WEST - 1, 40)],
            )
        assert wrong.value.code == "plan.E12"
        assert "Unit 110105001001001" in str(wrong.value)
        plan.refresh_from_db()
        assert (plan.rev, PlanOperation.objects.count(), PlanZone.objects.count()) == (0, 0, 0)

    def test_a_code_is_never_given_twice(self, plan, world):
        """Not that of a unit anywhere, not that of another zone of the draft, not one that can't be."""
        renumber = partial(draw, plan, world["planner"], kind="renumber")
        renumber(zone=key(world["west00"]), code="601")
        for code in (world["east11"].code, "601"):
            with pytest.raises(BadInput) as taken:
                renumber(zone=key(world["west11"]), code=code)
            assert taken.value.code == "plan.code_taken"
        with pytest.raises(BadInput) as wrong:
            renumber(zone=key(world["west11"]), code="6 0 1")
        assert wrong.value.code == "plan.bad_code"
        renumber(zone=key(world["west00"]), code=world["west00"].code)
        assert PlanOperation.objects.count() == 2

    def test_a_stale_operation_is_told_who_was_faster(self, plan, world):
        other = UserFactory(first_name="Ann", last_name="Lee")
        post(other, world["street"], PostKind.PLANNER)
        draw(plan, other, kind="rename", zone=key(world["west00"]), name="Faster")
        with pytest.raises(Stale) as stale:
            split(plan, world, base_rev=0)
        assert stale.value.code == "plan.E11"
        assert stale.value.details["zones"] == [key(world["west00"])]
        assert "“Faster” was changed by Ann Lee at " in str(stale.value)
        draw(plan, world["planner"], base_rev=0, kind="rename", zone=key(world["west11"]), name="Elsewhere")

    def test_a_vertex_that_was_moved_meanwhile_is_not_just_missing(self, plan, world):
        shapes = [zone.shape for zone in draft_of(plan).zones.values()]
        [middle] = set.intersection(*(set(map(tuple, shapely.get_coordinates(one))) for one in shapes))
        there = (middle[0] + 0.1 * STEP, middle[1] + 0.1 * STEP)
        draw(plan, world["planner"], kind="move_node", node=middle, to=there)
        with pytest.raises(Stale):
            draw(plan, world["planner"], base_rev=0, kind="move_node", node=middle, to=(there[0], middle[1]))
        with pytest.raises(BadInput):
            draw(plan, world["planner"], kind="move_node", node=middle, to=(there[0], middle[1]))

    def test_nobody_else_draws(self, plan, world):
        for who in (world["clerk"], UserFactory()):
            with pytest.raises((Refused, NotFound)):
                draw(plan, who, kind="rename", zone=key(world["west00"]), name="x")

    def test_undo_and_redo_to_the_bit(self, plan, world):
        states = [draft_of(plan).zones]
        for asked in (
            {"kind": "split", "zone": key(world["west00"]), "line": north_south(WEST + STEP / 3)},
            {"kind": "merge", "keep": key(world["west01"]), "others": [key(world["west11"])]},
            {"kind": "rename", "zone": key(world["west10"]), "name": "Third"},
        ):
            draw(plan, world["planner"], **asked)
            states.append(draft_of(Plan.objects.get()).zones)
        for redo, expected in ((False, states[-2::-1]), (True, states[1:])):
            for state in expected:
                services.undo(plan_id=plan.pk, operation_id=uuid4(), actor=world["planner"], redo=redo)
                assert draft_of(Plan.objects.get()).zones == state
        with pytest.raises(Conflict):
            services.undo(plan_id=plan.pk, operation_id=uuid4(), actor=world["planner"], redo=True)

    def test_an_undo_of_what_was_drawn_on_since(self, plan, world):
        first = split(plan, world)
        draw(plan, world["planner"], kind="rename", zone=key(world["west00"]), name="Later")
        with pytest.raises(Stale):
            services.undo(plan_id=plan.pk, operation_id=uuid4(), actor=world["planner"], seq=first.seq)


class TestSteps:
    def test_by_role_and_in_order(self, plan, world):
        split(plan, world)
        with pytest.raises(Refused):
            services.take_step(plan_id=plan.pk, step="submit", actor=world["clerk"])
        with pytest.raises(Conflict):
            services.take_step(plan_id=plan.pk, step="approve", actor=world["clerk"])
        services.take_step(plan_id=plan.pk, step="submit", actor=world["planner"])
        with pytest.raises(Conflict):
            split(plan, world)
        with pytest.raises(BadInput):
            services.take_step(plan_id=plan.pk, step="return", actor=world["clerk"])
        services.take_step(plan_id=plan.pk, step="return", actor=world["clerk"], note="mend it")
        draw(plan, world["planner"], kind="rename", zone=key(world["west11"]), name="Mended")
        assert [step.step for step in plan.steps.all()] == ["submit", "return"]

    def test_nobody_approves_his_own(self, plan, world):
        post(world["planner"], world["street"], PostKind.OFFICE_CLERK)
        services.take_step(plan_id=plan.pk, step="submit", actor=world["planner"])
        with pytest.raises(Refused) as own:
            services.take_step(plan_id=plan.pk, step="approve", actor=world["planner"])
        assert own.value.code == "plan.own"

    def test_a_notice_needs_its_last_day(self, plan, world):
        services.take_step(plan_id=plan.pk, step="submit", actor=world["planner"])
        with pytest.raises(BadInput):
            services.take_step(plan_id=plan.pk, step="announce", actor=world["clerk"])
        services.take_step(
            plan_id=plan.pk, step="announce", actor=world["clerk"], announced_until=timezone.localdate()
        )
        assert Plan.objects.get().status == "announced"


class TestPublishing:
    def test_units_begin_change_and_end(self, plan, world):
        split(plan, world)
        draw(plan, world["planner"], kind="merge", keep=key(world["west01"]), others=[key(world["west11"])])
        publication = published(plan, world)
        at = publication.effective_at
        assert not [p for p in stored_tiling().problems if p.is_error]
        new = Unit.objects.get(code="110105001001005")
        assert unit_at(WEST + STEP / 10, SOUTH + STEP / 2).unit_id in {new.pk, world["west00"].pk}
        assert UnitVersion.objects.get(unit=world["west11"]).valid.upper == at
        assert UnitVersion.objects.filter(unit=world["west00"]).count() == 2
        assert UnitVersion.objects.filter(unit=world["west10"]).count() in {1, 2}
        before = base_draft(world["west"].pk, LONG_AGO)
        assert len(before.zones) == 4

    def test_lineage_says_where_the_ground_came_from(self, plan, world):
        draw(plan, world["planner"], kind="merge", keep=key(world["west01"]), others=[key(world["west11"])])
        published(plan, world)
        rows = UnitLineage.objects.values_list("source", "target")
        assert set(rows) == {
            (world["west01"].pk, world["west01"].pk),
            (world["west11"].pk, world["west01"].pk),
        }

    def test_its_problems_stay_what_they_were(self, plan, world):
        thin = north_south(WEST + STEP / 40)
        draw(plan, world["planner"], kind="split", zone=key(world["west00"]), line=thin)
        judged = problems_of(plan)
        assert [problem.code for problem in judged] == ["I30"]
        published(plan, world)
        hooks.plan_checks.append(lambda _compared: [Problem("W26", (), {})])
        plan.refresh_from_db()
        assert problems_of(plan) == judged

    def test_which_problems_it_had_may_not_be_known(self, plan, world):
        publication = published(plan, world)
        plan.refresh_from_db()
        assert are_problems_known(plan)
        type(publication).objects.update(problems=None)
        assert not are_problems_known(plan)
        assert problems_of(plan) == []

    def test_of_two_plans_one_wins_and_the_other_is_told(self, plan, world):
        second = services.open_plan(
            scope_id=world["west"].pk, level=Level.AREA, title="B", actor=world["planner"]
        )
        split(plan, world)
        draw(second, world["planner"], kind="rename", zone=key(world["west11"]), name="B")
        approve(second, world)
        published(plan, world)
        with pytest.raises(Stale) as stale:
            services.publish(plan_id=second.pk, actor=world["planner"])
        assert stale.value.code == "plan.E10"

    def test_sync_brings_a_draft_up_to_date_where_it_fits(self, plan, world):
        second = services.open_plan(
            scope_id=world["west"].pk, level=Level.AREA, title="B", actor=world["planner"]
        )
        draw(second, world["planner"], kind="rename", zone=key(world["west11"]), name="B")
        split(plan, world)
        published(plan, world)
        services.sync(plan_id=second.pk, actor=world["planner"])
        second.refresh_from_db()
        assert len(draft_of(second).zones) == 5
        assert not [p for p in problems_of(second) if p.severity == "E"]

    def test_sync_refuses_where_both_changed(self, plan, world):
        second = services.open_plan(
            scope_id=world["west"].pk, level=Level.AREA, title="B", actor=world["planner"]
        )
        draw(second, world["planner"], kind="rename", zone=key(world["west00"]), name="B")
        split(plan, world)
        published(plan, world)
        rev = Plan.objects.get(pk=second.pk).rev
        with pytest.raises(Conflict):
            services.sync(plan_id=second.pk, actor=world["planner"])
        assert Plan.objects.get(pk=second.pk).rev == rev

    def test_from_a_day_to_come(self, plan, world):
        split(plan, world)
        tomorrow = timezone.now() + timedelta(days=1)
        published(plan, world, effective_at=tomorrow)
        assert len(base_draft(world["west"].pk, timezone.now()).zones) == 4
        assert len(base_draft(world["west"].pk, tomorrow).zones) == 5
        later = services.open_plan(
            scope_id=world["west"].pk, level=Level.AREA, title="Next", actor=world["planner"]
        )
        assert later.base_at == tomorrow
        assert len(draft_of(later).zones) == 5

    def test_of_two_plans_on_boundaries_to_come_one_wins_too(self, plan, world):
        split(plan, world)
        published(plan, world, effective_at=timezone.now() + timedelta(days=1))
        west = world["west"].pk
        first, second = (
            services.open_plan(scope_id=west, level=Level.AREA, title=title, actor=world["planner"])
            for title in "BC"
        )
        for later in (first, second):
            draw(later, world["planner"], kind="rename", zone=key(world["west11"]), name=later.title)
            approve(later, world)
        publication = services.publish(plan_id=first.pk, actor=world["planner"])
        with pytest.raises(Stale) as stale:
            services.publish(plan_id=second.pk, actor=world["planner"])
        assert stale.value.code == "plan.E10"
        # What the first one was based on can still be read.
        was, now = (base_draft(west, at).zones for at in (first.base_at, publication.effective_at))
        assert was[key(world["west11"])].name != now[key(world["west11"])].name == "B"

    def test_what_is_taken_back_before_its_day_has_never_been(self, plan, world):
        worker, planned = UserFactory(), UserFactory()
        post(worker, world["west11"], PostKind.GRID_WORKER)
        west, was = world["west"].pk, versions_and_posts()
        split(plan, world)
        draw(plan, world["planner"], kind="merge", keep=key(world["west01"]), others=[key(world["west11"])])
        wanted = [{"kind": "grid_worker", "holder": planned.pk, "is_deputy": False}]
        draw(plan, world["planner"], kind="staff", zone=key(world["west01"]), staff=wanted)
        published(plan, world, effective_at=timezone.now() + timedelta(days=1))
        third = services.open_plan(scope_id=west, level=Level.AREA, title="C", actor=world["planner"])
        draw(third, world["planner"], kind="rename", zone=key(world["west01"]), name="C")
        back = services.restore_plan(plan_id=plan.pk, actor=world["planner"])
        published(back, world)
        assert versions_and_posts() == was
        assert not UnitLineage.objects.exists()
        assert not [p for p in stored_tiling().problems if p.is_error]
        # Who drew on what was to come is told, and a new plan isn't bound to that day.
        copy = services.copy_plan(plan_id=third.pk, title="", actor=world["planner"])
        assert all("E10" in {problem.code for problem in problems_of(each)} for each in (third, copy))
        with pytest.raises(Conflict):
            services.sync(plan_id=third.pk, actor=world["planner"])
        fourth = services.open_plan(scope_id=west, level=Level.AREA, title="D", actor=world["planner"])
        assert fourth.base_at <= timezone.now()
        for done in (plan, back):
            with pytest.raises(Conflict) as nothing:
                services.restore_plan(plan_id=done.pk, actor=world["planner"])
            assert nothing.value.code == "plan.nothing_to_restore"
        assert not [problem for problem in problems_of(fourth) if problem.severity == "E"]

    def test_who_drew_elsewhere_can_follow_what_was_taken_back(self, plan, world):
        draw(plan, world["planner"], kind="rename", zone=key(world["west00"]), name="A")
        published(plan, world, effective_at=timezone.now() + timedelta(days=1))
        west = world["west"].pk
        third = services.open_plan(scope_id=west, level=Level.AREA, title="C", actor=world["planner"])
        draw(third, world["planner"], kind="rename", zone=key(world["west01"]), name="C")
        published(services.restore_plan(plan_id=plan.pk, actor=world["planner"]), world)
        services.sync(plan_id=third.pk, actor=world["planner"])
        third.refresh_from_db()
        assert published(third, world).effective_at <= timezone.now()
        zones = base_draft(west, timezone.now()).zones
        names = [zones[key(world[name])].name for name in ("west00", "west01")]
        assert names == ["Unit 110105001001001", "C"]

    def test_posts_end_with_their_unit_and_are_set_as_planned(self, plan, world):
        leader, ending = UserFactory(), UserFactory()
        post(ending, world["west11"], PostKind.GRID_WORKER)
        draw(plan, world["planner"], kind="merge", keep=key(world["west01"]), others=[key(world["west11"])])
        wanted = [{"kind": "grid_worker", "holder": leader.pk, "is_deputy": False}]
        draw(plan, world["planner"], kind="staff", zone=key(world["west01"]), staff=wanted)
        published(plan, world)
        now = timezone.now()
        assert not Post.objects.filter(unit=world["west11"], term__contains=now).exists()
        assert Post.objects.get(unit=world["west01"], term__contains=now).holder == leader

    def test_a_new_code_is_a_new_unit_with_the_posts(self, plan, world):
        worker = UserFactory()
        post(worker, world["west11"], PostKind.GRID_WORKER)
        draw(plan, world["planner"], kind="renumber", zone=key(world["west11"]), code="601")
        published(plan, world)
        new = Unit.objects.get(code="601")
        assert UnitVersion.objects.get(unit=new).valid.upper is None
        assert Post.objects.get(holder=worker, term__contains=timezone.now()).unit == new

    def test_a_code_that_was_given_since_it_was_drawn(self, plan, world):
        draw(plan, world["planner"], kind="renumber", zone=key(world["west11"]), code="601")
        Unit.objects.create(code="601", level=Level.AREA)
        approve(plan, world)
        with pytest.raises(BadInput) as taken:
            services.publish(plan_id=plan.pk, actor=world["planner"])
        assert taken.value.code == "plan.code_taken"
        assert Plan.objects.get().status == "approved"

    def test_restoring_is_a_plan_of_its_own(self, plan, world):
        split(plan, world)
        draw(plan, world["planner"], kind="merge", keep=key(world["west01"]), others=[key(world["west11"])])
        was = base_draft(world["west"].pk, plan.base_at)
        published(plan, world)
        back = services.restore_plan(plan_id=plan.pk, actor=world["planner"])
        published(back, world)
        now = base_draft(world["west"].pk, timezone.now())
        assert now.zones == was.zones
        assert UnitVersion.objects.filter(unit=world["west11"]).count() == 2


def test_a_whole_street_merges_communities(world):
    plan = services.open_plan(
        scope_id=world["street"].pk, level=Level.COMMUNITY, title="One", actor=world["planner"]
    )
    draw(plan, world["planner"], kind="merge", keep=key(world["west"]), others=[key(world["east"])])
    published(plan, world)
    assert len(base_draft(world["west"].pk, timezone.now()).zones) == 8
    boundary = UnitVersion.objects.get(unit=world["west"], valid__contains=timezone.now()).boundary
    assert boundary.area == pytest.approx(8 * STEP * STEP)
    assert not [p for p in stored_tiling().problems if p.is_error]
