from __future__ import annotations

from itertools import count

import pytest
from django.test import Client

from tests.incidents.world import make_world

_addresses = count(1)


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def client():
    """A telephone that nobody has seen before, whose browser would refuse a forged form."""
    n = next(_addresses)
    return Client(
        enforce_csrf_checks=True,
        REMOTE_ADDR=f"10.11.{n // 250}.{n % 250 + 1}",
        headers={"Accept-Language": "zh-CN", "Origin": "null"},
    )
