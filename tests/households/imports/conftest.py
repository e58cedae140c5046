"""One town for each test that imports."""

from __future__ import annotations

import pytest

from tests.households.imports.making import World


@pytest.fixture
def world():
    return World()
