"""Reads of the first floor: who belongs where, and whom no unit has."""

from households.selectors.coverage import (
    PAGE_SIZE,
    Coverage,
    UnitCount,
    Unsettled,
    Why,
    coverage,
    unit_counts,
    unsettled_page,
)
from households.selectors.rollup import households_below

__all__ = [
    "PAGE_SIZE",
    "Coverage",
    "UnitCount",
    "Unsettled",
    "Why",
    "coverage",
    "households_below",
    "unit_counts",
    "unsettled_page",
]
