"""Residents' views are noted where they were heard, and answered by the office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, NotFound
from gis_grids.geometry.points import check_point
from gis_grids.models.shapes import to_stored
from gis_grids.permissions import scope_of
from gis_grids.selectors import extent
from gis_grids.services.corrections import correct
from gis_grids.services.facilities import check_is_yours
from gis_grids.services.texts import clean_text
from households.models import PublicSentiment
from households.permissions import visit_roots
from households.selectors.sentiments import answerable

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.contrib.auth.models import AbstractBaseUser
    from django.contrib.gis.geos import Point

    from households.models import HeardFrom, Topic

    LonLat = tuple[float, float]

MAX_SENTIMENT: Final = 500
#: What makes two of one id the same; ``at`` is compared as it was stored.
_SAME: Final = ("topic", "text", "heard", "place", "noted_by_id", "at")


@transaction.atomic
def note_sentiment(  # noqa: PLR0913 - what a note consists of
    *,
    sentiment_id: UUID,
    actor: AbstractBaseUser,
    topic: Topic,
    text: str,
    heard: HeardFrom,
    place: LonLat,
    at: datetime,
) -> PublicSentiment:
    """Store what residents said at a place (lon/lat, degrees); the same again returns what was stored.

    Who works on the ground notes it, or the office. Raises `Refused` ("place.not_yours"), `BadInput`
    ("sentiment.no_text", "text.too_long"), `Conflict` ("sentiment.other_content") and `InvalidPoint`.
    """
    now = timezone.now()
    note = PublicSentiment(
        id=sentiment_id,
        topic=topic,
        text=clean_text(text, limit=MAX_SENTIMENT),
        heard=heard,
        place=cast("Point", to_stored(check_point(*place, extent=extent()))),
        noted_by_id=actor.pk,
        at=min(at, now),
        received_at=now,
    )
    if not note.text:
        raise BadInput("sentiment.no_text", _("Write what was said."))
    check_is_yours(visit_roots(scope_of(actor)), place)
    PublicSentiment.objects.bulk_create([note], ignore_conflicts=True)
    stored = PublicSentiment.objects.get(pk=sentiment_id)
    # A time ahead of the clock was brought down to the moment when it first came.
    note.at = min(at, stored.received_at)
    if any(getattr(note, name) != getattr(stored, name) for name in _SAME):
        raise Conflict(
            "sentiment.other_content",
            _("A note with this id was stored already, with other content. Write it anew."),
        )
    return stored


@transaction.atomic
def answer_sentiment(*, sentiment_id: UUID, actor: AbstractBaseUser, answer: str) -> PublicSentiment:
    """Say what became of a view; said again, it replaces what was said.

    Raises `NotFound` ("sentiment.unknown": none on the ground of the actor's office), `BadInput`
    ("sentiment.no_answer").
    """
    answer = clean_text(answer, limit=MAX_SENTIMENT)
    if not answer:
        raise BadInput("sentiment.no_answer", _("Say what became of it."))
    row = answerable(scope_of(actor)).select_for_update(of=("self",)).filter(pk=sentiment_id).first()
    if row is None:
        raise NotFound("sentiment.unknown", _("There is no such note in your office's units."))
    if row.answer:
        correct(actor=actor, row=row, values={"answer": answer})
    row.answer, row.answered_by_id, row.answered_at = answer, actor.pk, timezone.now()
    row.save(update_fields=["answer", "answered_by", "answered_at"])
    return row
