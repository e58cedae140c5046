"""What the wall's endpoints give. Boxes are west, south, east, north in degrees (EPSG:4326)."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from mapui.consumers.cases import unit_refs
from mapui.wire import UnitRef

Box = tuple[float, float, float, float]


class Shown(BaseModel):
    """What an endpoint gives, read from rows as they are."""

    model_config = ConfigDict(from_attributes=True)


class UnitShown(UnitRef):
    """A unit with the box around it; null where it isn't in force."""

    bbox: Box | None


class ChildShown(UnitShown):
    """A unit that one can go down to; ``spans`` are the ids of all units in its subtree, as closed ranges."""

    households: int
    spans: list[tuple[int, int]]


class StepShown(Shown):
    """A unit, or null for several at the top; ``trail`` leads to it from the top that the viewer sees."""

    unit: UnitShown | None
    trail: Annotated[list[UnitRef], BeforeValidator(unit_refs)]
    households: int
    children: list[ChildShown]


class PlaceShown(Shown):
    """Which unit of the asked level lies at a place."""

    unit: Annotated[UnitRef | None, BeforeValidator(lambda link: unit_refs([link])[0] if link else None)]
