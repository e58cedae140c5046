"""Fixtures of everything live; the conftest of each folder that needs them imports them."""

from __future__ import annotations

import pytest
import pytest_asyncio
from django.core.management import call_command
from django.db import connection

from gis_grids.models import Unit
from mapui.live.hub import Pace, get_hub
from mapui.live.intake import get_intake
from tests.mapui.consumers.talk import World


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """A town with people in posts, really committed: other threads and connections see it.

    The tests of a module share it, each with people, reports and positions of its own. They carry
    the mark django_db, without which there would be no test database, and what they do in the main thread
    is rolled back; what goes through sockets is committed and stays until the module's end.
    """
    assert connection.settings_dict["NAME"].startswith("test_"), "the module lacks the mark django_db"
    with django_db_blocker.unblock():
        if Unit.objects.exists():  # a run before this one was killed
            _flush()
        try:
            yield World()
        finally:
            _flush()


def _flush():
    call_command("flush", interactive=False, verbosity=0)


@pytest_asyncio.fixture(autouse=True)
async def hub():
    """The hub of the test's event loop, quicker than in earnest; it ends with the test."""
    here = get_hub()
    here.pace = Pace(poll=0.3, frame=0.01, tick=0.3, figures=0.1, snapshot=0, retry=0.05, retry_at_most=0.2)
    yield here
    await get_intake().finish()
    await here.stop()
