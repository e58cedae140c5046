"""Those who rely on the boundaries in force and those who change them take turns."""

from __future__ import annotations

from gis_grids.prepared import prepared_cursor


def rely_on_boundaries() -> None:
    """Have the boundaries stay as they are until this transaction ends; any number may rely on them.

    Whoever stores what he has located calls it before he locates: else a boundary could be published in
    between, and nobody would look at what is stored afterwards by the old one.
    """
    _take("pg_advisory_xact_lock_shared")


def change_boundaries() -> None:
    """Wait for all who rely on the boundaries; new ones wait until this transaction ends.

    To be called as late as can be, right before the first write: reports wait meanwhile.
    """
    _take("pg_advisory_xact_lock")


def one_change_at_a_time() -> None:
    """Wait for any other change of boundaries: two could each tile by themselves, and not together."""
    with prepared_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('gis_grids.boundaries'))")


def _take(function: str) -> None:
    with prepared_cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtext('gis_grids.boundaries.in_force'))")
