"""Two plans side by side: the same ground has the same key, and no key means two zones."""

from __future__ import annotations

from dataclasses import replace

import shapely

from gis_grids.drafts import Edit
from gis_grids.drafts.matching import covers_same, matched
from tests.gis_grids.drafts.drafting import draft_of


def begun(draft, key, *leaves):
    """Return the draft with a new leaf on the ground of some others."""
    shape = shapely.coverage_union_all([draft.zones[leaf].shape for leaf in leaves])
    zone = replace(draft.zones[leaves[0]], key=key, shape=shape, unit_id=None, code="", name=key)
    before = {leaf: draft.zones[leaf] for leaf in leaves}
    return draft.with_zones(Edit(before, {key: zone}))


def in_force():
    """A draft all of whose zones are units."""
    draft = draft_of()
    zones = {key: replace(zone, unit_id=n) for n, (key, zone) in enumerate(draft.zones.items())}
    return replace(draft, zones=zones)


def test_units_keep_their_keys():
    draft = in_force()
    assert matched(draft, draft).zones == draft.zones


def test_the_same_ground_gets_the_same_key():
    mine, other = begun(in_force(), "n1-0", "l0", "l1"), begun(in_force(), "n7-0", "l0", "l1")
    found = matched(other, mine)
    assert found.zones.keys() == mine.zones.keys()
    assert found.zones["n1-0"].name == "n7-0"


def test_the_same_key_on_other_ground_is_another_zone():
    mine, other = begun(in_force(), "n1-0", "l0", "l1"), begun(in_force(), "n1-0", "l2", "l3")
    found = matched(other, mine)
    assert "n1-0" not in found.zones
    assert len(found.zones) == len(other.zones)


def test_a_vertex_on_the_border_is_no_difference():
    square = shapely.box(116.3, 39.9, 116.31, 39.91)
    assert covers_same(square, shapely.segmentize(square, 0.003))
    assert not covers_same(square, shapely.box(116.3, 39.9, 116.31, 39.9101))
