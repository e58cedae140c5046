"""The pictures of a plan: the zones before and after, and the borders that differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mapui.pages.pictures import WIDTH, Frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapui.pages.pictures import Drawn
    from mapui.planner.sides import Sides


@dataclass(frozen=True, slots=True)
class Picture:
    """What the template draws: paths of the layers of the ground, the zones, and the borders that differ."""

    title: str
    width: int
    height: int
    ground: Sequence[tuple[str, str]]
    zones: Sequence[Drawn]
    borders: str
    kind: str


def pictures_of(sides: Sides, titles: tuple[str, str]) -> tuple[Picture, Picture]:
    """Return the pictures before and after, of the same section and scale."""
    frame = Frame(sides.bounds)
    ground = frame.ground()
    before, after = (
        Picture(title, WIDTH, frame.height, ground, frame.drawn(zones), frame.paths([borders]), kind)
        for title, zones, borders, kind in (
            (titles[0], sides.before, sides.gone, "gone"),
            (titles[1], sides.after, sides.new, "new"),
        )
    )
    return before, after
