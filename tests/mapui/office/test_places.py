"""The pages of places and their interface: worklist, coverage, who is responsible, entrances and floors."""

from __future__ import annotations

from http import HTTPStatus
from uuid import uuid4

import pytest
import shapely
from django.utils import timezone

from gis_grids.levels import Level, PostKind
from households.models import BuildingPart, Dwelling, Entrance, Household, HouseholdUnit, Visit
from households.services import home_households
from tests.factories import TOWN_BOX, UserFactory, inside, make_grid, make_unit, post
from tests.households.making import building, household, open_unit

pytestmark = pytest.mark.django_db


class Office:
    """A street of two groups, its clerk logged in; a block in the first, one household without a place."""

    def __init__(self, client):
        self.client = client
        self.street = make_unit(shapely.box(*TOWN_BOX), level=Level.STREET, code="S1", name="南岸街道")
        self.here, self.there = make_grid(1, 2, parent=self.street)
        self.spot = inside(self.here)
        self.block = building(shapely.Point(self.spot).buffer(1e-4), code="b", name="阳光花园3号楼")
        self.doors = [Entrance.objects.create(building=self.block, number=n) for n in (1, 2)]
        self.homes = [
            household(self.spot, dwelling=self.dwelling(door), address=f"阳光花园3号楼{door.number}单元501")
            for door in self.doors
        ]
        self.unplaced = household(None, address="阳光花园3号楼1单元601 (外租)")
        home_households()
        self.clerk = self.enter(PostKind.OFFICE_CLERK)

    def dwelling(self, door):
        return Dwelling.objects.create(building=self.block, entrance=door, floor=5, room="501")

    def enter(self, kind, unit=None):
        person = UserFactory()
        post(person, unit or self.street, kind)
        self.client.force_login(person)
        return person

    def page(self, path, **asked):
        return self.client.get(f"/office/{path}", asked, headers={"Accept-Language": "en"})

    def send(self, path, **told):
        return self.client.post(f"/office/{path}", told, headers={"Accept-Language": "en"})


@pytest.fixture
def office(client):
    return Office(client)


def text_of(response):
    return response.content.decode()


def test_the_worklist_shows_addresses_and_counts_and_nobodys_name(office):
    Household.objects.update(householder="王小明")
    page = office.page("places/")
    assert "阳光花园3号楼1单元601" in text_of(page)
    assert "王" not in text_of(page)
    assert "Nothing to do here" in text_of(office.page("places/", why="outside_building"))
    assert office.page("places/", after="x").status_code == HTTPStatus.NOT_FOUND
    assert office.page("places/", unit="none").status_code == HTTPStatus.NOT_FOUND


def test_one_household_is_looked_at_though_its_place_is_right(office):
    [home] = [one for one in office.homes if one.address.endswith("1单元501")]
    page = text_of(office.page("places/", household=home.pk))
    assert page.count("data-household=") == 1
    assert "In its building and unit" in page
    assert f"places/?household={home.pk}" in text_of(office.page(f"households/{home.pk}/"))
    office.enter(PostKind.OFFICE_CLERK, make_unit(shapely.box(10, 10, 11, 11), level=Level.STREET, code="S2"))
    assert office.page("places/", household=home.pk).status_code == HTTPStatus.NOT_FOUND


def test_coverage_counts_placed_settled_and_visited_unit_by_unit(office):
    Visit.objects.create(
        id=uuid4(), household=office.homes[0], visitor=office.clerk, at=timezone.now(),
        received_at=timezone.now(), result="met",
    )  # fmt: skip
    Household.objects.filter(pk=office.homes[1].pk).update(place=None, place_source="", placed_on=None)
    page = office.page("coverage/", show="visited")
    row = next(row for row in page.context["rows"] if row.version.unit == office.here)
    assert [cell[1:] for cell in row.cells] == [(1, 50.0), (2, 100.0), (1, 50.0)]
    assert "<svg" in text_of(page)
    assert office.page("coverage/", unit=office.here.code).context["rows"][0].counts.households == 2
    office.enter(PostKind.GRID_LEADER, office.there)
    assert office.page("coverage/", unit=office.here.code).status_code == HTTPStatus.NOT_FOUND


