"""When a tile layer has changed."""

from __future__ import annotations

from django.db import connection, transaction


@transaction.atomic
def bump_map_version(*, layer: str) -> int:
    """Raise the version of a tile layer ("units", "base") and return it.

    To be called in the transaction that changes what the layer shows. A layer begins with the seconds since
    1970, so that a database made anew never gives out an address that a browser has kept from the last one.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO gis_grids_mapversion (layer, version) VALUES (%s, extract(epoch FROM now())::bigint)
            ON CONFLICT (layer) DO UPDATE SET version = gis_grids_mapversion.version + 1
            RETURNING version
            """,
            [layer],
        )
        return int(cursor.fetchone()[0])
