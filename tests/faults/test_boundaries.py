"""Boundaries are published while reports arrive from the ground that they divide."""

from __future__ import annotations

import asyncio
import json
import sys

from tests.faults.harness.processes import PATIENCE_S, ROOT, until

LEVELS = ("community", "area", "building_group", "resident_group")
STREET = "98"

#: The unit of each case, and the smallest one in force at its place.
_UNITS = """
SELECT unit.code, (
    SELECT deepest.code FROM gis_grids_unitversion AS version
    JOIN gis_grids_unit AS deepest ON deepest.id = version.unit_id
    WHERE version.valid @> now() AND ST_Covers(version.boundary, incident.place)
    ORDER BY version.depth DESC LIMIT 1
)
FROM incidents_incident AS incident JOIN gis_grids_unit AS unit ON unit.id = incident.unit_id
"""
_VERSIONS = """
SELECT incident.report_id, version.depth
FROM incidents_incident AS incident
JOIN gis_grids_unitversion AS version ON version.id = incident.reported_version_id
"""
_PUBLISHED = """
SELECT (SELECT count(*) FROM incidents_incident),
       (SELECT count(*) FROM gis_grids_plan WHERE status = 'published')
"""
#: Cases that aren't bound to exactly the one smallest version that was in force where and when they came.
_NOT_ITS_OWN = """
SELECT incident.id FROM incidents_incident AS incident
WHERE incident.reported_version_id IS DISTINCT FROM (
    SELECT version.id FROM gis_grids_unitversion AS version
    JOIN gis_grids_unit AS unit ON unit.id = version.unit_id
    WHERE version.valid @> incident.received_at AND ST_Covers(version.boundary, incident.place)
    ORDER BY version.depth DESC, unit.code COLLATE "C" LIMIT 1
)
"""
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


class Publisher:
    """A planner in a process of his own: each of his publications divides the street once more."""

    command = ("tests.faults.harness.errands", "publisher")

    def __init__(self, site):
        self.site = site
        west, south, east, north = site.world["frontier"]
        #: The units to be divided next. Beyond the street's old border there is ground to win.
        self.leaves = {STREET: (west, south, east + 0.004, north)}

    async def __aenter__(self):
        command = (sys.executable, "-m", *self.command)
        pipe = asyncio.subprocess.PIPE
        self.process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env=self.site.environment, stdin=pipe, stdout=pipe
        )
        await self.said("ready")
        return self

    async def __aexit__(self, *_error):
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()

    async def said(self, word):
        assert await asyncio.wait_for(self.process.stdout.readline(), PATIENCE_S) == f"{word}\n".encode()

    async def begin(self, level):
        """Have the planner divide every unit once more; `said` tells when it is committed."""
        units, halves = [], {}
        for parent, (west, south, east, north) in self.leaves.items():
            middle = (west + east) / 2
            halves |= {
                f"{parent}01": (west, south, middle, north),
                f"{parent}02": (middle, south, east, north),
            }
        for code, box in halves.items():
            units.append({"code": code, "level": level, "box": box, "parent": code[:-2]})
        self.leaves = halves
        self.process.stdin.write(json.dumps(units).encode() + b"\n")
        await self.process.stdin.drain()

    async def publish(self, level):
        await self.begin(level)
        await self.said("published")


class Planner(Publisher):
    """A planner who goes the whole way each time: draft, operations, submitted, approved, published."""

    command = ("tests.faults.harness.planning",)

    async def publish(self, number):
        self.process.stdin.write(f"{number}\n".encode())
        await self.process.stdin.drain()
        await self.said("published")


def spots(site):
    """Places on the frontier, a few metres apart, on both sides of every border to come."""
    west, south, east, north = site.world["frontier"]
    return [(west + (east - west) * (n + 0.5) / 33, (south + north) / 2) for n in range(33)]


async def test_boundaries_are_published_while_reports_arrive(site):
    await site.started()
    site.worker()
    await asyncio.gather(site.wall("frontier"), site.wall("city"), site.wall("operator"))
    site.world = site.world | {"spots": spots(site)}
    depths: dict[str, int] = {}
    async with Publisher(site) as publisher, site.load(phones=4):
        for depth, level in enumerate(LEVELS, start=3):
            await site.more_acks(15)
            before = set(site.ledger.acks)
            depths |= {report: depth - 1 for report in before if report not in depths}
            await publisher.publish(level)
            written = set(site.ledger.reports)  # some of these came before, some after
            depths |= {report: 0 for report in written if report not in depths}
        await site.more_acks(15)
    await cases_follow(site)
    await site.judge()
    with site.sql() as database:
        bound = {str(report): depth for report, depth in database.execute(_VERSIONS)}
    wrong = [
        (report, bound[report], depth) for report, depth in depths.items() if depth not in {0, bound[report]}
    ]
    assert not wrong, "bound to a version that was not in force at the commit"
    assert {bound[report] for report in bound.keys() - depths.keys()} == {6}


async def test_plans_are_published_while_reports_arrive(site):
    """No case without a unit, none with two: each keeps the boundary that was in force when it came."""
    await site.started()
    site.worker()
    await asyncio.gather(site.wall("frontier"), site.wall("city"))
    site.world = site.world | {"spots": spots(site)}
    async with Planner(site) as planner, site.load(phones=4):
        for number in range(6):
            await site.more_acks(15)
            await planner.publish(number)
        await site.more_acks(15)
    await cases_follow(site)
    await site.judge()
    with site.sql() as database:
        [[cases, plans]] = database.execute(_PUBLISHED)
        assert plans == 6
        assert cases == len(site.ledger.acks)
        assert [wrong for [wrong] in database.execute(_NOT_ITS_OWN)] == []


async def test_a_report_that_is_being_written_and_a_boundary_wait_for_each_other(site):
    """The report has found its unit and waits for its turn in the feed; then the unit is divided."""
    await site.started()
    await site.wall("frontier")
    site.world = site.world | {"spots": spots(site)}
    phone = site.phone()
    phone.write()
    await phone.flush()
    async with Publisher(site) as publisher:
        with site.sql() as holder, site.sql() as watcher, holder.transaction():
            holder.execute("SELECT position FROM incidents_feedcounter FOR UPDATE")
            phone.write()
            flushed = site.start(phone.flush())
            await until(lambda: waiting(watcher) == 1, "the report waits")
            await publisher.begin(LEVELS[0])
            published = site.start(publisher.said("published"))
            await until(lambda: waiting(watcher) == 2 or published.done(), "the boundary waits")
            assert not published.done(), "published between the look at the units and the commit"
        await asyncio.gather(flushed, published)
    site.worker()
    await cases_follow(site)
    await site.judge()


async def cases_follow(site):
    """Wait until the job worker has every open case in the smallest unit that is in force at its place."""
    with site.sql() as database:
        await until(
            lambda: all(unit == wanted for unit, wanted in database.execute(_UNITS)),
            "open cases follow the boundaries",
        )


def waiting(watcher):
    """Return how many sessions wait for a lock."""
    [count] = watcher.execute(_WAITING).fetchone()
    return count
