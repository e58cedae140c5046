"""A table of households imported by the real job, beside plain COPY of the same rows in the same run.

A community of its own with a dwelling for each household; the table has an address, a householder, a
telephone and the number of residents in each row, as xlsx and as CSV. The job runs in a process of its own,
as a worker does, whose memory is measured. Beside it stand COPY of all rows that the import has written
(households, residents, residences, changes, units) into tables with the same indexes and constraints.
"""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Final

import django
import psycopg

from tests.bench.stage import ROOT, connection_arguments, own_database
from tests.bench.table import MOST, Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLE: Final = "A table of households imported; the limit is plain COPY of what it writes"
#: Households of a district of some size, and of a quick run.
MANY, QUICK = 200_000, 10_000
#: An import of so many must be over while somebody waits, and leave room for others.
_MOST_MINUTES, _MOST_MB = 10, 900
_PER_BUILDING, _FLOORS = 100, 25
_TABLES: Final = ("household", "resident", "residence", "householdchange", "householdunit")


def measure(*, quick: bool) -> list[Figure]:
    """Return the figures: about six minutes, half a minute with ``quick``."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mapui.project.settings")
    with own_database("import") as url:
        os.environ["DATABASE_URL"] = url
        django.setup()
        from django.core.management import call_command  # noqa: PLC0415 - needs Django set up
        from django.db import connections  # noqa: PLC0415

        call_command("migrate", verbosity=0, interactive=False)
        try:
            return list(_measured(url, QUICK if quick else MANY))
        finally:
            connections.close_all()


def _measured(url: str, count: int) -> Iterator[Figure]:
    clerk, unit_id = _world(count)
    rows = _rows(count)
    what = f"{count:,} households"
    checked = _timed(_begun(clerk, unit_id, "list.xlsx", _workbook(rows)))
    yield Figure(f"{what}: read and checked, xlsx", checked["seconds"], "s")
    run_id = _begun(clerk, unit_id, "list.csv", _csv(rows))
    checked = _timed(run_id)
    yield Figure("  read and checked, csv", checked["seconds"], "s")
    _confirm(clerk, run_id)
    done = _timed(run_id)
    assert done["state"] == "done", done
    plain = _plain_copy(url)
    limit = "COPY of the same rows"
    most = _MOST_MINUTES * 60
    yield Figure("  imported", done["seconds"], "s", plain, limit, most, MOST)
    yield Figure("  households a second", count / done["seconds"], "/s", count / plain, limit)
    yield Figure("  CPU of the worker, for each 1,000", 1000 * done["cpu"] / count, "s")
    yield Figure("  the worker holds, at its peak", done["peak_mb"], "MB", goal=_MOST_MB, goal_of=MOST)
    _undo(clerk, run_id)
    undone = _timed(run_id)
    assert undone["state"] == "undone", undone
    yield Figure("  undone", undone["seconds"], "s", plain, limit)


def _world(count: int) -> tuple[object, int]:
    """Make a community with so many dwellings, a hundred in each of its buildings, and its clerk."""
    import shapely  # noqa: PLC0415 - as all below: needs Django set up

    from gis_grids.levels import Level, PostKind  # noqa: PLC0415
    from households.services import NewBuilding, NewDwelling, NewEntrance, load_buildings  # noqa: PLC0415
    from tests.factories import UserFactory, make_unit, post  # noqa: PLC0415

    side = 0.0004
    buildings = -(-count // _PER_BUILDING)
    per_row = int(buildings**0.5) + 1
    west, south = 116.3, 39.8
    extent = shapely.box(west, south, west + per_row * side, south + (per_row + 1) * side)
    unit = make_unit(extent, level=Level.COMMUNITY)
    clerk = UserFactory()
    post(clerk, unit, PostKind.OFFICE_CLERK)
    dwellings = tuple(
        NewDwelling(entrance=entrance, floor=floor, room=f"{floor}0{number}")
        for entrance in (1, 2)
        for floor in range(1, _FLOORS + 1)
        for number in (1, 2)
    )
    new = []
    for number in range(buildings):
        x, y = west + (number % per_row) * side, south + (number // per_row) * side
        footprint = shapely.box(x + side / 4, y + side / 4, x + side / 2, y + side / 2)
        name = f"阳光花园{number + 1}号楼"
        entrances = (NewEntrance(number=1), NewEntrance(number=2))
        new.append(
            NewBuilding(
                code=f"B{number}", name=name, footprint=footprint, entrances=entrances, dwellings=dwellings
            )
        )
    load_buildings(buildings=new)
    return clerk, unit.pk


def _rows(count: int) -> list[list[object]]:
    found: list[list[object]] = [["地址", "户主", "电话", "人口"]]
    for n in range(count):
        building, home = divmod(n, _PER_BUILDING)
        entrance, room = divmod(home, _PER_BUILDING // 2)
        address = f"阳光花园{building + 1}号楼{entrance + 1}单元{room // 2 + 1}0{room % 2 + 1}室"
        found.append([address, f"张{chr(0x4E00 + n % 5000)}", f"1{3_000_000_000 + n}", 1 + n % 5])
    return found


def _csv(rows: list[list[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("gb18030")


def _workbook(rows: list[list[object]]) -> bytes:
    from gis_grids.sheets import Sheet, write_xlsx  # noqa: PLC0415

    file = io.BytesIO()
    write_xlsx(file, [Sheet(title="住户", headings=[str(each) for each in rows[0]], rows=rows[1:])])
    return file.getvalue()


def _begun(clerk: object, unit_id: int, name: str, data: bytes) -> int:
    from households.services.imports import begin_import  # noqa: PLC0415

    run = begin_import(
        actor=clerk, kind="households", unit_id=unit_id, name=name, size=len(data), chunks=[data]
    )
    return run.pk


def _confirm(clerk: object, run_id: int) -> None:
    from households.services.imports import confirm_import  # noqa: PLC0415

    confirm_import(actor=clerk, run_id=run_id, with_changes=True, others="leave")


def _undo(clerk: object, run_id: int) -> None:
    from households.services.imports import undo_import  # noqa: PLC0415

    undo_import(actor=clerk, run_id=run_id)


_JOB: Final = """
import json, resource, time
import django
django.setup()
from households.models import ImportRun
from households.services.imports.working import work_on
start, used = time.perf_counter(), time.process_time()
work_on(run_id={run_id})
run = ImportRun.objects.get(pk={run_id})
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
seconds, cpu = time.perf_counter() - start, time.process_time() - used
print(json.dumps(dict(seconds=seconds, cpu=cpu, peak_mb=peak, state=run.state, error=run.error)))
"""


def _timed(run_id: int) -> dict[str, float]:
    """Do the job of an import in a process of its own; return its seconds and the most that it held."""
    code = _JOB.format(run_id=run_id)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _plain_copy(url: str) -> float:
    """Return the seconds in which COPY writes the same rows into tables like those of the product."""
    with psycopg.connect(**connection_arguments(url)) as connection:
        taken = 0.0
        for name in _TABLES:
            table = f"households_{name}"
            connection.execute(f"CREATE TABLE plain_{name} (LIKE {table} INCLUDING ALL)")
            with connection.cursor().copy(f"COPY {table} TO STDOUT") as copy:
                data = b"".join(bytes(block) for block in copy)
            start = time.perf_counter()
            columns = _columns(connection, table)
            with connection.cursor().copy(f"COPY plain_{name} ({columns}) FROM STDIN") as copy:
                copy.write(data)
            connection.commit()
            taken += time.perf_counter() - start
            connection.execute(f"DROP TABLE plain_{name}")
    return taken


def _columns(connection: psycopg.Connection, table: str) -> str:
    """Return the columns that are written, and not made by the database."""
    rows = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attgenerated = '' ORDER BY attnum",
        [table],
    )
    return ", ".join(f'"{name}"' for (name,) in rows)
