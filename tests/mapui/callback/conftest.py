from __future__ import annotations

import pytest

from tests.incidents.world import make_world


@pytest.fixture
def world(db):
    return make_world()