def test_who_is_responsible_is_asked_by_post_and_answered_by_address_choice_and_place(office):
    leader = UserFactory(last_name="王", first_name="建国")
    post(leader, office.here, PostKind.RESIDENT_GROUP_LEADER)
    answer = office.send("responsible/", address="阳光花园3号楼2单元501")
    assert "王建国" in text_of(answer)
    building(shapely.Point(inside(office.there)).buffer(1e-4), code="o", name="幸福里3号楼")
    asked = office.send("responsible/", address="3号楼")
    assert "幸福里3号楼" in text_of(asked)
    assert "王建国" in text_of(office.send("responsible/", address="3号楼", building=office.block.pk))
    lon, lat = office.spot
    assert "王建国" in text_of(office.send("responsible/", lon=lon, lat=lat))
    unknown = text_of(office.send("responsible/", address="完全不同的地方99号"))
    assert "none is like it" in unknown
    wrong = office.send("responsible/", lon=500, lat=lat)
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_a_part_is_given_to_a_unit_refused_twice_and_ended(office):
    address, told = f"buildings/{office.block.pk}/", {"deed": "part", "unit_id": office.there.pk}
    assert office.send(address, entrance_id=office.doors[1].pk, **told).status_code == HTTPStatus.FOUND
    assert open_unit(office.homes[1]) == office.there.pk
    again = office.send(address, lowest=5, **told)
    assert (again.status_code, BuildingPart.objects.count()) == (HTTPStatus.UNPROCESSABLE_ENTITY, 1)
    assert "End that first" in text_of(again)
    part = BuildingPart.objects.get()
    assert "阳光花园3号楼" in text_of(office.page("buildings/"))
    office.send(address, deed="end", part_id=part.pk)
    assert open_unit(office.homes[1]) == office.here.pk
    assert office.send(address, deed="nothing").status_code == HTTPStatus.NOT_FOUND


def test_households_are_set_by_hand_and_let_go_again(office):
    address, one = f"buildings/{office.block.pk}/", office.homes[0]
    office.send(address, deed="hand", households=[one.pk], unit_id=office.there.pk)
    assert open_unit(one) == office.there.pk
    assert "Set by hand" in text_of(office.page(address))
    office.send(address, deed="hand", households=[one.pk], unit_id="")
    assert open_unit(one) == office.here.pk
    nobody = office.send(address, deed="hand", unit_id=office.there.pk)
    assert nobody.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    stranger = office.send(address, deed="hand", households=[office.unplaced.pk], unit_id=office.there.pk)
    assert stranger.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_a_building_is_found_by_its_address_and_one_of_others_is_not_there(office):
    found = office.send("buildings/", address="阳光花园3号楼")
    assert found.headers["Location"] == f"/office/buildings/{office.block.pk}/"
    assert "阳光花园3号楼" in text_of(office.send("buildings/", address="阳光花园4号楼"))
    office.enter(PostKind.OFFICE_CLERK, office.there)
    assert office.page(f"buildings/{office.block.pk}/").status_code == HTTPStatus.NOT_FOUND
    part = {"deed": "part", "unit_id": office.there.pk}
    assert office.send(f"buildings/{office.block.pk}/", **part).status_code == HTTPStatus.NOT_FOUND
    assert not BuildingPart.objects.exists()


def test_a_click_is_sent_once_and_taken_back_over_the_interface(office):
    lon, lat = office.spot
    change = f"/api/places/{uuid4()}"
    told = {"household": office.unplaced.pk, "lon": lon, "lat": lat, "at": timezone.now().isoformat()}
    for _twice in range(2):
        assert office.client.put(change, told, content_type="application/json").json()["was_used"]
    assert open_unit(office.unplaced) == office.here.pk
    task = office.client.get(f"/api/places/households/{office.unplaced.pk}").json()
    assert (task["fault"], task["lon"]) == (None, lon)
    assert not office.client.post(f"{change}/undo").json()["was_used"]
    assert HouseholdUnit.objects.filter(household=office.unplaced, valid__upper_inf=True).count() == 0
    office.enter(PostKind.GRID_WORKER)
    refused = office.client.put(f"/api/places/{uuid4()}", told, content_type="application/json")
    assert refused.status_code == HTTPStatus.NOT_FOUND


def test_the_interface_says_who_is_responsible_for_a_place_or_an_address(office):
    ask = {"content_type": "application/json"}
    lon, lat = office.spot
    by_place = office.client.post("/api/places/responsible", {"lon": lon, "lat": lat}, **ask).json()
    assert by_place["answer"]["chain"][-1]["unit_id"] == office.here.pk
    by_address = office.client.post("/api/places/responsible", {"address": "阳光花园3号楼"}, **ask).json()
    assert (by_address["found"]["match"], by_address["answer"]["first"]) == ("building", None)
    nothing = office.client.post("/api/places/responsible", {}, **ask)
    assert nothing.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
