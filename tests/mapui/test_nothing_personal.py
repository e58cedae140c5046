"""No name, no number in logs, addresses, tiles, on the wall, on pages of errors: all routes are walked."""

from __future__ import annotations

import gzip
import io
import logging
from datetime import date

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import include, path

from gis_grids.selectors import map_version
from households.models import Household, Resident
from households.models.residents import Residence
from households.services import home_households
from mapui.project.logs import WithoutWords
from mapui.tiles.archive import tile_range
from mapui.tiles.layers import MAX_ZOOM
from tests.factories import inside
from tests.households.making import household
from tests.incidents.world import make_world
from tests.mapui.rights_table import TABLE

pytestmark = pytest.mark.django_db
NAME, PHONE = "张三丰", "10012345678"


@pytest.fixture
def world():
    world = make_world()
    home = household(inside(world.town.leaf), address="幸福里1号楼101", householder=NAME, phone=PHONE)
    home_households()
    person = Resident.objects.create(name=NAME, phone=PHONE)
    days = DateRange(date(2020, 1, 1), None)
    Residence.objects.create(resident=person, household=home, days=days, relation="head")
    return world


@pytest.fixture
def log():
    """What stands in the real log: the handler of the settings, writing here."""
    [handler] = [each for each in logging.getLogger().handlers if isinstance(each.formatter, WithoutWords)]
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


def boom(request):
    raise ValueError(request.POST["name"])


def refused_by_the_database(request):
    Household.objects.create(householder=request.POST["name"], phone=PHONE, place_source="nowhere")


def chained(request):
    try:
        boom(request)
    except ValueError as error:
        error.add_note(request.POST["name"])
        raise RuntimeError(request.POST["name"]) from error


urlpatterns = [
    path("boom/", boom),
    path("api/boom/", boom),
    path("refused/", refused_by_the_database),
    path("chained/", chained),
    path("", include("mapui.project.urls")),
]
handler404 = "mapui.pages.errors.page_not_found"
handler500 = "mapui.pages.errors.server_error"


def told(response):
    """Return all that leaves the server: the address that it leads on to, the headers, the body."""
    body = b"".join(response) if response.streaming else response.content
    if body[:2] == b"\x1f\x8b":
        body = gzip.decompress(body)
    return f"{response.headers.items()} {body.decode(errors='replace')}"


@pytest.mark.parametrize("who", [None, "lead"])
def test_no_route_tells_a_name_to_who_keeps_no_register(client, world, log, who):
    if who:
        client.force_login(getattr(world, who))
    for address, _status, _let_in in TABLE.values():
        said = told(client.get(address))
        assert NAME not in said, address
        assert PHONE not in said, address
        assert NAME not in address
    assert NAME not in log.getvalue()
    assert PHONE not in log.getvalue()


def test_tiles_and_the_wall_have_no_name_for_anybody(client, world, log):
    lon, lat = inside(world.town.leaf)
    client.force_login(world.office)
    for zoom in (MAX_ZOOM - 2, MAX_ZOOM):
        xs, ys = tile_range((lon, lat, lon, lat), zoom)
        for tiles in ("base", "units/community", "units/resident_group", "households"):
            version = map_version(tiles.partition("/")[0])
            address = f"/tiles/{tiles}/{version}/{zoom}/{xs[0]}/{ys[0]}.mvt"
            answer = client.get(address)
            assert answer.status_code in {200, 204}, address
            assert NAME not in told(answer)
            assert PHONE not in told(answer)
    for address, _status, _let_in in TABLE.values():
        if address.startswith(("/wall/", "/api/wall/", "/tiles/")):
            said = told(client.get(address))
            assert NAME not in said, address
            assert PHONE not in said, address


@pytest.mark.parametrize(
    "address", ["/boom/", "/api/boom/", "/refused/", "/chained/", "/nowhere/", "/api/nowhere"]
)
def test_what_fails_is_logged_without_what_somebody_wrote(client, world, log, settings, address):
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    answer = client.post(f"{address}?q=1", {"name": NAME})
    assert answer.status_code in {404, 500}
    assert NAME not in told(answer)
    assert NAME not in log.getvalue()
    assert PHONE not in log.getvalue()
    if answer.status_code == 500:
        assert "Traceback" in log.getvalue()  # where it happened is there
        assert "test_nothing_personal.py" in log.getvalue()


def test_a_search_by_name_is_in_no_log(client, world, log):
    client.force_login(world.office)
    logging.getLogger("django.request").warning("marker")
    client.post("/office/exports/", {"register": NAME, "unit": PHONE})
    client.post("/accounts/login/", {"login": NAME, "password": PHONE})
    assert "marker" in log.getvalue()
    assert NAME not in log.getvalue()
    assert PHONE not in log.getvalue()


def test_the_log_of_the_database_has_neither_statements_nor_rows():
    """A refused row would stand there in clear; only who runs a server of his own sets it himself."""
    names = ["data_directory", "log_min_error_statement", "log_error_verbosity", "log_statement"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [names])
        told = dict(cursor.fetchall())
    if not str(told.pop("data_directory", "")).startswith(str(settings.ROOT / "var")):
        pytest.skip("the database isn't the one that bin/test makes")
    assert told == {
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_statement": "none",
    }
