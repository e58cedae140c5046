"""A resident's view noted on the telephone: stored once, by who works there, where it was heard."""

from __future__ import annotations

from uuid import uuid4

import pytest

from households.models import PublicSentiment
from tests.factories import inside
from tests.mapui.api.test_endpoints import client_of
from tests.mapui.api.test_fieldwork import put

pytestmark = pytest.mark.django_db


def said(unit, **told):
    lon, lat = inside(unit)
    given = {"topic": "care", "text": "A canteen for the old", "at": "2026-11-28T11:30:00Z"}
    return {**given, "lon": lon, "lat": lat, **told}


def test_a_view_is_stored_once(world):
    worker, one, view = client_of(world.worker), uuid4(), said(world.leaves[0])
    first, again = put(worker, f"views/{one}", view), put(worker, f"views/{one}", view)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    row = PublicSentiment.objects.get()
    assert (row.pk, row.noted_by, row.heard) == (one, world.worker, "visit")
    assert put(worker, f"views/{one}", {**view, "text": "Else"}).status_code == 409


@pytest.mark.parametrize(
    ("told", "status"), [({"text": " "}, 422), ({"topic": "luck"}, 422), ({"lat": 116.3, "lon": 39.9}, 422)]
)
def test_what_cannot_be_a_view_is_refused(world, told, status):
    answer = put(client_of(world.worker), f"views/{uuid4()}", said(world.leaves[0], **told))
    assert answer.status_code == status
    assert not PublicSentiment.objects.exists()


def test_nobody_notes_views_on_others_ground(world):
    answer = put(client_of(world.far_worker), f"views/{uuid4()}", said(world.leaves[0]))
    assert answer.status_code == 403
    assert not PublicSentiment.objects.exists()
