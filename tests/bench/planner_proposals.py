"""Grid proposals for communities: how long, how even, in one piece, how many street blocks divided."""

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
from tests.bench.table import LEAST, MOST, Figure
from tests.bench.timing import Times

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gis_grids.geometry.proposals.site import Site
    from tests.bench.city import City
    from tests.bench.city_store import Settled
    from tests.bench.planner import Extent

_TARGET = 300
_PLAIN = "plain pymetis, 16 starts, the most even one in one piece"


@dataclass
class Tally:
    """What came of dividing several communities in one way."""

    taken: Times = field(default_factory=Times)
    figures: dict[str, list[Mapping[str, Any]]] = field(default_factory=lambda: defaultdict(list))

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
        for candidate in proposal_of(plan.pk, asked.pk).candidates:
            by_group.figures[candidate["name"]].append(candidate["metrics"])
        draft = draft_of(plan)
        with by_building.taken.one():
            site = site_of(draft, "", divided(draft, "", Level.AREA), [])
            found = propose_grids(site, Wishes(target=_TARGET, least_change=False))
        for candidate in found:
            by_building.figures[candidate.kind].append(asdict(candidate.figures))
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
        yield Figure(f"  {kind} {what}: blocks split", tally.mean(kind, "blocks_split"), "")
    within = 100 * float(np.mean([figures["within_tolerance"] for figures in every]))
    broken = sum(not figures["contiguous"] for figures in every)
    yield Figure(f"grids {what} within {_TARGET} ± 20 %", within, "%", goal=100, goal_of=LEAST)
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
