"""The office's pages: who gets in, whose units and households he sees, and what the pages say."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import translation
from shapely import box

from gis_grids.levels import Level, PostKind
from gis_grids.models import UnitVersion
from households.services import home_households
from tests.factories import TOWN_BOX, UserFactory, inside, make_grid, make_town, make_unit, post
from tests.households.making import household

pytestmark = pytest.mark.django_db
WEST, SOUTH, EAST, NORTH = TOWN_BOX
DESKS = [
    PostKind.OFFICE_CLERK,
    PostKind.COMMAND_OPERATOR,
    PostKind.PLANNER,
    PostKind.GRID_LEADER,
    PostKind.AREA_HEAD,
]
MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def _in_english(client):
    client.cookies.load({"django_language": "en"})
    with translation.override("en"):
        yield


@pytest.fixture
def town():
    return make_town()


@pytest.fixture
def visit(client):
    """Return a function that opens an address as the new holder of a post."""

    def go(unit, kind=PostKind.OFFICE_CLERK, address="/office/", **person):
        user = UserFactory(**person)
        post(user, unit, kind)
        client.force_login(user)
        return client.get(address)

    return go


def text(answer):
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def codes(answer):
    assert answer.status_code == 200
    return set(re.findall(r"<code>(\w+)</code>", answer.content.decode()))


def addresses(town):
    return ["/office/", f"/office/units/{town.leaf.code}/", "/office/unsettled/"]


# Who gets in.


@pytest.mark.parametrize("number", range(3))
def test_anonymous_is_led_to_the_log_in_and_back(client, town, number):
    address = addresses(town)[number]
    answer = client.get(address)
    assert (answer.status_code, answer.url) == (302, f"{reverse('account_login')}?next={address}")


@pytest.mark.parametrize("kind", PostKind)
@pytest.mark.parametrize("number", range(3))
def test_the_post_decides(visit, town, kind, number):
    expected = 200 if kind in DESKS else 403
    assert visit(town.leaf, kind, addresses(town)[number]).status_code == expected


@pytest.mark.parametrize("number", range(3))
def test_without_a_post_even_an_administrator_is_refused(client, town, number):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert client.get(addresses(town)[number]).status_code == 403


@pytest.mark.parametrize("number", range(3))
def test_pages_are_only_read_and_never_kept(visit, client, town, number):
    address = addresses(town)[number]
    assert "no-store" in visit(town.leaf, address=address).headers["Cache-Control"]
    assert client.post(address).status_code == 405


# Whose units.


@pytest.mark.parametrize("kind", DESKS)
def test_a_clerk_of_one_community_sees_no_unit_of_another(visit, town, kind):
    ours, *others = town.units[Level.COMMUNITY]
    shown = codes(visit(ours, kind, "/office/?q=Unit"))
    assert ours.code in shown
    assert all(code.startswith(ours.code) for code in shown)
    for unit in (*others, *town.units[Level.STREET], town.units[Level.RESIDENT_GROUP][-1]):
        assert visit(ours, kind, f"/office/units/{unit.code}/").status_code == 404


def test_the_post_that_opens_no_office_adds_nothing_to_it(client, town):
    west, east = town.units[Level.STREET]
    person = UserFactory()
    post(person, west, PostKind.GRID_WORKER)
    post(person, east, PostKind.OFFICE_CLERK)
    client.force_login(person)
    assert codes(client.get("/office/")) >= {east.code}
    assert west.code not in codes(client.get("/office/"))
    assert client.get(f"/office/units/{west.code}/").status_code == 404


def test_a_search_finds_nothing_out_of_scope(visit, town):
    west, east = town.units[Level.STREET]
    assert codes(visit(east, address=f"/office/?q={west.code}")) == set()
    assert codes(visit(east, address=f"/office/?q={east.code}")) >= {east.code}


@pytest.mark.parametrize("code", ["no-such", "9" * 32, "x" * 400])
def test_an_unknown_code_is_not_found(visit, town, code):
    assert visit(town.leaf, address=f"/office/units/{code}/").status_code == 404


def test_a_unit_that_has_ended_is_not_found(visit, town):
    UnitVersion.objects.filter(unit=town.leaf).delete()
    assert visit(town.units[Level.CITY][0], address=f"/office/units/{town.leaf.code}/").status_code == 404


# Whose households.


def test_a_clerk_of_one_community_sees_no_household_of_another(visit, town):
    east = town.units[Level.STREET][1]
    post(UserFactory(), town.units[Level.CITY][0], PostKind.PLANNER)
    household((WEST + 0.001, SOUTH + 0.001), address="West Lane 1")
    household((EAST - 0.001, SOUTH + 0.001), address="East Lane 1")
    household(None, address="Nowhere")
    said = text(visit(east, address="/office/unsettled/"))
    assert "1 of 1 households" in said
    assert "East Lane 1" in said
    assert "West Lane" not in said
    assert "Nowhere" not in said


@pytest.mark.parametrize("kind", DESKS[1:])
def test_persons_are_masked_for_all_but_the_office(visit, town, kind):
    household(None, householder="张三丰", phone="13812341234")
    answer = visit(town.units[Level.CITY][0], kind, "/office/unsettled/")
    assert "张* 138****1234" in text(answer)
    assert "三丰" not in answer.content.decode()
    assert "13812341234" not in answer.content.decode()


def test_the_office_sees_its_own_people(visit, town):
    household(None, householder="张三丰", phone="13812341234")
    assert "张三丰 13812341234" in text(visit(town.units[Level.CITY][0], address="/office/unsettled/"))


# What the pages say.


def test_coverage_and_posts_are_counted(visit, town):
    city = town.units[Level.CITY][0]
    household(inside(town.leaf), is_party_member_household=True)
    household(inside(town.leaf))
    household((WEST - 0.01, SOUTH))
    household(None)
    home_households()
    post(None, town.leaf, PostKind.RESIDENT_GROUP_LEADER)
    said = text(visit(city))
    assert "Households in exactly one unit 50 % 2 of 4 households" in said
    assert "Households with a place 75 % 3 of 4 households" in said
    assert "Posts filled 50 % 1 of 2 posts" in said
    assert "2 households are not in exactly one unit" in said
    assert "1 post is vacant" in said
    assert "Resident group 32 1 0 1" in said
    assert "Total 64 2 0 1" in said


def test_the_bar_is_as_long_as_the_share(visit, town):
    household(inside(town.leaf))
    household(None)
    home_households()
    assert 'class="bar-part" width="50.0"' in visit(town.units[Level.CITY][0]).content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_both_languages_write_numbers_a_drawing_understands(visit, client, town, language):
    client.cookies.load({"django_language": language})
    household(inside(town.leaf))
    household(None)
    household(None)
    home_households()
    assert 'width="33.3"' in visit(town.units[Level.CITY][0]).content.decode()


def test_posts_name_their_holder_their_deputy_and_their_vacancy(visit, town):
    post(UserFactory(first_name="小明", last_name=""), town.leaf, PostKind.RESIDENT_GROUP_LEADER)
    post(None, town.leaf, PostKind.GRID_WORKER, is_deputy=True)
    answer = visit(town.leaf)
    assert "Resident group leader 小明" in text(answer)
    assert "Grid worker (deputy) vacant" in text(answer)
    assert answer.content.decode().count('class="post vacant"') == 1


def test_only_vacant_posts(visit, town):
    first, second = town.units[Level.RESIDENT_GROUP][:2]
    post(None, second, PostKind.RESIDENT_GROUP_LEADER)
    post(UserFactory(), first, PostKind.RESIDENT_GROUP_LEADER)
    answer = visit(town.units[Level.COMMUNITY][0], address="/office/?vacant=1")
    assert "1 unit found." in text(answer)
    assert second.code in codes(answer)
    assert first.code not in codes(answer)


def test_a_unit_page_shows_its_way_figures_posts_and_all_below(visit, town):
    area = town.units[Level.AREA][0]
    household(inside(town.leaf), is_party_member_household=True)
    home_households()
    answer = visit(town.units[Level.STREET][0], address=f"/office/units/{area.code}/")
    said = text(answer)
    assert "Office › Unit 99 › Unit 9901 › Unit 990101 › Unit 99010101 Unit 9901010101" in said
    assert "Households 1 Party-member households 1 In exactly one unit 100 % Units below 6" in said
    assert codes(answer) == {
        unit.code for units in town.units.values() for unit in units if unit.code.startswith(area.code)
    }
    body = answer.content.decode()
    assert f"/office/units/{town.units[Level.STREET][0].code}/" in body
    assert f"/office/units/{town.units[Level.DISTRICT][0].code}/" not in body


def test_neighbours_share_a_border_not_a_corner_and_are_in_scope(visit, town):
    street = make_unit(box(*TOWN_BOX), code="N1", level=Level.STREET)
    nine = make_grid(3, 3, parent=street)
    middle, corner = nine[4], nine[0]
    answer = visit(street, address=f"/office/units/{middle.code}/")
    beside = {nine[n].code for n in (1, 3, 5, 7)}
    linked = set(re.findall(r'href="/office/units/(\w+)/"', answer.content.decode()))
    assert linked - {"N1"} == beside
    assert corner.code not in linked
    alone = visit(middle, address=f"/office/units/{middle.code}/")
    assert "No other unit of this level within your posts borders on it." in text(alone)


def test_every_reason_is_told_with_what_to_do(visit, town):
    household(None)
    household((WEST - 0.01, SOUTH))
    UnitVersion.objects.filter(unit=town.units[Level.RESIDENT_GROUP][-1]).delete()
    household((EAST - 0.0001, SOUTH + 0.0001))
    home_households()
    said = text(visit(town.units[Level.CITY][0], address="/office/unsettled/"))
    assert "No place known" in said
    assert "Outside all units 855 m from Unit 9901" in said
    assert "In a gap between units Unit 990102020202 " in said
    assert "Have the planner close the gap." in said


@pytest.mark.parametrize(
    ("query", "shown", "number"),
    [("", 25, 1), ("?page=2", 2, 2), ("?page=99", 2, 2), ("?page=x", 25, 1), ("?page=-1", 2, 2)],
)
def test_the_list_is_paged(visit, town, query, shown, number):
    for _ in range(27):
        household(None)
    said = text(visit(town.units[Level.CITY][0], address=f"/office/unsettled/{query}"))
    assert said.count("No place known") == shown
    assert f"Page {number} of 2" in said


def test_a_list_with_nobody_on_it_says_so(visit, town):
    assert "Every household is in exactly one unit." in text(visit(town.leaf, address="/office/unsettled/"))


def test_links_to_the_administration_are_for_staff(visit, town):
    household(None)
    city = town.units[Level.CITY][0]
    for address in addresses(town):
        assert "/admin/" not in visit(city, address=address).content.decode()
        assert "/admin/" in visit(city, address=address, is_staff=True).content.decode()
    unit = addresses(town)[1]
    assert "/admin/gis_grids/" not in visit(city, address=unit, is_staff=True).content.decode()
    staff = {"is_staff": True, "is_superuser": True}
    assert "/admin/gis_grids/unitversion/" in visit(city, address=unit, **staff).content.decode()
    listed = visit(city, address="/office/unsettled/", **staff).content.decode()
    assert "/admin/households/household/" in listed


def test_a_search_is_only_text(visit, town):
    answer = visit(town.leaf, address="/office/?q=%3Cscript%3Ealert(1)")
    assert "<script>" not in answer.content.decode()
    assert "0 units found." in text(answer)


@pytest.mark.parametrize("query", ["?q=" + "x" * 5000, "?q=%00", "?q=%27%22", "?vacant=", "?page=1e9"])
def test_odd_queries_are_answered(visit, town, query):
    assert visit(town.leaf, address=f"/office/{query}").status_code == 200


def test_before_anything_is_loaded_it_says_what_to_do(visit, town):
    unit = town.units[Level.CITY][0]
    UnitVersion.objects.all().delete()
    said = text(visit(unit))
    assert "There are no units yet." in said
    assert "No households are recorded yet." in said


def test_nothing_breaks_the_policy_or_comes_from_outside(visit, town):
    household(None)
    for address in addresses(town):
        body = visit(town.units[Level.CITY][0], address=address).content.decode()
        assert not re.search(r"\sstyle=", body)
        assert "<script" not in body
        assert not re.findall(r'(?:src|href)="(?:https?:)?//', body)


# How much it costs.


@pytest.mark.parametrize("number", range(3))
def test_queries_do_not_grow_with_the_district(visit, client, town, django_assert_max_num_queries, number):
    for unit in town.units[Level.RESIDENT_GROUP]:
        household(inside(unit))
        post(UserFactory(), unit, PostKind.RESIDENT_GROUP_LEADER)
    household(None)
    home_households()
    visit(town.units[Level.CITY][0])
    with django_assert_max_num_queries(MOST_QUERIES):
        assert client.get(addresses(town)[number]).status_code == 200
