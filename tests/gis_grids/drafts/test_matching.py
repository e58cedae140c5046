"""Two plans side by side: the same ground has the same key, and no key means two zones."""

from __future__ import annotations

from dataclasses import replace

import shapely
from django.utils import timezone

from gis_grids.drafts import Edit
from gis_grids.drafts.comparison import Comparison
from gis_grids.drafts.matching import cover_same, covers_same, matched
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


def test_many_pairs_are_told_apart_at_once():
    square, beside = shapely.box(116.3, 39.9, 116.31, 39.91), shapely.box(116.31, 39.9, 116.32, 39.91)
    crumb = shapely.box(116.3, 39.9, 116.31 + 1e-10, 39.91)
    others = [square, shapely.segmentize(square, 0.003), crumb, beside]  # the last one is as large
    assert cover_same([square] * 4, others).tolist() == [True, True, True, False]
    assert cover_same([], []).tolist() == []


def test_a_comparison_tells_what_changed_and_takes_things_once():
    before = in_force()
    after = begun(before, "n1-0", "l0", "l1")
    longest = max(shapely.length(zone.shape) for zone in after.leaves.values()) / 40
    more = {k: replace(z, shape=shapely.segmentize(z.shape, longest)) for k, z in after.leaves.items()}
    after = replace(after, zones={**after.zones, **more, "l2": replace(more["l2"], name="Another")})
    compared = Comparison(before, after, timezone.now())
    assert {"l0", "l1", "n1-0", "l2"} <= {*compared.changed}
    assert "l3" not in compared.changed
    taken = []

    def count(of):
        taken.append(of)
        return len(taken)

    assert [compared.once(count), compared.once(count)] == [1, 1]
    assert taken == [compared]
