"""Cases by unit, matter and time, without their histories."""

from __future__ import annotations

from uuid import UUID

from django.contrib.gis.geos import Point

from incidents.models import Incident, Matter
from tests.factories import inside


class Making:
    """Make so many cases of a matter in a unit, received at a time."""

    def __init__(self, world):
        self.world, self.number = world, 0
        self.matters = {matter.code: matter for matter in Matter.objects.all()}

    def __call__(self, unit, matter, at, count=1, **changes):
        lon, lat = inside(unit)
        version = unit.versions.get()
        for _ in range(count):
            self.number += 1
            Incident.objects.create(
                report_id=UUID(int=self.number),
                digest=b"",
                matter=self.matters[matter],
                place=Point(lon, lat, srid=4326),
                position_source="device",
                unit=unit,
                reported_version=version,
                state_since=at,
                observed_at=at,
                received_at=at,
                **changes,
            )
