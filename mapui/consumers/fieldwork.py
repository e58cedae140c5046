"""What is recorded at the door, and read of what was announced, between the wire and the services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from uuid import UUID  # noqa: TC003 - pydantic reads the types at run time

from pydantic import AwareDatetime, Field

from households.models import HeardFrom, Topic, Visit
from households.services.fieldwork import link_follow_up, record_visit, set_place
from households.services.sentiments import note_sentiment
from incidents.services.announcements import note_reading
from mapui.wire import DatabaseId, Message

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from households.models import PlaceChange, PublicSentiment
    from incidents.models import AnnouncementReading

Metres = Annotated[float, Field(gt=0, le=100_000)]


class VisitContent(Message):
    """A visit as the telephone recorded it. Where it was is said only by who wants that kept."""

    household: DatabaseId
    at: AwareDatetime
    result: Visit.Result
    note: str = ""
    lon: float | None = None
    lat: float | None = None
    accuracy_m: Metres | None = None


class ViewContent(Message):
    """What residents said at a place (lon/lat, degrees), as the telephone noted it: of nobody."""

    topic: Topic
    text: str
    at: AwareDatetime
    lon: float
    lat: float
    heard: HeardFrom = HeardFrom.VISIT


class FollowUpContent(Message):
    """A visit and the report that came out of it, by the ids that the telephone gave them."""

    visit: UUID
    report: UUID


class PlaceContent(Message):
    """Where a household really is, and when somebody stood there."""

    household: DatabaseId
    at: AwareDatetime
    lon: float
    lat: float
    accuracy_m: Metres | None = None


class ReadingContent(Message):
    """That an announcement was read, and when."""

    announcement: DatabaseId
    at: AwareDatetime


def visited(content: VisitContent, *, visit_id: UUID, visitor: User) -> Visit:
    """Record a visit; the same again gets the same answer. Raises what the service raises."""
    here = (content.lon, content.lat) if content.lon is not None and content.lat is not None else None
    return record_visit(
        visit_id=visit_id,
        household_id=content.household,
        visitor=visitor,
        at=content.at,
        result=content.result,
        note=content.note,
        place=here,
        accuracy_m=content.accuracy_m,
    )


def view_noted(content: ViewContent, *, sentiment_id: UUID, actor: User) -> PublicSentiment:
    """Note what residents said; the same again gets the same answer. Raises what the service raises."""
    return note_sentiment(
        sentiment_id=sentiment_id,
        actor=actor,
        topic=content.topic,
        text=content.text,
        heard=content.heard,
        place=(content.lon, content.lat),
        at=content.at,
    )


def followed_up(content: FollowUpContent, *, actor: User) -> Visit:
    """Note which report came out of a visit. Raises what the service raises."""
    return link_follow_up(visit_id=content.visit, report_id=content.report, actor=actor)


def placed(content: PlaceContent, *, change_id: UUID, actor: User) -> PlaceChange:
    """Set the place of a household; the same again gets the same answer. Raises what the service raises."""
    return set_place(
        change_id=change_id,
        household_id=content.household,
        actor=actor,
        place=(content.lon, content.lat),
        accuracy_m=content.accuracy_m,
        at=content.at,
    )


def was_read(content: ReadingContent, *, reader: User) -> AnnouncementReading:
    """Note that an announcement was read; the first time counts. Raises what the service raises."""
    return note_reading(reader=reader, announcement_id=content.announcement, at=content.at)
