"""The grid card and the pages of norms: what they say, to whom, and what they refuse."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone, translation

from gis_grids.levels import Level, PostKind
from gis_grids.models import Correction, ServiceNorm, UnitFunds, UnitNorm
from gis_grids.services.norms import begin_with_norms
from households.models import Need
from households.services import home_households
from tests.factories import UserFactory, inside, make_town, post
from tests.households.making import household

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(client):
    client.cookies.load({"django_language": "en"})
    with translation.override("en"):
        yield


@pytest.fixture
def town():
    begin_with_norms()
    return make_town()


@pytest.fixture
def enter(client):
    def go(unit, kind=PostKind.OFFICE_CLERK):
        person = UserFactory()
        post(person, unit, kind)
        client.force_login(person)
        return client

    return go


def words(answer):
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def settle(unit, count=12):
    for n in range(count):
        home = household(inside(unit), householder="张三丰", phone="100-1234")
        if n < 2:
            days = DateRange(timezone.localdate(), None)
            Need.objects.create(household=home, kind=Need.Kind.CARE, purpose="Meals", days=days)
    home_households()


def card_of(unit):
    return f"/office/units/{unit.code}/card/"


def test_the_card_tells_the_six_elements_posts_and_norms(town, enter):
    settle(town.leaf)
    community = town.units[Level.COMMUNITY][0]
    client = enter(community)
    shown = words(client.get(card_of(community)))
    for text in ("Households 12", "Residents 12", "People in need of care 2", "Open cases 0", "Office clerk"):
        assert text in shown
    assert "Households per worker" in shown
    assert "nobody there ≤ 300 not kept 1 person is missing" in shown
    assert "张三丰" not in shown
    assert "100-1234" not in shown


def test_counts_below_five_are_for_the_office_alone(town, enter):
    settle(town.leaf)
    community = town.units[Level.COMMUNITY][0]
    in_public = words(enter(community).get(card_of(community) + "?public=1"))
    as_lead = words(enter(community, PostKind.GRID_LEADER).get(card_of(community)))
    for shown in (in_public, as_lead):
        assert "People in need of care fewer than five" in shown
        assert "Households 12" in shown


def test_the_card_is_set_on_paper(town, enter):
    answer = enter(town.leaf).get(card_of(town.leaf) + "?file=pdf")
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["Content-Type"] == "application/pdf"


def test_a_foreign_card_is_not_there(town, enter):
    west, east = town.units[Level.STREET]
    client = enter(west)
    assert client.get(card_of(town.leaf)).status_code == 200
    assert client.get(card_of(town.units[Level.RESIDENT_GROUP][-1])).status_code == 404
    assert client.get(f"/office/norms/standing/?unit={east.code}").status_code == 404


def test_units_stand_in_lights_on_a_map_and_in_a_list(town, enter):
    settle(town.leaf)
    [city] = town.units[Level.CITY]
    answer = enter(city).get("/office/norms/standing/")
    shown = words(answer)
    west, east = town.units[Level.STREET]
    assert f"Unit {west.code} nobody there ≤ 300 not kept 1 person is missing" in shown
    assert f"Unit {east.code} – ≤ 300 not known" in shown
    assert card_of(west) in answer.content.decode()
    below = words(enter(city).get(f"/office/norms/standing/?norm=premises&unit={west.code}"))
    assert f"Unit {town.units[Level.COMMUNITY][0].code} 0 ≥ 150 not kept 150 m² are missing" in below


def test_a_districts_office_sets_and_ends_its_norm(town, enter):
    [district] = town.units[Level.DISTRICT]
    client = enter(district)
    told = {"kind": "activity_share", "scope_id": district.pk, "least": "70", "most": "", "basis": "Plan 7"}
    assert client.post("/office/norms/", told).status_code == 302
    norm = ServiceNorm.objects.get(scope=district)
    assert norm.least == 0.7
    shown = words(client.get("/office/norms/"))
    assert "≥ 70 %" in shown
    assert "Plan 7" in shown
    assert client.post(f"/office/norms/{norm.pk}/drop/").status_code == 302
    assert "Plan 7" not in words(client.get("/office/norms/"))


def test_what_was_typed_stays_beside_what_is_wrong(town, enter):
    [district] = town.units[Level.DISTRICT]
    answer = enter(district).post(
        "/office/norms/",
        {"kind": "premises", "scope_id": district.pk, "least": "9", "most": "2", "basis": "P"},
    )
    assert answer.status_code == 422
    assert 'value="9"' in answer.content.decode()
    assert "not below" in answer.content.decode()


def test_a_districts_office_sets_the_size_of_its_units_and_cards_say_so(town, enter):
    [district], area = town.units[Level.DISTRICT], town.units[Level.AREA][0]
    client = enter(district)
    settle(town.leaf)
    UnitNorm.objects.all().delete()
    everywhere = {"level": "area", "households": 300, "tolerance": 0.2, "basis": "The region's paper"}
    UnitNorm.objects.create(**everywhere)
    card = f"/office/units/{area.code}/card/"
    said = r"Households in the unit .* 12 240–360 not kept The region's paper Holds everywhere"
    assert re.search(said, words(client.get(card)))
    form = {"level": "area", "scope_id": district.pk, "households": 12, "tolerance": 10, "basis": "Ours"}
    assert client.post("/office/norms/sizes/", form | {"basis": " "}).status_code == 422
    assert client.post("/office/norms/sizes/", form).status_code == 302
    assert re.search(r"12 11–13 kept Ours Set for", words(client.get(card)))
    assert client.post("/office/norms/sizes/", form | {"households": 20}).status_code == 302
    own = UnitNorm.objects.get(scope=district)
    assert (own.households, own.tolerance) == (20, 0.1)
    assert Correction.objects.get(field="households").before == "12"
    client.post(f"/office/norms/sizes/{own.pk}/drop/")
    assert "240–360" in words(client.get("/office/norms/sizes/"))
    assert not UnitNorm.objects.filter(scope=district).exists()
    assert Correction.objects.filter(field="households").latest("pk").before == "20"


def test_a_street_reads_sizes_and_sets_none(town, enter):
    [district], [street, _other] = town.units[Level.DISTRICT], town.units[Level.STREET]
    own = UnitNorm.objects.create(level="area", scope=district, households=9, tolerance=0, basis="A paper")
    client = enter(street)
    page = words(client.get("/office/norms/sizes/"))
    assert "A paper" in page
    assert "Set a size" not in page
    form = {"level": "area", "scope_id": street.pk, "households": 12, "tolerance": 10, "basis": "Ours"}
    assert client.post("/office/norms/sizes/", form).status_code == 422
    client.post(f"/office/norms/sizes/{own.pk}/drop/")
    assert UnitNorm.objects.get(scope__isnull=False) == own


@pytest.mark.parametrize("kind", [PostKind.PLANNER, PostKind.COMMAND_OPERATOR, PostKind.GRID_LEADER])
def test_others_read_norms_and_set_none(town, enter, kind):
    [district] = town.units[Level.DISTRICT]
    client = enter(district, kind)
    assert "Set a norm" not in words(client.get("/office/norms/"))
    told = {"kind": "premises", "scope_id": district.pk, "least": "9", "most": "", "basis": "P"}
    assert client.post("/office/norms/", told).status_code == 422
    assert not ServiceNorm.objects.filter(scope=district).exists()


def test_funds_are_noted_and_listed(town, enter):
    community, foreign = town.units[Level.COMMUNITY][0], town.units[Level.COMMUNITY][-1]
    client = enter(community)
    told = {"year": "2025", "service_yuan": "8000", "office_yuan": "10000", "benefit_yuan": "8000"}
    assert client.post("/office/norms/funds/", {**told, "unit_id": community.pk}).status_code == 302
    assert "2025 8,000 10,000 8,000" in words(client.get("/office/norms/funds/"))
    assert client.post("/office/norms/funds/", {**told, "unit_id": foreign.pk}).status_code == 422
    assert UnitFunds.objects.count() == 1
    assert "10,000" not in words(enter(foreign).get("/office/norms/funds/"))
