"""The page of a plan's steps: by role, with what is in the way, and nothing typed lost."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from gis_grids.models import Plan, PlanStep
from gis_grids.services import plans as services
from tests.mapui.planner.making import SOUTH, STEP, WEST, client_of, key

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(plan):
    """Return a function that opens the page, or takes a step on it, as somebody."""

    def go(person, step=None, plan=plan, **typed):
        client = client_of(person)
        address = f"/planner/{plan.pk}/steps/"
        if step is None:
            return client.get(address)
        fields = {f"{step}-{name}": value for name, value in typed.items() if name not in {"mark", "reason"}}
        answers = {name: typed[name] for name in ("mark", "reason") if name in typed}
        return client.post(address, {"do": step, **fields, **answers})

    return go


def offered(answer):
    assert answer.status_code == 200
    return {offer.name for offer, _form in answer.context["offers"]}


def status_of(plan):
    return Plan.objects.values_list("status", flat=True).get(pk=plan.pk)


class TestWhoMay:
    def test_each_role_is_offered_its_own_steps(self, world, plan, page):
        assert offered(page(world.planner)) == {"submit", "withdraw", "copy"}
        assert offered(page(world.clerk)) == set()
        assert offered(page(world.operator)) == set()
        world.give_reasons(plan)
        world.take(plan, "submit")
        assert offered(page(world.planner)) == {"withdraw", "copy"}
        assert offered(page(world.clerk)) == {"announce", "return", "approve"}

    def test_nobody_else_gets_in(self, world, page):
        assert page(world.worker).status_code == 403
        assert page(world.stranger).status_code == 404
        assert page(None).status_code == 302

    @pytest.mark.parametrize(
        "asked",
        [
            ("submit", "clerk", 403),
            ("withdraw", "operator", 403),
            ("announce", "planner", 403),
            ("approve", "planner", 403),
            ("return", "planner", 403),
            ("approve", "clerk", 409),
            ("publish", "operator", 403),
            ("submit", "worker", 403),
            ("submit", "stranger", 404),
        ],
    )
    def test_a_step_that_is_not_his_is_refused(self, world, plan, page, asked):
        step, person, status = asked
        typed = {"note": "mine", "announced_until": "2099-01-01", "moves_open_cases": "yes"}
        assert page(getattr(world, person), step, **typed).status_code == status
        assert status_of(plan) == Plan.Status.DRAFT
        assert not PlanStep.objects.exists()

    def test_a_step_that_nobody_knows_is_not_found(self, world, page):
        assert page(world.planner, "explode").status_code == 404


class TestSubmitting:
    def test_what_is_in_the_way_is_said_and_what_was_typed_stays(self, world, plan, page):
        answer = page(world.planner, "submit", note="please look at the south")
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "please look at the south" in text
        assert "The plan can&#x27;t go on yet" in text
        assert status_of(plan) == Plan.Status.DRAFT

    def test_reasons_are_given_with_it_and_kept_even_if_one_is_missing(self, world, plan, page):
        world.draw(plan, kind="rename", zone=key(world.areas[0, 1]), name="North")
        warnings = page(world.planner).context["warnings"]
        assert len(warnings) > 1
        marks = [each["mark"] for each in warnings]
        answer = page(world.planner, "submit", mark=marks, reason=["few live here"] + [""] * (len(marks) - 1))
        assert answer.status_code == 422
        assert "few live here" in answer.content.decode()
        answer = page(world.planner, "submit", mark=marks, reason=["few live here"] * len(marks))
        assert answer.status_code == 302
        plan.refresh_from_db()
        assert plan.status == Plan.Status.SUBMITTED
        assert set(plan.reasons) == set(marks)

    def test_errors_are_listed_and_block(self, world, page):
        empty = world.open("Nobody lives in the half of it")
        x = WEST + STEP / 3
        line = [(x, SOUTH - STEP), (x, SOUTH + 3 * STEP)]
        world.draw(empty, kind="split", zone=key(world.areas[0, 0]), line=line)
        errors = page(world.planner, plan=empty).context["errors"]
        assert {each["code"] for each in errors} == {"E09"}
        assert page(world.planner, "submit", plan=empty).status_code == 422


@pytest.fixture
def submitted(world, plan):
    world.give_reasons(plan)
    world.take(plan, "submit")
    return plan


@pytest.fixture
def approved(world, submitted):
    world.take(submitted, "approve")
    return submitted


class TestTheWay:
    def test_it_is_announced_until_a_day(self, world, submitted, page):
        last = timezone.localdate() + timedelta(days=9)
        answer = page(world.clerk, "announce", announced_until=last.isoformat(), note="on the board")
        assert answer.status_code == 302
        submitted.refresh_from_db()
        assert (submitted.status, submitted.announced_until) == (Plan.Status.ANNOUNCED, last)
        states = [stage.state for stage in page(world.planner).context["way"]]
        assert states == ["done", "done", "now", "ahead", "ahead"]

    def test_a_last_day_that_has_passed_is_refused_in_place(self, world, submitted, page):
        answer = page(world.clerk, "announce", announced_until="2020-01-01", note="keep me")
        assert answer.status_code == 422
        assert "keep me" in answer.content.decode()
        assert "That day has passed" in answer.content.decode()
        assert answer.context["asked"].name == "announce"

    def test_returning_wants_to_be_told_why(self, world, submitted, page):
        assert page(world.clerk, "return").status_code == 422
        assert page(world.clerk, "return", note="the river is in the way").status_code == 302
        answer = page(world.planner)
        assert "the river is in the way" in answer.content.decode()
        assert offered(answer) == {"submit", "withdraw", "copy"}

    def test_an_approval_without_an_announcement_shows_it_skipped(self, world, approved, page):
        states = [stage.state for stage in page(world.clerk).context["way"]]
        assert states == ["done", "done", "skipped", "now", "ahead"]

    def test_it_is_withdrawn(self, world, submitted, page):
        assert page(world.planner, "withdraw", note="no longer wanted").status_code == 302
        assert status_of(submitted) == Plan.Status.WITHDRAWN


class TestPublishing:
    def test_at_once(self, world, approved, page):
        answer = page(world.planner, "publish", moves_open_cases="no")
        assert answer.status_code == 302
        approved.refresh_from_db()
        assert (approved.status, approved.moves_open_cases) == (Plan.Status.PUBLISHED, False)

    def test_from_the_beginning_of_a_day_of_the_district(self, world, approved, page, settings):
        day = timezone.localdate() + timedelta(days=3)
        answer = page(world.clerk, "publish", effective_on=day.isoformat(), moves_open_cases="yes")
        assert answer.status_code == 302
        approved.refresh_from_db()
        here = approved.effective_at.astimezone(ZoneInfo(settings.TIME_ZONE))
        assert (here.date(), here.hour, here.minute) == (day, 0, 0)

    def test_a_day_that_has_passed_is_refused(self, world, approved, page):
        answer = page(world.clerk, "publish", effective_on="2020-01-01", moves_open_cases="yes", note="soon")
        assert answer.status_code == 422
        assert "soon" in answer.content.decode()
        assert status_of(approved) == Plan.Status.APPROVED

    def test_who_comes_second_is_told(self, world, approved, page):
        page(world.clerk, "publish", moves_open_cases="yes")
        answer = page(world.planner, "publish", moves_open_cases="yes", note="me too")
        assert answer.status_code == 409
        assert "me too" in answer.content.decode()

    def test_what_was_before_is_restored_by_a_new_plan(self, world, approved, page):
        page(world.planner, "publish", moves_open_cases="yes")
        answer = page(world.planner, "restore", note="it was better before")
        assert answer.status_code == 302
        restoring = Plan.objects.get(restores=approved)
        assert answer.headers["Location"] == f"/planner/{restoring.pk}/steps/"
        assert restoring.status == Plan.Status.DRAFT

    @pytest.mark.parametrize(
        ("days", "said"), [(0, "what was before was restored"), (2, "never been in force")]
    )
    def test_a_plan_that_was_restored_says_so_and_is_not_restored_again(self, world, plan, page, days, said):
        later = timezone.now() + timedelta(days=days) if days else None
        world.publish(plan, effective_at=later)
        assert "restore" in offered(page(world.planner))
        world.publish(services.restore_plan(plan_id=plan.pk, actor=world.planner))
        answer = page(world.planner)
        assert "restore" not in offered(answer)
        assert said in answer.content.decode()


def test_a_copy_begins_as_a_scenario(world, plan, page):
    assert page(world.planner, "copy", title="").status_code == 422
    answer = page(world.planner, "copy", title="Another way")
    copy = Plan.objects.get(copied_from=plan)
    assert (copy.title, answer.headers["Location"]) == ("Another way", f"/planner/{copy.pk}/steps/")


def test_a_plan_of_old_boundaries_is_brought_up_to_the_latest(world, plan, page):
    other = world.open("Elsewhere in the same community")
    world.draw(other, kind="rename", zone=key(world.areas[1, 1]), name="Renamed")
    world.publish(other)
    assert "sync" in offered(page(world.planner))
    assert page(world.planner, "sync").status_code == 302
    assert "sync" not in offered(page(world.planner))


def test_a_refused_sync_says_what_is_in_the_way(world, plan, page):
    other = world.open("The same grids")
    world.draw(other, kind="rename", zone=key(world.areas[0, 0]), name="Renamed")
    world.publish(other)
    answer = page(world.planner, "sync")
    assert answer.status_code == 409
    assert "Renamed" in answer.content.decode()


def test_the_steps_are_shown_with_their_notes(world, submitted, page):
    services.take_step(plan_id=submitted.pk, step="approve", actor=world.clerk, note="<b>well</b> done")
    text = page(world.operator).content.decode()
    assert "&lt;b&gt;well&lt;/b&gt; done" in text
    assert "approved the plan" in text
