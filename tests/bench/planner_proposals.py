"""Grid proposals for communities: how long, how even, in one piece, how many street blocks divided.

The communities of the city are of 12 blocks: all ways to divide them are looked at to know how few must be.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from gis_grids.drafts.candidates import divided
from gis_grids.geometry.proposals.grids import propose_grids
from gis_grids.geometry.proposals.site import Wishes
from gis_grids.levels import Level
from gis_grids.selectors.plans import draft_of
from gis_grids.services.plans import open_plan
from households.selectors.sites import site_of
from households.services.proposals import Parameters, ask_for_proposals, make_proposals, proposal_of
from tests.bench import planner_plain as plain
from tests.bench.planner_limits import fewest_splits
from tests.bench.table import LEAST, MOST, Figure
from tests.bench.timing import Times

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gis_grids.geometry.proposals.site import Site
    from tests.bench.city import City
    from tests.bench.city_store import Settled
    from tests.bench.planner import Extent

_TARGET, _TOLERANCE = 300, 0.2
#: What planner.md 3.4 reached, in another city.
_BLOCKS_SPLIT = 3.8
_FEWEST = "the fewest with all grids within the tolerance, of all ways"
_PLAIN = "plain pymetis, 16 starts, the most even one in one piece"


@dataclass
class Tally:
    """What came of dividing several communities in one way."""

    taken: Times = field(default_factory=Times)
    figures: dict[str, list[Mapping[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, kind: str, figures: Mapping[str, Any], fewest: int) -> None:
        """Take the figures of a candidate, with how few blocks of its community must be divided."""
        self.figures[kind].append({**figures, "fewest": fewest})

    def mean(self, kind: str, name: str) -> float:
        """The mean of a figure over the communities."""
        return float(np.mean([figures[name] for figures in self.figures[kind]]))


def proposing(_city: City, settled: Settled, extent: Extent) -> Iterator[Figure]:
    """Yield what proposals take and are: by buildings, as where nothing is drawn yet; and of whole groups."""
    by_building, by_group = Tally(), Tally()
    cells, parts, spread = Times(computes=True), Times(computes=True), []
    for community in settled.units[Level.COMMUNITY][-extent.proposals :]:
        plan = open_plan(scope_id=community, level=Level.AREA, title="grids", actor=settled.planner)
        asked = ask_for_proposals(
            plan_id=plan.pk, parameters=Parameters(level=Level.AREA, target=_TARGET), actor=settled.planner
        )
        with by_group.taken.one():
            make_proposals(proposal_id=asked.pk)
        draft = draft_of(plan)
        with by_building.taken.one():
            site = site_of(draft, "", divided(draft, "", Level.AREA), [])
            found = propose_grids(site, Wishes(_TARGET, _TOLERANCE, least_change=False))
        fewest = fewest_splits(site, _TARGET, _TOLERANCE)
        for kept in proposal_of(plan.pk, asked.pk).candidates:
            by_group.add(kept["name"], kept["metrics"], fewest)
        for candidate in found:
            by_building.add(candidate.kind, asdict(candidate.figures), fewest)
        spread.append(_plainly(site, cells, parts))
    plainly = Times()
    plainly.taken = [sum(both) for both in zip(cells.taken, parts.taken, strict=True)]
    yield from by_building.taken.figures(
        "three proposals for a community by buildings, figures and clean polygons",
        plainly,
        f"cells, and {_PLAIN}",
    )
    yield from _quality("by buildings", by_building, 100 * float(np.mean(spread)))
    yield from by_group.taken.figures("three proposals of whole building groups, kept", parts, _PLAIN)
    yield from _quality("of whole groups", by_group, None)


def _quality(what: str, tally: Tally, plainly: float | None) -> Iterator[Figure]:
    every = [figures for those in tally.figures.values() for figures in those]
    for kind, those in tally.figures.items():
        spread = [100 * figures["spread"] for figures in those]
        yield Figure(f"  {kind} {what}: worst grid off the mean, mean of {len(those)}",
                     float(np.mean(spread)), "%", plainly, _PLAIN if plainly else "")  # fmt: skip
        goal = {"goal": _BLOCKS_SPLIT, "goal_of": MOST} if kind == "streets" else {}
        yield Figure(f"  {kind} {what}: blocks split", tally.mean(kind, "blocks_split"), "",
                     tally.mean(kind, "fewest"), _FEWEST, **goal)  # fmt: skip
    within = 100 * float(np.mean([figures["within_tolerance"] for figures in every]))
    broken = sum(not figures["contiguous"] for figures in every)
    yield Figure(f"grids {what} within {_TARGET} ± {_TOLERANCE:.0%}", within, "%", goal=100, goal_of=LEAST)
    yield Figure(f"candidates {what} not in one piece", broken, "", goal=0, goal_of=MOST)


def _plainly(site: Site, cells: Times, parts: Times) -> float:
    """Divide a site by plain calls; return how far the worst part is from the mean."""
    households = [building.households for building in site.buildings]
    footprints = np.array([building.footprint for building in site.buildings], dtype=object)
    with cells.one():
        neighbours = plain.adjacency(plain.grounds(footprints, site.scope))
    with parts.one():
        part = plain.divide(neighbours, households, round(sum(households) / _TARGET))
    return plain.deviation(part, households)
