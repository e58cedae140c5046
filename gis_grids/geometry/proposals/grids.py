"""Proposals of grids for one level: three ways to divide a scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gis_grids.geometry.proposals.cells import make_cells
from gis_grids.geometry.proposals.divide import divisions, settled
from gis_grids.geometry.proposals.figures import Division, candidate_of
from gis_grids.geometry.proposals.graph import Atoms
from gis_grids.geometry.proposals.site import between, compounds_of
from gis_grids.geometry.proposals.unit_cells import make_unit_cells

if TYPE_CHECKING:
    from gis_grids.geometry.proposals.cells import Cells
    from gis_grids.geometry.proposals.result import Candidate
    from gis_grids.geometry.proposals.site import Progress, Site, Wishes


def propose_grids(
    site: Site, wishes: Wishes, *, seed: int = 0, cells: Cells | None = None, progress: Progress | None = None
) -> tuple[Candidate, ...]:
    """Return up to three different ways to divide a site, least change from today first if there are zones.

    Each tiles the scope exactly, on the storage lattice; its zones are in one piece unless the scope itself
    is in pieces, of which each with households has zones of its own. Fewer than three come back where
    there are no more (one building, say), and fewer zones than wished where fewer buildings have households.
    The same input and seed give the same result. ``cells`` are those of this very site, if they are known.
    Raises ValueError for a scope without area, and whatever ``progress`` raises.
    """
    if cells is None:
        make = make_unit_cells if site.units else make_cells
        cells = make(site, progress=between(progress, 0, 0.5))
    tell = between(progress, 0.5, 1)
    atoms = Atoms.of(cells, whole=compounds_of(site) if wishes.keep_compounds else ())
    wishes = settled(atoms.graph, wishes)
    home = _home_of_atoms(cells, atoms) if site.today else None
    found = divisions(atoms.graph, wishes, home, seed=seed, tell=between(tell, 0, 0.8))
    result = []
    for n, (kind, part) in enumerate(found.items(), start=1):
        division = Division(cells, atoms, part, wishes.target, wishes.tolerance)
        result.append(candidate_of(kind, division))
        tell(0.8 + 0.2 * n / len(found))
    return tuple(result)


def _home_of_atoms(cells: Cells, atoms: Atoms) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the zone of today in which most households of each atom live, or most of its ground lies."""
    ground = np.bincount(cells.cell, weights=cells.area)
    share = np.zeros((atoms.graph.count, len(cells.site.today)))
    known = cells.home >= 0
    rows = atoms.of_cell[known], cells.home[known]
    np.add.at(share, rows, cells.households[known] + 1e-9 * ground[known])
    return np.where(share.any(axis=1), share.argmax(axis=1), -1)
