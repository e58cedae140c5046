"""Routes, the negative list, message templates and grants: who may, bad input, and what they do."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone, translation

from gis_grids.levels import Level
from incidents.models import Matter, MatterGrant, MessageTemplate, NegativeItem, RoutingRule
from incidents.workflow import State
from tests.incidents.world import make_world

pytestmark = pytest.mark.django_db
ROUTES, NEGATIVE, TEMPLATES, GRANTS = (
    f"/office/{name}/" for name in ("routes", "negative-list", "templates", "grants")
)


@pytest.fixture(autouse=True)
def _in_english(client):
    client.cookies.load({"django_language": "en"})
    with translation.override("en"):
        yield


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def desk(client, world):
    client.force_login(world.head)
    return client


def shown(page) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.content.decode())))


def unit_of(world, level=Level.STREET):
    return world.town.units[level][0]


# Routes.


def test_a_route_is_written_tried_changed_and_deleted(desk, world):
    street = unit_of(world)
    new = {"matter_code": "noise", "unit_id": street.pk, "posts_0": "grid_leader", "is_automatic": "on"}
    assert desk.post(ROUTES, new).status_code == 302
    rule = RoutingRule.objects.get()
    assert (rule.posts, rule.is_automatic) == (["grid_leader"], True)
    leaf = world.town.leaf.code
    tried = shown(desk.get(f"{ROUTES}?unit={leaf}&matter=noise"))
    assert "王lead" in tried
    assert "assigned at once" in tried
    assert "by a route of this list" in tried
    assert "The case goes to who holds the post" in tried
    other = {"matter_code": "", "unit_id": "", "posts_0": "area_head", "posts_3": "grid_worker"}
    assert desk.post(f"{ROUTES}{rule.pk}/", other).status_code == 302
    rule.refresh_from_db()
    assert (rule.matter_code, rule.unit_id, rule.posts) == ("", None, ["area_head", "grid_worker"])
    assert desk.post(f"{ROUTES}{rule.pk}/delete/").status_code == 302
    assert not RoutingRule.objects.exists()
    assert desk.get(f"{ROUTES}{rule.pk}/").status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"posts_0": ""},
        {"posts_0": "mayor"},
        {"posts_0": "planner"},
        {"matter_code": "none"},
        {"matter_code": "a\0"},
        {"unit_id": "x"},
        {"unit_id": "9" * 30},
        {"unit_id": "\0"},
    ],
)
def test_bad_routes_are_told_and_not_stored(desk, changes):
    answer = desk.post(ROUTES, {"matter_code": "noise", "unit_id": "", "posts_0": "area_head"} | changes)
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    assert not RoutingRule.objects.exists()


def test_a_second_route_for_the_same_is_refused_beside_its_field(desk, world):
    new = {"matter_code": "noise", "unit_id": unit_of(world).pk, "posts_0": "grid_leader"}
    desk.post(ROUTES, new)
    again = desk.post(ROUTES, new)
    assert again.status_code == 422
    assert "There is a route for this matter and grid already" in shown(again)


@pytest.mark.parametrize(
    "query", ["unit=x&matter=noise", "unit=%00&matter=noise", "unit=9901&matter=%00", "unit=" + "9" * 500]
)
def test_a_try_out_of_nonsense_is_answered(desk, query):
    assert desk.get(f"{ROUTES}?{query}").status_code == 200


def test_a_try_out_tells_nobody_of_units_that_are_not_theirs(client, world):
    client.force_login(world.stranger)
    said = shown(client.get(f"{ROUTES}?unit={world.town.leaf.code}&matter=noise"))
    assert "There is no such grid in your area" in said
    assert "王lead" not in said


def test_a_street_writes_its_own_routes_only(client, world):
    client.force_login(world.office)
    mine, other = world.town.units[Level.STREET]
    told = {"matter_code": "noise", "posts_0": "grid_leader"}
    assert client.post(ROUTES, told | {"unit_id": mine.pk}).status_code == 302
    for elsewhere in (other.pk, ""):
        assert client.post(ROUTES, told | {"unit_id": elsewhere}).status_code == 422
    of_all = RoutingRule.objects.create(posts=["grid_worker"])
    refused = client.post(f"{ROUTES}{of_all.pk}/", told | {"unit_id": mine.pk})
    assert refused.status_code == 403
    client.post(f"{ROUTES}{of_all.pk}/delete/")
    of_all.refresh_from_db()
    assert of_all.posts == ["grid_worker"]


# The negative list.


def test_an_item_warns_until_it_is_withdrawn(desk):
    new = {"title": "宽带故障", "keywords": "宽带，断网\n光纤", "reason": "由运营商处理"}
    assert desk.post(NEGATIVE, new).status_code == 302
    item = NegativeItem.objects.get()
    assert (item.number, item.keywords) == ("N-0001", ["宽带", "断网", "光纤"])
    trial = {"try": "1", "tried_matter": "", "tried_text": "小区断网了"}
    said = shown(desk.post(NEGATIVE, trial))
    assert "N-0001 宽带故障" in said
    assert "断网" in said
    changed = new | {"title": "网络故障", "number": "A-1"}
    assert desk.post(f"{NEGATIVE}{item.pk}/", changed).status_code == 302
    assert "网络故障" in shown(desk.get(NEGATIVE))
    assert desk.post(f"{NEGATIVE}{item.pk}/withdraw/").status_code == 302
    assert "Nothing warns" in shown(desk.post(NEGATIVE, trial))
    assert desk.post(f"{NEGATIVE}{item.pk}/", changed).status_code == 422


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"title": "x" * 101},
        {"title": "a\0"},
        {"keywords": ""},
        {"keywords": "x" * 41},
        {"keywords": "\n".join(str(n) for n in range(21))},
        {"keywords": "a\0b"},
        {"matter_code": "none"},
        {"number": "x" * 21},
        {"reason": "x" * 2001},
    ],
)
def test_bad_items_are_told_and_not_stored(desk, changes):
    answer = desk.post(NEGATIVE, {"title": "宽带故障", "keywords": "宽带"} | changes)
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    assert not NegativeItem.objects.exists()


@pytest.mark.parametrize("told", [{"tried_text": "x" * 2001}, {"tried_text": "\0"}, {"tried_matter": "none"}])
def test_a_try_out_that_can_not_be_read_is_told(desk, told):
    assert desk.post(NEGATIVE, {"try": "1"} | told).status_code == 422


# Templates.


def test_a_template_is_written_changed_and_deleted(desk):
    new = {"state": State.ACCEPTED, "matter_code": "noise", "text_zh": "已受理{number}", "order": "5"}
    assert desk.post(TEMPLATES, new).status_code == 302
    template = MessageTemplate.objects.get(matter_code="noise")
    assert template.text_zh == "已受理{number}"
    assert desk.post(f"{TEMPLATES}{template.pk}/", new | {"text_en": "Accepted"}).status_code == 302
    assert "Accepted" in shown(desk.get(TEMPLATES))
    assert desk.post(f"{TEMPLATES}{template.pk}/delete/").status_code == 302
    assert not MessageTemplate.objects.filter(matter_code="noise").exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"text_zh": ""},
        {"text_zh": "x" * 501},
        {"text_zh": "a\0"},
        {"state": "asleep"},
        {"order": "-1"},
        {"order": "1001"},
        {"order": "many"},
        {"matter_code": "none"},
    ],
)
def test_bad_templates_are_told_and_not_stored(desk, changes):
    told = {"state": State.ACCEPTED, "matter_code": "noise", "text_zh": "已受理", "order": "5"}
    answer = desk.post(TEMPLATES, told | changes)
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    assert not MessageTemplate.objects.filter(matter_code="noise").exists()


# Grants.


@pytest.fixture
def _private(world):
    Matter.objects.filter(code="dispute").update(is_private=True)


def given(world, **changes):
    last = timezone.localdate() + dt.timedelta(days=30)
    told = {"matter_code": "dispute", "unit_id": unit_of(world).pk, "holder_id": world.lead.pk}
    return told | {"last": last.isoformat()} | changes


@pytest.mark.usefixtures("_private")
def test_a_grant_is_given_and_ended(desk, world):
    assert desk.post(GRANTS, given(world)).status_code == 302
    grant = MatterGrant.objects.get()
    assert (grant.holder, grant.granted_by) == (world.lead, world.head)
    assert given(world)["last"] in shown(desk.get(GRANTS))
    again = desk.post(GRANTS, given(world))
    assert again.status_code == 422
    assert "has leave for that already" in shown(again)
    assert desk.post(f"{GRANTS}{grant.pk}/end/").status_code == 302
    grant.refresh_from_db()
    assert grant.term.upper <= timezone.now()


@pytest.mark.usefixtures("_private")
@pytest.mark.parametrize(
    "changes",
    [
        {"last": ""},
        {"last": "tomorrow"},
        {"last": "2000-01-01"},
        {"last": "9999-12-31"},
        {"matter_code": "noise"},
        {"holder_id": "0"},
        {"holder_id": ""},
        {"unit_id": ""},
        {"holder_id": "\0"},
        {"unit_id": "9" * 30},
    ],
)
def test_bad_grants_are_told_and_not_stored(desk, world, changes):
    answer = desk.post(GRANTS, given(world, **changes))
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    assert not MatterGrant.objects.exists()


@pytest.mark.usefixtures("_private")
def test_nobody_gives_himself_leave(desk, world):
    assert desk.post(GRANTS, given(world, holder_id=world.head.pk)).status_code == 422
    assert not MatterGrant.objects.exists()


@pytest.mark.usefixtures("_private")
@pytest.mark.parametrize("who", ["lead", "operator", "office", "stranger"])
def test_only_the_district_office_gives_grants_and_sees_them(client, desk, world, who):
    desk.post(GRANTS, given(world))
    grant = MatterGrant.objects.get()
    client.force_login(getattr(world, who))
    said = shown(client.get(GRANTS))
    assert "Only the district's office" in said
    assert given(world)["last"] not in said
    assert client.post(GRANTS, given(world, holder_id=world.colleague.pk)).status_code == 422
    client.post(f"{GRANTS}{grant.pk}/end/")
    grant.refresh_from_db()
    assert MatterGrant.objects.count() == 1
    assert grant.term.upper > timezone.now()


# All of them.


@pytest.mark.parametrize("who", ["lead", "office", "stranger"])
def test_what_is_the_districts_is_refused_to_others(client, world, who):
    item = NegativeItem.objects.create(
        number="N-1", title="t", keywords=["w"], decided_by=world.head, decided_at=timezone.now()
    )
    client.force_login(getattr(world, who))
    for address in (NEGATIVE, TEMPLATES):
        page = client.get(address)
        assert page.status_code == 200
        assert 'class="panel editor"' not in page.content.decode()
    assert client.post(NEGATIVE, {"title": "x", "keywords": "y"}).status_code == 403
    template = MessageTemplate.objects.first()
    told = {"state": State.ACCEPTED, "text_zh": "x", "order": "1"}
    assert client.post(TEMPLATES, told).status_code == 403
    assert client.post(f"{TEMPLATES}{template.pk}/", told).status_code == 403
    client.post(f"{TEMPLATES}{template.pk}/delete/")
    client.post(f"{NEGATIVE}{item.pk}/withdraw/")
    assert MessageTemplate.objects.filter(pk=template.pk, text_zh=template.text_zh).exists()
    assert NegativeItem.objects.get().withdrawn_at is None


@pytest.mark.parametrize("address", [ROUTES, NEGATIVE, TEMPLATES, GRANTS])
def test_a_form_without_its_token_is_refused(world, address):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.head)
    assert strict.post(address, {"title": "x"}).status_code == 403


@pytest.mark.parametrize("address", [ROUTES, NEGATIVE, TEMPLATES])
def test_what_is_not_there_is_not_found(desk, address):
    assert desk.get(f"{address}99999/").status_code == 404
    assert desk.get(f"{address}{'9' * 30}/").status_code == 404


@pytest.mark.parametrize(
    "address", [f"{NEGATIVE}{'9' * 30}/withdraw/", f"{ROUTES}{'9' * 30}/delete/", f"{GRANTS}{'9' * 30}/end/"]
)
def test_deeds_on_what_is_not_there_are_told(desk, address):
    answer = desk.post(address, follow=True)
    assert answer.status_code == 200
    assert "There is no such" in shown(answer) or "has no such item" in shown(answer)
