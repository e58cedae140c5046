"""The admin: persons masked without the right, footprints never redrawn, a moved household re-homed."""

from __future__ import annotations

from datetime import date

import pytest
import shapely
from django.contrib.auth.models import Permission
from django.contrib.gis.geos import GEOSGeometry
from django.db.backends.postgresql.psycopg_any import DateRange

from gis_grids.models import MapVersion
from households.models import Building, Household, Residence, Resident
from households.services import home_households
from tests.factories import TOWN_BOX, UserFactory, inside, make_grid
from tests.households.making import household, open_unit

pytestmark = pytest.mark.django_db
PERSON = {"householder": "欧阳娜娜", "phone": "13812341234", "is_party_member_household": True}


@pytest.fixture
def staff(client):
    def log_in(*codenames):
        user = UserFactory(is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client.force_login(user)
        return client

    return log_in


def page(response):
    assert response.status_code == 200
    return response.content.decode()


def test_lists_and_forms_are_masked_without_the_right(staff):
    one = household(None, **PERSON)
    client = staff("view_household", "change_household")
    for address in ("/admin/households/household/", f"/admin/households/household/{one.pk}/change/"):
        text = page(client.get(address))
        assert "欧*" in text
        assert "138****1234" in text
        assert "欧阳" not in text
        assert "13812341234" not in text
        assert "is_party" not in text


def test_a_search_by_name_finds_nothing_without_the_right(staff):
    household(None, **PERSON)
    address = "/admin/households/household/?q=欧阳"
    assert "欧*" not in page(staff("view_household").get(address))
    assert "欧阳娜娜" in page(staff("view_household", "see_persons").get(address))


def test_a_form_sent_without_the_right_leaves_the_person_as_it_is(staff):
    one = household(None, **PERSON)
    values = {
        "householder": "x",
        "phone": "1",
        "address": "新路 1 号",
        "size": 2,
        "place": "",
        "place_source": "",
    }
    empty = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    client = staff("view_household", "change_household")
    assert client.post(f"/admin/households/household/{one.pk}/change/", values | empty).status_code == 302
    one.refresh_from_db()
    assert (one.householder, one.phone, one.is_party_member_household) == tuple(PERSON.values())
    assert one.address == "新路 1 号"


def test_what_follows_the_residents_is_looked_at_only(staff):
    one = household(None, householder="张三", size=3)
    Residence.objects.create(
        household=one, resident=Resident.objects.create(name="张三"), days=DateRange(date(2026, 1, 1), None)
    )
    values = {"householder": "李四", "size": 9, "address": "新路 1 号", "place": "", "place_source": ""}
    empty = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    client = staff("view_household", "change_household", "see_persons")
    assert client.post(f"/admin/households/household/{one.pk}/change/", values | empty).status_code == 302
    one.refresh_from_db()
    assert (one.householder, one.size, one.address) == ("张三", 3, "新路 1 号")


def test_a_household_that_is_moved_changes_its_unit(staff):
    left, right = make_grid(1, 2)
    one = household(inside(left))
    home_households()
    lon, lat = inside(right)
    values = {
        "address": "",
        "size": 1,
        "place": f'{{"type": "Point", "coordinates": [{lon}, {lat}]}}',
        "place_source": "manual",
        "placed_on": "2026-11-20",
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
    }
    client = staff("view_household", "change_household")
    assert client.post(f"/admin/households/household/{one.pk}/change/", values).status_code == 302
    assert open_unit(one) == right.pk
    assert Household.objects.get().place.coords == (lon, lat)


def test_a_footprint_keeps_its_holes_whatever_the_browser_sends(staff):
    west, south, east, north = TOWN_BOX
    ring = shapely.box(west, south, east, north).difference(
        shapely.box(west + 0.01, south + 0.002, east - 0.01, north - 0.002)
    )
    footprint = GEOSGeometry(memoryview(shapely.to_wkb(shapely.MultiPolygon([ring]))), srid=4326)
    tower = Building.objects.create(code="T1", footprint=footprint)
    box = '{"type": "MultiPolygon", "coordinates": [[[[0, 0], [1, 0], [1, 1], [0, 0]]]]}'
    values = {"code": "T1", "name": "回字楼", "use": "public", "footprint": box}
    client = staff("view_building", "change_building")
    assert "leaflet" in page(client.get(f"/admin/households/building/{tower.pk}/change/"))
    assert client.post(f"/admin/households/building/{tower.pk}/change/", values).status_code == 302
    tower.refresh_from_db()
    assert tower.name == "回字楼"
    assert tower.footprint.equals_exact(footprint)
    assert MapVersion.objects.filter(layer="base").exists()


@pytest.mark.parametrize("model", ["household", "building", "entrance", "dwelling"])
def test_nothing_without_a_right(client, model):
    address = f"/admin/households/{model}/"
    assert client.get(address).status_code == 302
    client.force_login(UserFactory())
    assert client.get(address).status_code == 302
    client.force_login(UserFactory(is_staff=True))
    assert client.get(address).status_code == 403
