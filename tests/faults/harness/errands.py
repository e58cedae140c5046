"""What needs Django, done in a process of its own on the database that DATABASE_URL names.

``python -m tests.faults.harness.errands world`` makes the world and prints it as JSON; ``... publisher``
reads units as JSON, a line each time, publishes them, and prints a line when that is committed.
"""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from shapely import box  # noqa: E402

from gis_grids.levels import Level, PostKind  # noqa: E402
from gis_grids.services import LoadOptions, NewUnit, load_units  # noqa: E402
from incidents.services import load_matters  # noqa: E402
from tests.factories import UserFactory, inside, make_town, make_unit, post  # noqa: E402

#: West, south, east, north of a street beside the town that has no units below it yet.
FRONTIER = (116.34, 39.90, 116.372, 39.908)


def make_world() -> dict:
    """The town with a phone at every leaf, walls of different scopes, and two operators."""
    call_command("migrate", verbosity=0)
    load_matters()
    units = make_town().units
    frontier = make_unit(box(*FRONTIER), level=Level.STREET, code="98", name="Frontier")
    people = {
        "city": person(units[Level.CITY][0], PostKind.COMMAND_OPERATOR),
        "operator": person(units[Level.CITY][0], PostKind.COMMAND_OPERATOR),
        "west": person(units[Level.STREET][0], PostKind.GRID_LEADER),
        "east": person(units[Level.STREET][1], PostKind.GRID_LEADER),
        "corner": person(units[Level.COMMUNITY][0], PostKind.GRID_LEADER),
        "frontier": person(frontier, PostKind.GRID_LEADER),
    }
    for number, leaf in enumerate(units[Level.RESIDENT_GROUP]):
        people[f"worker{number}"] = person(leaf, PostKind.GRID_WORKER)
    spots = [inside(leaf) for leaf in units[Level.RESIDENT_GROUP]]
    return {"people": people, "spots": spots, "frontier": FRONTIER}


def person(unit, kind) -> dict:
    """Somebody with a post who is logged in. His ``scope`` begins the codes of all units below his own."""
    user = UserFactory()
    post(user, unit, kind)
    client = Client()
    client.force_login(user)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    return {"id": user.pk, "cookie": cookie, "scope": unit.code}


def publish() -> None:
    for line in sys.stdin:
        units = [
            NewUnit(each["code"], each["code"], Level(each["level"]), box(*each["box"]), each["parent"])
            for each in json.loads(line)
        ]
        load_units(units=units, options=LoadOptions(reshape_parents=True))
        print("published", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "world":
        print(json.dumps(make_world()))
    else:
        print("ready", flush=True)
        publish()
