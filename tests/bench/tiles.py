"""Vector tiles of a city, beside tipg on the same database in the same run.

The city is that of ``load_demo --scale city``; with ``--quick`` twelve communities. Each tile of a list is
asked for once (made), then again (kept), by eight clients at a time. tipg draws the same tables: households
as points, units of the deepest level as they are stored; it may leave features out beyond 10,000 in a tile.
BENCH_CITY names a
database that has the city already, and spares the loading.
"""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import django
import numpy as np

from gis_grids.levels import SHOWN_FROM, Level
from tests.bench.stage import ROOT, own_database, served, servers
from tests.bench.table import MOST, RATIO, Figure
from tests.bench.tiles_client import Answers, drive
from tests.bench.timing import share_of_core

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.bench.stage import Server

TITLE: Final = "Vector tiles of a city; the limit is tipg on the same database"
_TIPG: Final = "tipg==1.6.1"
_ZOOMS: Final = (13, 14, 15, 16)
_PEERS: Final = {
    "households": "public.households_household/tiles/WebMercatorQuad/{}?properties=id&geom-column=place",
    "units": (
        "public.gis_grids_unitversion/tiles/WebMercatorQuad/{}"
        f"?properties=id&geom-column=boundary_3857&depth={Level.RESIDENT_GROUP.depth}"
    ),
}
_FASTER, _P95, _KEPT_FASTER, _MEAN_KB = 2.0, 0.5, 10.0, 10.0


def measure(*, quick: bool) -> list[Figure]:
    """Return the figures; about ten minutes, most of it the loading of the city, and one with ``quick``."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mapui.project.settings")
    if given := os.environ.get("BENCH_CITY"):
        return list(_measured(given, 40 if quick else 300, has_city=True))
    with own_database("tiles") as url:
        return list(_measured(url, 40 if quick else 300, has_city=False, quick=quick))


def _measured(url: str, tiles: int, *, has_city: bool, quick: bool = False) -> Iterator[Figure]:
    os.environ["DATABASE_URL"] = url
    django.setup()
    from django.db import connections  # noqa: PLC0415 - needs Django set up

    try:
        if not has_city:
            _load(quick=quick)
        cookie, places = _log_in(), _places(tiles)
        sources = _sources()
    finally:
        connections.close_all()
    yield Figure("this machine: share of a core", share_of_core(), "%")
    with servers(url, 1) as [product], _tipg(url) as peer:
        for layer, others in _PEERS.items():
            yield from _layer(layer, sources, others, places, product, peer, cookie)
        yield from _sizes(sources, product, cookie)


def _layer(  # noqa: PLR0917 - both sides of one comparison
    layer: str,
    sources: dict[str, str],
    others: str,
    places: list[str],
    product: Server,
    peer: Server,
    cookie: str,
) -> Iterator[Figure]:
    own = [sources[layer].format(place=place, level=Level.RESIDENT_GROUP) for place in places]
    made = drive(product.address, own, cookie=cookie)
    theirs = drive(peer.address, [f"/collections/{others.format(place)}" for place in places])
    kept = drive(product.address, own * 4, cookie=cookie)
    known = drive(product.address, own * 4, cookie=cookie, etags=made.etags)
    yield Figure(f"{layer}: made", made.rate, "/s", theirs.rate, "tipg", _FASTER, RATIO)
    yield Figure("  95th percentile", made.p95, "ms", theirs.p95, "tipg", _P95 * theirs.p95, MOST)
    yield Figure("  median", made.median, "ms", theirs.median, "tipg")
    yield Figure("  kept", kept.rate, "/s", theirs.rate, "tipg", _KEPT_FASTER, RATIO)
    yield Figure("  kept: 95th percentile", kept.p95, "ms", theirs.p95, "tipg")
    yield Figure("  known to the browser (304)", known.rate, "/s", theirs.rate, "tipg")
    yield Figure("  mean tile", made.mean_kb, "KB", theirs.mean_kb, "tipg")


def _sizes(sources: dict[str, str], product: Server, cookie: str) -> Iterator[Figure]:
    """Yield the mean size by layer of what is below zoom 16, and of all of it together."""
    all_of_them: list[Answers] = []
    for layer, address in sources.items():
        places = _places(60, zooms=range(9, 16))
        paths = [path for place in places for path in _tiles_of(address, place)]
        all_of_them.append(drive(product.address, paths, cookie=cookie))
        yield Figure(f"{layer}: mean tile of zooms 9 to 15", all_of_them[-1].mean_kb, "KB")
    mean = float(np.mean([one.mean_kb for one in all_of_them]))
    yield Figure("mean tile below zoom 16, all layers", mean, "KB", goal=_MEAN_KB, goal_of=MOST)


def _load(*, quick: bool) -> None:
    from django.core.management import call_command  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from fixtures.city import CITY, Extent  # noqa: PLC0415
    from fixtures.city.load import load_city  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    extent = (
        Extent(3, 4, 20_000, 10, 10, (1, 1))
        if quick
        else replace(CITY, open_incidents=100, ended_incidents=0)
    )
    load_city(extent=extent, now=timezone.now(), with_logins=False, watch=lambda *_step: None)


def _log_in() -> str:
    """Return the session cookie of somebody who has the whole city."""
    from django.conf import settings  # noqa: PLC0415
    from django.contrib.auth import (  # noqa: PLC0415
        BACKEND_SESSION_KEY,
        HASH_SESSION_KEY,
        SESSION_KEY,
        get_user_model,
    )
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415

    from gis_grids.models import Unit  # noqa: PLC0415
    from tests.factories import UserFactory, post  # noqa: PLC0415

    user = get_user_model().objects.filter(username="tiles-bench").first() or UserFactory(
        username="tiles-bench"
    )
    if not user.posts.exists():
        post(user, Unit.objects.get(level="city"), "command_operator")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def _sources() -> dict[str, str]:
    """Return the address of each layer's tiles, with {place}, and of units with {level}."""
    from mapui.tiles import Layer, tile_sources  # noqa: PLC0415

    found = tile_sources(Layer)
    return {layer: one["url"].replace("{z}/{x}/{y}", "{place}") for layer, one in found.items()}


