"""The city is loaded, served and opened. Run by `tests.bench.wall` on a database of its own; prints JSON."""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any, Final

import django

from tests.bench.stage import helper, servers
from tests.bench.wall_page import Screen

_SIZES: Final = ("1920x1080", "3840x2160")
_RATE: Final = 5.0


def _loaded(*, quick: bool) -> dict[str, Any]:
    """Load the city; return what it holds, and the cookie of somebody who sees all of it."""
    from django.core.management import call_command  # noqa: PLC0415 - needs Django set up
    from django.utils import timezone  # noqa: PLC0415

    from fixtures.city.extent import CITY, Extent  # noqa: PLC0415
    from fixtures.city.load import load_city  # noqa: PLC0415
    from gis_grids.levels import Level, PostKind  # noqa: PLC0415
    from gis_grids.models import Unit  # noqa: PLC0415
    from households.models import Household  # noqa: PLC0415
    from incidents.models import Incident  # noqa: PLC0415
    from incidents.workflow import ENDED  # noqa: PLC0415
    from tests.factories import UserFactory, post  # noqa: PLC0415
    from tests.mapui.consumers.talk import cookie_of  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    extent = Extent(3, 4, 5_000, 1_500, 300, (1, 1)) if quick else CITY
    start = time.perf_counter()
    load_city(extent=extent, now=timezone.now(), with_logins=False, watch=_told)
    load_s = time.perf_counter() - start
    centre = UserFactory(password="!")
    post(centre, Unit.objects.filter(level=Level.CITY).first(), PostKind.COMMAND_OPERATOR)
    return {
        "load_s": load_s,
        "households": Household.objects.count(),
        "units": Unit.objects.count(),
        "open incidents": Incident.objects.exclude(state__in=ENDED).count(),
        "cookie": cookie_of(centre),
    }


def _told(step: str, done: int, total: int) -> None:
    if done == total:
        print(step, file=sys.stderr)


def main(*, quick: bool) -> dict[str, Any]:
    """Measure on each size of screen."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mapui.project.settings")
    django.setup()
    city = _loaded(quick=quick)
    cookie = city.pop("cookie")
    seconds = 5.0 if quick else 30.0
    screens = {}
    with servers(os.environ["DATABASE_URL"], 1) as [server], helper("tests.bench.wall_reports") as reports:
        for size in _SIZES:
            print(f"screen of {size}", file=sys.stderr)
            with Screen(f"http://{server.address}", cookie, size) as screen:
                found = screen.still(seconds)
                reports.tell("report", rate=_RATE, seconds=seconds)
                found["live"] = screen.recorded(lambda page: page.wait_for_timeout(1000 * seconds))
                found["reports"] = reports.answer() / seconds
                screens[size] = found | screen.memory()
    return {"city": city, "screens": screens}


if __name__ == "__main__":
    print(json.dumps(main(quick="--quick" in sys.argv)))
