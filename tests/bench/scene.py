"""A town and its people, for measurements of the running product."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import cycle, islice
from uuid import uuid4

import django


@dataclass(frozen=True, slots=True)
class Scene:
    """Cookies of the phones and of the centre, places to report from, and what a plain insert needs."""

    phones: list[str]
    wall: str
    spots: list[tuple[float, float]]
    row: dict[str, object]


def prepare(reporters: int) -> Scene:
    """Make the tables, a town and its people in the database of DATABASE_URL."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mapui.project.settings")
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - needs Django set up

    from gis_grids.levels import Level, PostKind  # noqa: PLC0415
    from incidents.models import FeedCounter, Matter, TimeLimit  # noqa: PLC0415
    from incidents.services import load_matters  # noqa: PLC0415
    from tests.factories import UserFactory, inside, make_town, post  # noqa: PLC0415
    from tests.mapui.consumers.talk import cookie_of  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    load_matters()
    FeedCounter.objects.get_or_create(id=1)
    town = make_town()
    leaves = town.units[Level.RESIDENT_GROUP]
    phones = []
    for n in range(reporters):
        reporter = UserFactory(password="!")
        post(reporter, leaves[n % len(leaves)], PostKind.GRID_WORKER)
        phones.append(cookie_of(reporter))
    centre = UserFactory(password="!")
    post(centre, town.units[Level.CITY][0], PostKind.COMMAND_OPERATOR)
    spots = [inside(leaf) for leaf in leaves]
    matter = Matter.objects.get(code="rubbish")
    rule = TimeLimit.objects.filter(matter=matter).first()
    row = {"matter": matter.pk, "rule": rule.pk, "reporter": reporter.pk}
    return Scene(phones, cookie_of(centre), spots, row | {"lon": spots[0][0], "lat": spots[0][1]})


def reports_of(scene: Scene, count: int) -> list[object]:
    """Return so many new reports from the places of the town, in turn."""
    from django.utils import timezone  # noqa: PLC0415 - needs Django set up

    from incidents.services import NewReport  # noqa: PLC0415

    now = timezone.now()
    return [
        NewReport(
            report_id=uuid4(),
            reporter=int(str(scene.row["reporter"])),
            matter="rubbish",
            text="",
            lon=lon,
            lat=lat,
            accuracy_m=8.5,
            position_source="device",
            observed_at=now,
            sent_at=now,
        )
        for lon, lat in islice(cycle(scene.spots), count)
    ]
