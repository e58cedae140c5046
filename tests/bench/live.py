"""The live path: from the phone's report to the wall, through the real server and back out of its sockets."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys

import django

from tests.bench.stage import ROOT, connection_arguments, own_database, server
from tests.bench.table import Figure

REPORTERS, WALLS = 50, 20
RATE = 20
TITLE = f"Live path: {REPORTERS} reporters, {WALLS} walls"


def measure(*, quick: bool) -> list[Figure]:
    """Measure throughput in a closed loop, and latency at 20 reports a second."""
    phases = {
        "closed": {"seconds": 2 if quick else 15, "rate": None},
        "offered": {"seconds": 3 if quick else 20, "rate": RATE},
    }
    with own_database("live") as url:
        os.environ["DATABASE_URL"] = url
        stage = prepare()
        task = {"database": connection_arguments(url), "row": stage.pop("row"), "connections": REPORTERS}
        limit = in_process("tests.bench.limit", task | {"phases": phases})
        with server(url) as address:
            found = in_process("tests.bench.clients", stage | {"address": address, "phases": phases})
    return list(figures(found, limit))


def prepare() -> dict[str, object]:
    """Make the tables, a town and its people; returns what clients and limit need."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mapui.project.settings")
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - needs Django set up

    from gis_grids.levels import Level, PostKind  # noqa: PLC0415
    from incidents.models import Matter  # noqa: PLC0415
    from incidents.services import load_matters  # noqa: PLC0415
    from tests.factories import UserFactory, inside, make_town, post  # noqa: PLC0415
    from tests.mapui.consumers.talk import cookie_of  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    load_matters()
    town = make_town()
    leaves = town.units[Level.RESIDENT_GROUP]
    phones = []
    for n in range(REPORTERS):
        reporter = UserFactory(password="!")
        post(reporter, leaves[n % len(leaves)], PostKind.GRID_WORKER)
        phones.append(cookie_of(reporter))
    centre = UserFactory(password="!")
    post(centre, town.units[Level.CITY][0], PostKind.COMMAND_OPERATOR)
    spots = [inside(leaf) for leaf in leaves]
    version = town.leaf.versions.get()
    row = {"matter": Matter.objects.get(code="rubbish").pk, "unit": town.leaf.pk, "version": version.pk}
    row |= {"reporter": reporter.pk, "lon": spots[0][0], "lat": spots[0][1]}
    return {"phones": phones, "walls": [cookie_of(centre)] * WALLS, "spots": spots, "row": row}


def in_process(module: str, task: dict[str, object]) -> dict[str, dict[str, object]]:
    """Run a module with a task; returns what it found."""
    done = subprocess.run(
        [sys.executable, "-m", module],
        cwd=ROOT,
        input=json.dumps(task),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stderr[-4000:])
    return json.loads(done.stdout)


def figures(found, limit):
    """Yield what is printed."""
    closed, offered = found["closed"], found["offered"]
    plain = f"plain psycopg, single-row inserts into the same tables, {REPORTERS} connections"
    yield Figure(
        "acknowledged reports, closed loop",
        closed["reports"] / closed["seconds"],
        "1/s",
        limit["closed"]["count"] / limit["closed"]["seconds"],
        plain,
    )
    yield Figure("events delivered to walls, closed loop", closed["deliveries"] / closed["seconds"], "1/s")
    for share in (50, 95, 99):
        name = f"p{share} closed loop"
        yield Figure(
            f"report→wall {name}",
            percentile(closed["wall_ms"], share),
            "ms",
            percentile(limit["closed"]["ms"], share),
            f"{plain}, p{share}",
        )
    at = f"at {RATE} reports/s"
    for what, times in (("report→wall", offered["wall_ms"]), ("report→acknowledgement", offered["ack_ms"])):
        for share in (50, 95, 99):
            yield Figure(
                f"{what} p{share} {at}",
                percentile(times, share),
                "ms",
                percentile(limit["offered"]["ms"], share),
                f"plain psycopg insert {at}, p{share}",
            )
    yield Figure("events lost on the way to walls", closed["lost"] + offered["lost"], "")
    yield Figure("events that came twice", closed["doubled"] + offered["doubled"], "")


def percentile(values: list[float], share: int) -> float:
    """Return the value that this share of the values does not exceed."""
    return statistics.quantiles(values, n=100)[share - 1]
