"""The admin shows units and never changes them."""

from __future__ import annotations

import pytest
import shapely
from django.urls import reverse
from shapely import box

from gis_grids.levels import PostKind
from gis_grids.models import Facility, MapFeature, Post, UnitVersion
from gis_grids.models.shapes import from_stored, to_stored
from gis_grids.selectors import map_version
from tests.factories import TOWN_BOX, UserFactory, make_unit, post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _plain_static_files(settings):
    storage = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": storage}}


@pytest.fixture
def office(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def street():
    """A street with a hole in it."""
    shape = shapely.Polygon(box(*TOWN_BOX).exterior, [box(116.31, 39.902, 116.32, 39.906).exterior])
    return make_unit(shape, code="110105001", name="建外街道")


def page(model, name, *args):
    return reverse(f"admin:gis_grids_{model}_{name}", args=args)


@pytest.mark.parametrize("model", ["unit", "unitversion", "post", "facility", "mapfeature"])
def test_lists_open_and_can_be_searched(office, street, model):
    post(UserFactory(), street)
    assert office.get(page(model, "changelist"), {"q": "建外"}).status_code == 200


def test_units_are_found_by_code_and_name(office, street):
    make_unit(box(0, 0, 1, 1), code="other")
    body = office.get(page("unit", "changelist"), {"q": "建外"}).content.decode()
    assert "110105001" in body
    assert "建外街道" in body
    assert "other" not in body


def test_a_boundary_is_seen_on_a_map_and_can_not_be_changed(office, street):
    version = street.versions.get()
    before = UnitVersion.objects.values().get()
    address = page("unitversion", "change", version.pk)
    body = office.get(address).content.decode()
    assert "MultiPolygon" in body
    assert "116.31" in body
    assert 'name="_save"' not in body
    sent = {"name": "x", "boundary": '{"type": "Point", "coordinates": [0, 0]}'}
    assert office.post(address, sent).status_code == 403
    assert UnitVersion.objects.values().get() == before


@pytest.mark.parametrize("model", ["unit", "unitversion", "mapfeature"])
def test_units_versions_and_the_base_map_are_not_made_by_hand(office, model):
    assert office.get(page(model, "add")).status_code == 403


def test_units_and_versions_are_not_deleted(office, street):
    assert office.post(page("unit", "delete", street.pk), {"post": "yes"}).status_code == 403
    version = street.versions.get()
    assert office.post(page("unitversion", "delete", version.pk), {"post": "yes"}).status_code == 403
    selected = {"action": "delete_selected", "_selected_action": [version.pk], "post": "yes"}
    office.post(page("unitversion", "changelist"), selected)
    assert UnitVersion.objects.count() == 1


def test_a_post_is_given_and_its_holder_is_not_rewritten(office, street):
    holder = UserFactory()
    given = {"unit": street.pk, "kind": PostKind.GRID_WORKER, "holder": holder.pk}
    term = {"term_0": "2026-01-01 00:00:00", "term_1": ""}
    assert office.post(page("post", "add"), given | term).status_code == 302
    made = Post.objects.get()
    other = UserFactory()
    ended = {"holder": other.pk, "term_0": "2026-01-01 00:00:00", "term_1": "2026-06-01 00:00:00"}
    assert office.post(page("post", "change", made.pk), ended).status_code == 302
    made.refresh_from_db()
    assert made.holder == holder
    assert made.term.upper is not None
    assert office.post(page("post", "delete", made.pk), {"post": "yes"}).status_code == 403


def test_the_same_post_twice_is_said_on_the_form(office, street):
    holder = UserFactory()
    post(holder, street, PostKind.GRID_WORKER)
    given = {"unit": street.pk, "kind": PostKind.GRID_WORKER, "holder": holder.pk}
    answer = office.post(page("post", "add"), given | {"term_0": "2026-01-01 00:00:00", "term_1": ""})
    assert answer.status_code == 200
    assert answer.context["errors"]
    assert Post.objects.count() == 1


def test_a_place_is_drawn_and_stored_on_the_lattice(office):
    drawn = '{"type": "Point", "coordinates": [116.30000000049, 39.9]}'
    sent = {"kind": "park", "name": "日坛公园", "geometry": drawn}
    assert office.get(page("facility", "add")).status_code == 200
    assert office.post(page("facility", "add"), sent).status_code == 302
    assert from_stored(Facility.objects.get().geometry).x == 116.3
    assert map_version("base") > 0


def test_a_place_that_crosses_itself_is_said_on_the_form(office):
    bow = '{"type": "Polygon", "coordinates": [[[116,39],[117,40],[117,39],[116,40],[116,39]]]}'
    answer = office.post(page("facility", "add"), {"kind": "park", "name": "x", "geometry": bow})
    assert answer.status_code == 200
    assert answer.context["errors"]
    assert not Facility.objects.exists()


def test_a_road_of_the_base_map_is_seen(office):
    line = to_stored(shapely.LineString([(116, 39), (117, 40)]))
    road = MapFeature.objects.create(kind="lane", name="东大桥路", geometry=line)
    assert "LineString" in office.get(page("mapfeature", "change", road.pk)).content.decode()


def test_who_is_no_staff_sees_nothing(client, street):
    client.force_login(UserFactory())
    assert client.get(page("unit", "changelist")).status_code == 302