def _tiles_of(source: str, place: str) -> set[str]:
    """Return the addresses of a layer's tiles at a place: of units one for each level that the zoom shows."""
    zoom = int(place.partition("/")[0])
    return {source.format(place=place, level=level) for level, first in SHOWN_FROM.items() if first <= zoom}


def _places(count: int, zooms: Sequence[int] = _ZOOMS) -> list[str]:
    """Return so many tiles of each zoom (or all) on the city, by chance, as zoom/column/row."""
    from gis_grids.selectors import extent  # noqa: PLC0415
    from mapui.tiles.archive import tile_range  # noqa: PLC0415

    rng, found = np.random.default_rng(1), list[str]()
    box = extent()
    for zoom in zooms:
        columns, rows = tile_range(tuple(box), zoom)
        every = [f"{zoom}/{x}/{y}" for x in columns for y in rows]
        found += rng.permutation(every)[: count // len(zooms)].tolist()
    return rng.permutation(found).tolist()


@contextmanager
def _tipg(url: str) -> Iterator[Server]:
    """Yield tipg on a database; its packages are in an environment of their own, made the first time."""
    python = ROOT / "var" / "tipg" / "bin" / "python"
    if not python.exists():
        uv = next(path for path in (ROOT / "var/tools/bin/uv", Path("/usr/bin/uv")) if path.exists())
        subprocess.run([uv, "venv", "--quiet", python.parents[1]], check=True)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", python, _TIPG, "uvicorn"], check=True)
    command = [python, "-m", "uvicorn", "tipg.main:app", "--log-level", "warning"]
    environment = os.environ | {"DATABASE_URL": _plain(url), "TIPG_DEBUG": "FALSE"}
    environment |= {"TIPG_DB_SPATIAL_EXTENT": "FALSE", "TIPG_CATALOG_TTL": "86400"}
    with served(command, environment, by_option=True) as server:
        yield server


def _plain(url: str) -> str:
    return url.replace("postgis://", "postgresql://")
