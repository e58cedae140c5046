"""The units of a day, and the day that comes."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
import shapely
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from gis_grids.selectors import map_version
from gis_grids.services import bump_map_version
from tests.factories import LONG_AGO, TOWN_BOX, make_unit
from tests.mapui.tiles.test_tiles import at, halves, read

pytestmark = pytest.mark.django_db


def test_a_day_shows_the_units_of_its_end(reader):
    changed = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)  # noon in China
    left, right = halves(TOWN_BOX)
    whole = make_unit(shapely.box(*TOWN_BOX), valid=DateTimeTZRange(LONG_AGO, changed))
    for half in (left, right):
        make_unit(half, valid=DateTimeTZRange(changed, None))
    bump_map_version(layer="units")
    x, y = at(12)
    shown = {}
    for day in ("2026-03-04", "2026-03-05"):
        layers = read(reader.get(f"/tiles/units/street/{day}/12/{x}/{y}.mvt"))
        shown[day] = [one.properties["mvt_id"] for one in layers["street"]]
    assert shown["2026-03-04"] == [whole.pk]
    assert len(shown["2026-03-05"]) == 2
    assert reader.get(f"/tiles/units/street/1990-01-01/12/{x}/{y}.mvt").status_code == 204


def test_a_day_is_asked_for_again_and_answered_304_until_boundaries_change(reader):
    make_unit(shapely.box(*TOWN_BOX))
    bump_map_version(layer="units")
    where = "/tiles/units/street/2026-03-04/12/{}/{}.mvt".format(*at(12))
    first = reader.get(where)
    assert first.headers["Cache-Control"] == "private, no-cache"
    known = {"if-none-match": first.headers["ETag"]}
    assert reader.get(where, headers=known).status_code == 304
    bump_map_version(layer="units")
    assert reader.get(where, headers=known).status_code == 200


def test_the_days_of_units_need_a_log_in(client):
    assert client.get("/tiles/units/street/2026-03-04/0/0/0.mvt").status_code == 401


def test_a_day_that_comes_changes_the_version(reader):
    """Boundaries published for a day to come: when it has come, old addresses lead to new tiles."""
    soon = timezone.now() + timedelta(milliseconds=300)
    make_unit(shapely.box(*TOWN_BOX), valid=DateTimeTZRange(soon, None))
    first = bump_map_version(layer="units")
    assert map_version("units") == first
    while timezone.now() <= soon:
        time.sleep(0.05)
    assert map_version("units") == first + 1
    assert bump_map_version(layer="units") == first + 2
    assert map_version("units") == first + 2
