"""When a tile layer has changed."""

from __future__ import annotations

from typing import Final

from django.db import connection, transaction

from gis_grids.selectors.maps import DAYS_COME

_RAISE: Final = f"""
INSERT INTO gis_grids_mapversion AS own (layer, version) VALUES (%s, extract(epoch FROM now())::bigint)
ON CONFLICT (layer) DO UPDATE SET version = own.version + 1 + {DAYS_COME}, raised_at = clock_timestamp()
RETURNING version
"""  # noqa: S608 - constants only


@transaction.atomic
def bump_map_version(*, layer: str) -> int:
    """Raise the version of a tile layer ("units", "base") and return it.

    To be called in the transaction that changes what the layer shows. A layer begins with the seconds since
    1970, so that a database made anew never gives out an address that a browser has kept from the last one.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, [layer])
        return int(cursor.fetchone()[0])
