"""The levels of the grid hierarchy and the kinds of post: words of the field, without models.

The four levels of the residents' card (S0: 社区—片区—楼栋组—居民小组) hang under the street, the
district and the city that the four-level exchange needs (S2).
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class Level(models.TextChoices):
    """A level of the tree, from the top down; the order of the members is the order of the tree."""

    CITY = "city", pgettext_lazy("level", "City")
    DISTRICT = "district", pgettext_lazy("level", "District")
    STREET = "street", pgettext_lazy("level", "Street")
    COMMUNITY = "community", pgettext_lazy("level", "Community")
    AREA = "area", pgettext_lazy("level", "Residents' area")
    BUILDING_GROUP = "building_group", pgettext_lazy("level", "Building group")
    RESIDENT_GROUP = "resident_group", pgettext_lazy("level", "Resident group")

    @property
    def depth(self) -> int:
        """Distance from the top of the tree: 0 for the city, 6 for the resident group."""
        return _DEPTHS[self]

    @property
    def is_administrative(self) -> bool:
        """Whether the level is a legal division, which may have exclaves; a grid must be one piece (E04)."""
        return self.depth <= Level.STREET.depth


_DEPTHS = {level: depth for depth, level in enumerate(Level)}


SHOWN_FROM: dict[Level, int] = {
    Level.CITY: 0,
    Level.DISTRICT: 4,
    Level.STREET: 7,
    Level.COMMUNITY: 9,
    Level.AREA: 12,
    Level.BUILDING_GROUP: 12,
    Level.RESIDENT_GROUP: 12,
}
"""The zoom of vector tiles from which on a level is shown: from there on one can tell its units apart."""

NAMED_FROM: dict[Level, int] = {
    Level.CITY: 5,
    Level.DISTRICT: 8,
    Level.STREET: 10,
    Level.COMMUNITY: 12,
    Level.AREA: 14,
    Level.BUILDING_GROUP: 15,
    Level.RESIDENT_GROUP: 16,
}
"""The zoom of vector tiles from which on there is room for the names of a level's units."""

BANDS: tuple[int, ...] = (6, 8, 11, 14)
"""Zooms at which units are drawn simplified, by the deepest of each band: in it the same levels are shown.

Deeper than the last one they are drawn as they are.
"""


class PostKind(models.TextChoices):
    """What a person is for a unit (网格职务, S0 §2, S1, S3)."""

    GRID_LEADER = "grid_leader", pgettext_lazy("post", "Grid leader")
    GRID_WORKER = "grid_worker", pgettext_lazy("post", "Grid worker")
    AREA_HEAD = "area_head", pgettext_lazy("post", "Area head")
    COMPOUND_STEWARD = "compound_steward", pgettext_lazy("post", "Compound steward")
    BUILDING_STEWARD = "building_steward", pgettext_lazy("post", "Building steward")
    ENTRANCE_STEWARD = "entrance_steward", pgettext_lazy("post", "Entrance steward")
    LANE_BUTLER = "lane_butler", pgettext_lazy("post", "Lane butler")
    RESIDENT_GROUP_LEADER = "resident_group_leader", pgettext_lazy("post", "Resident group leader")
    COMMAND_OPERATOR = "command_operator", pgettext_lazy("post", "Command-centre operator")
    PLANNER = "planner", pgettext_lazy("post", "Planner")
    OFFICE_CLERK = "office_clerk", pgettext_lazy("post", "Office clerk")
    AUDITOR = "auditor", pgettext_lazy("post", "Auditor")


KINDS_OF_LEVEL: dict[Level, tuple[PostKind, ...]] = {
    Level.COMMUNITY: (PostKind.GRID_LEADER, PostKind.OFFICE_CLERK),
    Level.AREA: (PostKind.AREA_HEAD, PostKind.COMPOUND_STEWARD, PostKind.GRID_WORKER),
    Level.BUILDING_GROUP: (PostKind.BUILDING_STEWARD, PostKind.ENTRANCE_STEWARD, PostKind.GRID_WORKER),
    Level.RESIDENT_GROUP: (PostKind.RESIDENT_GROUP_LEADER, PostKind.LANE_BUTLER),
}
"""The posts that units of a level have (S0 §2, S1, S3); somebody must have the first of them."""
