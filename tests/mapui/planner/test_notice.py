"""The public notice: read and commented on without an account, moderated by the office, and nobody's name."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from itertools import count

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gis_grids.models import Plan, PlanComment
from gis_grids.services import plans as services
from mapui.planner.notice.links import token_of
from mapui.planner.notice.public import COMMENTS, READS
from mapui.planner.notice.words import number
from tests.mapui.planner.making import client_of

pytestmark = pytest.mark.django_db
_addresses = count(1)


@pytest.fixture
def announced(world, plan):
    world.give_reasons(plan)
    world.take(plan, "submit")
    world.take(plan, "announce", announced_until=timezone.localdate() + timedelta(days=7))
    return plan


@pytest.fixture
def link(announced):
    return reverse("notice", args=[token_of(announced)])


@pytest.fixture
def anybody():
    """A telephone that nobody has seen before, and that keeps no cookie of ours."""
    n = next(_addresses)
    client = Client(REMOTE_ADDR=f"10.8.{n // 250}.{n % 250 + 1}", enforce_csrf_checks=True)
    client.cookies.load({"django_language": "en"})
    return client


def said(**fields):
    return {"text": "Please keep our border", "name": "", "contact": "", "website": ""} | fields


def words(answer):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


class TestTheLink:
    def test_it_can_not_be_guessed(self, announced, anybody):
        for token in (str(announced.pk), f"{announced.pk}.{'x' * 43}", "x", f"{announced.pk + 1}.x"):
            assert anybody.get(f"/notice/{token}/").status_code == 404

    def test_a_plan_that_was_never_announced_is_nobodys_business(self, plan, anybody):
        answer = anybody.get(reverse("notice", args=[token_of(plan)]))
        assert answer.status_code == 404
        assert plan.title not in words(answer)

    def test_nobody_keeps_the_page_or_learns_the_link(self, link, anybody):
        headers = anybody.get(link).headers
        assert "no-store" in headers["Cache-Control"]
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in headers["X-Robots-Tag"]


class TestReading:
    def test_it_says_what_changes_and_nothing_of_anybody(self, world, announced, link, anybody):
        answer = anybody.get(link)
        text = words(answer)
        assert "It had fewer than 5 households and will have 10 households." in text
        assert "Ends. Its 7 households come to its neighbours." in text
        page = answer.content.decode()
        for name in ("planner", "clerk", "worker"):
            assert name not in page.replace("planner-pages", "")

    def test_the_map_is_in_the_page(self, link, anybody):
        data = anybody.get(link).context["page_data"]
        assert len(data["before"]) == 4
        assert len(data["after"]) == 3
        assert anybody.get("/tiles/base/0/1/1/1.mvt").status_code in {302, 401, 403}

    def test_small_numbers_are_not_told(self):
        assert number(0) == "no households"
        assert number(4) == "fewer than 5 households"
        assert number(5) == "5 households"

    def test_in_chinese_by_its_link(self, link, anybody):
        assert "公示" in anybody.get(f"{link}?language=zh-hans").content.decode()

    def test_a_flood_stays_outside(self, link, anybody):
        for _ in range(int(READS.split("/")[0])):
            anybody.get("/notice/x/")
        assert anybody.get(link).status_code == 429


class TestCommenting:
    def test_it_waits_for_the_office(self, announced, link, anybody):
        answer = anybody.post(link, said(name="Wang", contact="13800001234", lon="116.301", lat="39.901"))
        assert answer.status_code == 303
        comment = PlanComment.objects.get()
        assert (comment.plan, comment.state, comment.contact) == (announced, "waiting", "13800001234")
        assert (comment.place.x, comment.place.y) == (116.301, 39.901)
        text = words(anybody.get(answer.headers["Location"].split("#")[0]))
        assert "Thank you" in text
        assert "Please keep our border" not in text

    @pytest.mark.parametrize(
        "fields",
        [
            {"text": " "},
            {"text": "x" * 1001},
            {"contact": "1" * 51},
            {"lon": "181", "lat": "1"},
            {"lon": "x"},
        ],
    )
    def test_what_can_not_be_taken_is_refused_and_kept(self, link, anybody, fields):
        answer = anybody.post(link, said(name="keep my name") | fields)
        assert answer.status_code == 422
        assert "keep my name" in answer.content.decode()
        assert not PlanComment.objects.exists()

    def test_a_program_is_thanked_and_forgotten(self, link, anybody):
        assert anybody.post(link, said(website="http://spam")).status_code == 303
        assert not PlanComment.objects.exists()

    def test_only_so_many_from_one_address(self, link, anybody):
        most = int(COMMENTS.split("/")[0])
        answers = [anybody.post(link, said(text=f"number {n}")).status_code for n in range(most + 1)]
        assert answers == [303] * most + [422]
        assert PlanComment.objects.count() == most

    def test_what_somebody_wrote_is_text(self, world, announced, link, anybody):
        anybody.post(link, said(text="<script>alert(1)</script>", lon="116.301", lat="39.901"))
        services.moderate(comment_id=PlanComment.objects.get().pk, shown=True, actor=world.clerk)
        assert "<script>alert" not in anybody.get(link).content.decode()


class TestItsEnd:
    def test_after_the_last_day_nothing_is_taken(self, announced, link, anybody):
        Plan.objects.filter(pk=announced.pk).update(announced_until=timezone.localdate() - timedelta(days=1))
        assert "This notice is over" in words(anybody.get(link))
        answer = anybody.post(link, said())
        assert answer.status_code == 422
        assert not PlanComment.objects.exists()

    def test_a_published_plan_says_from_when_on(self, world, announced, link, anybody):
        world.take(announced, "approve")
        services.publish(plan_id=announced.pk, actor=world.planner)
        text = words(anybody.get(link))
        assert "The plan was published" in text


class TestModerating:
    @pytest.fixture
    def comment(self, announced):
        return services.add_public_comment(
            plan_id=announced.pk, text="Please keep our border", name="Wang", contact="13800001234"
        )

    def desk(self, plan):
        return f"/planner/{plan.pk}/notice/"

    def test_a_clerk_shows_it_with_an_answer(self, world, announced, comment, link, anybody):
        sent = {"comment": comment.pk, "do": "show", "reply": "We will."}
        assert client_of(world.clerk).post(self.desk(announced), sent).status_code == 302
        answer = anybody.get(link)
        assert "Please keep our border" in words(answer)
        assert "We will." in words(answer)
        assert "13800001234" not in answer.content.decode()

    def test_and_hides_it_again(self, world, announced, comment, link, anybody):
        for do in ("show", "hide"):
            client_of(world.clerk).post(self.desk(announced), {"comment": comment.pk, "do": do})
        assert "Please keep our border" not in words(anybody.get(link))

    @pytest.mark.parametrize(
        ("person", "status"), [("planner", 403), ("operator", 403), ("worker", 403), ("stranger", 404)]
    )
    def test_nobody_else_does(self, world, announced, comment, person, status):
        sent = {"comment": comment.pk, "do": "show"}
        answer = client_of(getattr(world, person)).post(self.desk(announced), sent)
        assert answer.status_code == status
        comment.refresh_from_db()
        assert comment.state == "waiting"

    def test_the_contact_is_for_the_moderator_alone(self, world, announced, comment):
        assert "13800001234" in client_of(world.clerk).get(self.desk(announced)).content.decode()
        services.moderate(comment_id=comment.pk, shown=True, actor=world.clerk)
        page = client_of(world.planner).get(self.desk(announced)).content.decode()
        assert "Please keep our border" in page
        assert "13800001234" not in page

    def test_a_comment_of_another_plan_is_not_found(self, world, comment):
        other = world.open("Other", world.east)
        sent = {"comment": comment.pk, "do": "show"}
        assert client_of(world.clerk).post(self.desk(other), sent).status_code == 404

    def test_the_desk_has_the_link_and_its_code(self, world, announced, link):
        page = client_of(world.operator).get(self.desk(announced)).content.decode()
        assert f"http://testserver{link}" in page
        assert "<svg" in page

    def test_the_sheet_is_printed_once_it_is_announced(self, world, announced, link):
        page = client_of(world.clerk).get(f"{self.desk(announced)}print/").content.decode()
        assert f"http://testserver{link}" in page
        other = world.open("Other")
        assert client_of(world.clerk).get(f"{self.desk(other)}print/").status_code == 404
