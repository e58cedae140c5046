"""Codes of units: their digits, the order in which they are given, and that none is given twice.

Field.md 2a: a grid has 15 digits (6 county, 3 street, 3 community, 3 sequence; DB11, CJ/T 213), the
statistical code of a community has 12 (6, 3, 3). Sequences run from west to east and from north to south
inside one parent. The code of a closed unit is never used again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from gis_grids.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class CodeScheme:
    """How many digits each part of a code has, from the county down to the unit itself."""

    parts: tuple[int, ...]

    @property
    def digits(self) -> int:
        """The digits of a whole code."""
        return sum(self.parts)

    def split(self, code: str) -> tuple[str, ...]:
        """Return the parts of a code, or raise `BadInput` ("code.malformed")."""
        if not re.fullmatch(rf"[0-9]{{{self.digits}}}", code):
            raise BadInput.of("code.malformed", code=code[:40], digits=self.digits)
        ends = np.cumsum(self.parts)
        return tuple(code[end - width : end] for end, width in zip(ends, self.parts, strict=True))

    def check_under(self, code: str, parent: str) -> None:
        """Raise `BadInput` unless `code` is well formed and begins with its parent's code."""
        *above, _own = self.split(code)
        if "".join(above) != parent:
            raise BadInput.of("code.wrong_place", code=code, parent=parent[:40])


GRID_15: Final = CodeScheme((6, 3, 3, 3))
STATISTICAL_12: Final = CodeScheme((6, 3, 3))


def next_codes(parent: str, count: int, *, used: Collection[str], digits: int = 3) -> list[str]:
    """Return `count` new codes under the parent's code: the numbers after the highest ever used.

    `used` holds every code ever given, those of closed units too; codes of other parents in it don't
    matter. Raises `BadInput` ("code.exhausted") when `digits` digits don't suffice.
    """
    own = re.compile(rf"{re.escape(parent)}([0-9]{{{digits}}})")
    highest = max((int(match[1]) for code in used if (match := own.fullmatch(code))), default=0)
    if highest + count >= 10**digits:
        raise BadInput.of("code.exhausted", parent=parent, digits=digits, n=count)
    return [f"{parent}{number:0{digits}}" for number in range(highest + 1, highest + count + 1)]


def in_code_order(units: Sequence[BaseGeometry]) -> list[int]:
    """Return the positions of the units in the order of their codes: west to east, north to south.

    Units form rows, each as high as half the median unit, counted from its northernmost member; rows
    run from north to south, in each the units from west to east. The place of a unit is a point inside it.
    """
    if not units:
        return []
    geometries = np.array(units, dtype=object)
    places = shapely.get_coordinates(shapely.point_on_surface(geometries))
    bounds = shapely.bounds(geometries)
    depth = float(np.median(bounds[:, 3] - bounds[:, 1])) / 2
    rows: list[list[int]] = []
    top = -np.inf
    for i in np.argsort(-places[:, 1], kind="stable"):
        if not rows or top - places[i, 1] > depth:
            rows.append([])
            top = places[i, 1]
        rows[-1].append(int(i))
    return [i for row in rows for i in sorted(row, key=lambda i: (places[i, 0], -places[i, 1]))]
