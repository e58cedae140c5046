"""How few blocks must be cut, where that can be seen without counting."""

from __future__ import annotations

import pytest

from tests.bench.planner_limits import fewest_cuts

ROW = {(0, 1), (1, 2), (2, 3)}


@pytest.mark.parametrize(
    ("loads", "fewest", "most", "cuts"),
    [
        ([300, 300, 300, 300], 240, 360, 0),
        ([150, 150, 150, 150], 240, 360, 0),
        ([240, 240, 240, 240], 300, 360, 2),
        ([900, 300, 300, 300], 240, 360, 2),
        ([300, 200, 200, 200], 240, 360, 1),
    ],
)
def test_blocks_in_a_row(loads, fewest, most, cuts):
    assert fewest_cuts(loads, ROW, fewest=fewest, most=most) == cuts


def test_blocks_apart_cannot_be_one():
    """Of the four, two and two would do, but no two of those border on each other."""
    assert fewest_cuts([150, 300, 150, 300], ROW, fewest=300, most=460) == 0
    with pytest.raises(ValueError, match="no division"):
        fewest_cuts([150, 300, 150, 300], {(0, 2)}, fewest=310, most=460)
