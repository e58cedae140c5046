"""`manage.py warm_tiles`: what it makes is served, and it goes on where it was stopped."""

from __future__ import annotations

import pytest
import shapely
from django.core.management import CommandError, call_command

from gis_grids.services import bump_map_version
from mapui.management.commands import warm_tiles
from mapui.tiles import making
from mapui.tiles.layers import Address
from mapui.tiles.store import file_of
from tests.factories import TOWN_BOX, make_unit
from tests.mapui.tiles.test_tiles import at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tiles_of_its_own(settings, tmp_path):
    settings.TILES_ROOT = tmp_path / "tiles"
    making.tile.cache_clear()
    yield
    making.tile.cache_clear()


@pytest.fixture
def version():
    make_unit(shapely.box(*TOWN_BOX))
    return bump_map_version(layer="units")


def warm():
    call_command("warm_tiles", layer=["units"], max_zoom=12)


def test_what_is_made_beforehand_is_served_and_not_made_again(version, monkeypatch):
    address = Address("units", version, 12, *at(12), level="street")
    live = making.tile(address)
    warm()
    making.tile.cache_clear()
    monkeypatch.setattr(making, "_make", lambda *_args: pytest.fail("it is there"))
    assert making.tile(address) == live
    assert live.gzipped


def test_it_goes_on_where_it_was_stopped(version, monkeypatch):
    made, stop_at = [], 5

    def stops(address):
        made.append(address)
        if len(made) == stop_at:
            raise KeyboardInterrupt
        return making.made(address)

    monkeypatch.setattr(warm_tiles, "made", stops)
    with pytest.raises(CommandError):
        warm()
    stop_at = 0
    warm()
    assert len(made) == len(set(made)) + 1  # the one at which it was stopped


def test_files_of_older_versions_go(version):
    warm()
    newer = bump_map_version(layer="units")
    warm()
    assert [file_of("units-street", one).exists() for one in (version, newer)] == [False, True]


def test_a_file_that_is_no_tiles_does_no_harm(version):
    path = file_of("units-street", version)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database at all")
    assert making.tile(Address("units", version, 12, *at(12), level="street")).gzipped


def test_without_units_it_says_what_to_do():
    with pytest.raises(CommandError):
        warm()
