"""What the maps show: the versions in force, their extent, and how often a layer has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import NotFound
from gis_grids.models import Unit, UnitVersion
from gis_grids.prepared import prepared_cursor
from gis_grids.selectors.hierarchy import descendant_ids

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection
    from datetime import datetime

    from django.db.models import QuerySet

    from gis_grids.levels import Level


# In SQL, since every batch of reports asks for it.
_EXTENT = """
SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)
FROM (
    SELECT ST_Extent(boundary) AS box FROM gis_grids_unitversion WHERE parent_id IS NULL AND valid @> %s
) extent
"""


#: How many days of new boundaries have come since the version of a row ``own`` of `MapVersion` was raised.
#: By the time of the statement: for the clock, which runs on, the index of ``lower(valid)`` is not asked.
DAYS_COME: Final = """(
    SELECT count(DISTINCT lower(valid)) FROM gis_grids_unitversion
    WHERE own.layer = 'units' AND lower(valid) > own.raised_at AND lower(valid) <= statement_timestamp()
)"""
_VERSION: Final = f"SELECT version + {DAYS_COME} FROM gis_grids_mapversion own WHERE layer = %s"  # noqa: S608


class Extent(NamedTuple):
    """A box in lon/lat degrees (EPSG:4326), in the order that GeoJSON and `check_point` use."""

    west: float
    south: float
    east: float
    north: float


def current_versions(level: Level | None = None, when: datetime | None = None) -> QuerySet[UnitVersion]:
    """Return the versions in force at `when` (default: now), of one level or of all.

    From the top of the tree down, by code; with their unit and their parent's.
    """
    versions = UnitVersion.objects.filter(valid__contains=when or timezone.now())
    if level is not None:
        versions = versions.filter(depth=level.depth)
    return versions.select_related("unit", "parent").order_by("depth", "unit__code")


def leaf_versions(when: datetime) -> QuerySet[UnitVersion]:
    """Return the versions in force at `when` under which nothing lies: the deepest that are drawn."""
    valid = UnitVersion.objects.filter(valid__contains=when)
    return valid.exclude(Exists(valid.filter(parent=OuterRef("unit"))))


def versions_to_export(
    *, level: Level | None = None, under: str | None = None, when: datetime | None = None
) -> QuerySet[UnitVersion]:
    """Return `current_versions`, only of the unit with the code `under` and of those below it, if given.

    Raises `NotFound` ("unit.unknown") when no unit has that code.
    """
    versions = current_versions(level, when)
    if under is None:
        return versions
    root = Unit.objects.filter(code=under).first()
    if root is None:
        raise NotFound("unit.unknown", _("There is no unit with the code %(code)s."), {"code": under[:40]})
    return versions.filter(unit__in=descendant_ids({root.pk}, when))


def extent(when: datetime | None = None) -> Extent | None:
    """Return the box around all units at `when` (default: now), or None when there are none."""
    with prepared_cursor() as cursor:
        cursor.execute(_EXTENT, [when or timezone.now()])
        box = cursor.fetchone()
    return Extent(*box) if box and box[0] is not None else None


def map_version(layer: str) -> int:
    """Return how often the tile layer ("units", "base", "households") has changed; 0 when it never has.

    For the units the coming of a day from which boundaries are published is a change too.
    """
    with prepared_cursor() as cursor:
        cursor.execute(_VERSION, [layer])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def days_of_change(unit_ids: Collection[int]) -> list[tuple[dt.date, int]]:
    """Return the days on which units in these subtrees began as they are or were, with how many of them.

    In the district's time zone, the oldest first; the first is that of the earliest boundaries known.
    """
    versions = UnitVersion.objects.filter(unit__in=descendant_ids(unit_ids), valid__startswith__isnull=False)
    days = versions.order_by().annotate(
        day=TruncDate("valid__startswith", tzinfo=timezone.get_default_timezone())
    )
    return list(days.values_list("day").annotate(units=Count("pk")).order_by("day"))
