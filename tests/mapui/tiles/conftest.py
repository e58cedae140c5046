"""What the tests of tiles share: nothing is kept from one to the next, and somebody without a post reads."""

from __future__ import annotations

import pytest

from mapui.tiles import making
from tests.factories import UserFactory


@pytest.fixture(autouse=True)
def _nothing_kept():
    making.tile.cache_clear()
    yield
    making.tile.cache_clear()


@pytest.fixture
def reader(client):
    client.force_login(UserFactory())
    return client
