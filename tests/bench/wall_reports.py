"""Reports at a rate, by the service itself, in a process of their own. Run by `tests.bench.wall_run`."""

from __future__ import annotations

import json
import random
import sys
import time
from datetime import timedelta
from uuid import uuid4

import django


def report(rate: float, seconds: float) -> int:
    """Report so many cases a second for so long, in random places; return how many were."""
    from django.contrib.gis.db.models.functions import PointOnSurface  # noqa: PLC0415 - needs Django set up
    from django.utils import timezone  # noqa: PLC0415

    from gis_grids.levels import Level, PostKind  # noqa: PLC0415
    from gis_grids.models import Post, UnitVersion  # noqa: PLC0415
    from incidents.services import NewReport, report_incident  # noqa: PLC0415

    leaves = UnitVersion.objects.filter(depth=Level.RESIDENT_GROUP.depth).order_by("?")[:200]
    places = list(leaves.annotate(spot=PointOnSurface("boundary")).values_list("spot", flat=True))
    worker = Post.objects.filter(kind=PostKind.GRID_WORKER, holder__isnull=False).first().holder_id
    start, count = time.monotonic(), 0
    while time.monotonic() - start < seconds:
        place, now = random.choice(places), timezone.now()
        report_incident(
            report=NewReport(
                report_id=uuid4(),
                reporter=worker,
                matter="rubbish",
                text="路灯不亮",
                lon=place.x,
                lat=place.y,
                accuracy_m=8.0,
                position_source="device",
                observed_at=now - timedelta(seconds=20),
                sent_at=now,
            )
        )
        count += 1
        time.sleep(max(0.0, start + count / rate - time.monotonic()))
    return count


if __name__ == "__main__":
    django.setup()
    for line in sys.stdin:
        task = json.loads(line)
        print(json.dumps(report(task["rate"], task["seconds"])), flush=True)
