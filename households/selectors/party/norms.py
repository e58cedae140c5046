"""What a norm of party work asks for: between how many and how many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis_grids.norms import Light, light

if TYPE_CHECKING:
    from gis_grids.norms import NormKind
    from gis_grids.selectors.norms import Norms


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most that there should be; None is no bound, and without both there is no norm."""

    least: float | None = None
    most: float | None = None

    def fits(self, count: int) -> bool:
        """Tell whether so many are right."""
        return light(count, self.least, self.most) is Light.GREEN

    def __str__(self) -> str:
        least, most = ("" if bound is None else f"{bound:g}" for bound in (self.least, self.most))
        return f"{least} – {most}" if most else f"≥ {least}" if least else "–"


def bounds_of(norms: Norms | None, kind: NormKind) -> Bounds:
    """Return what the norm of a kind asks for; nothing where nobody has set it."""
    norm = (norms or {}).get(kind)
    return Bounds(norm.least, norm.most) if norm else Bounds()
