from __future__ import annotations

import pytest

from tests.incidents.world import make_world


@pytest.fixture
def world(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make_world()
