"""A client for the sockets, through the real ASGI application, and a small world to report from."""

from __future__ import annotations

import asyncio
import gzip
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from django.db import connection
from django.test import Client

from gis_grids.levels import Level, PostKind
from incidents.models import FeedCounter
from incidents.services import load_matters
from mapui.project.asgi import application
from mapui.wire import ReportContent
from tests.factories import Town, UserFactory, inside, make_town, post

ORIGIN = "http://testserver"
#: Longer than anything here should ever take; nobody waits for it unless something is wrong.
PATIENCE_S = 8


@dataclass
class World:
    """A town, the centre that watches all of it, and two workers at its two ends."""

    town: Town = field(default_factory=make_town)

    def __post_init__(self):
        load_matters()
        self.city = self.town.units[Level.CITY][0]
        self.streets = self.town.units[Level.STREET]
        self.leaves = self.town.units[Level.RESIDENT_GROUP]
        self.centre = self.somebody(self.city, PostKind.COMMAND_OPERATOR)
        self.worker = self.somebody(self.leaves[0], PostKind.GRID_WORKER)
        self.far_worker = self.somebody(self.leaves[-1], PostKind.GRID_WORKER)
        self.west_lead = self.somebody(self.streets[0], PostKind.GRID_LEADER)
        self.stranger = UserFactory()
        self.spots = {leaf.pk: inside(leaf) for leaf in (self.leaves[0], self.leaves[-1])}

    def somebody(self, unit, kind):
        user = UserFactory()
        post(user, unit, kind)
        return user

    def report(self, **changes):
        lon, lat = self.spots[changes.pop("unit", self.leaves[0]).pk]
        now = datetime.now(UTC).isoformat()
        return {
            "kind": "report",
            "id": str(uuid4()),
            "matter": "rubbish",
            "text": "",
            "lon": lon,
            "lat": lat,
            "accuracy_m": 8.5,
            "position_source": "device",
            "observed_at": now,
            "sent_at": now,
        } | changes


def content_of(report):
    """What a report of `World.report` says, as the server reads it."""
    return ReportContent(**{name: report[name] for name in ReportContent.model_fields if name in report})


def cookie_of(user):
    client = Client()
    client.force_login(user)
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


class Talk(ApplicationCommunicator):
    """A socket of a page, with the messages as dicts. (channels.testing has one, but needs daphne.)"""

    def __init__(self, path, user=None, *, origin=ORIGIN, host="testserver", cookies=(), language=None):
        self.user = user
        self.cookies = list(cookies)
        sent = [(b"host", host.encode())]
        if origin is not None:
            sent.append((b"origin", origin.encode()))
        if language:
            sent.append((b"accept-language", language.encode()))
        self.scope = {
            "type": "websocket",
            "path": path,
            "query_string": b"",
            "headers": sent,
            "subprotocols": [],
        }
        super().__init__(application, self.scope)

    async def open(self):
        """Connect; returns the close code if the socket is refused, else None."""
        if self.user is not None:
            self.cookies.append(await database_sync_to_async(cookie_of)(self.user))
        self.scope["headers"].append((b"cookie", "; ".join(self.cookies).encode()))
        await self.send_input({"type": "websocket.connect"})
        answer = await self.receive_output(PATIENCE_S)
        return None if answer["type"] == "websocket.accept" else answer["code"]

    async def say(self, **message):
        await self.say_text(json.dumps(message))

    async def say_text(self, text):
        await self.send_input({"type": "websocket.receive", "text": text})

    async def say_bytes(self, content):
        await self.send_input({"type": "websocket.receive", "bytes": content})

    async def hear(self, *kinds):
        """Return the next message of these kinds; ticks that nobody asked for are passed over."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                output = await self.receive_output(PATIENCE_S)
                assert output["type"] == "websocket.send", output
                message = json.loads(output.get("text") or gzip.decompress(output["bytes"]))
                if message["kind"] in kinds or not (kinds or message["kind"] == "tick"):
                    return message
                assert message["kind"] == "tick", message

    async def closed(self):
        """Return the code with which the server closes the socket."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                output = await self.receive_output(PATIENCE_S)
                if output["type"] == "websocket.close":
                    return output["code"]

    async def begin(self, position=None):
        """Say hello; returns the snapshot, or the welcome of a replay."""
        await self.say(kind="hello", position=position)
        welcome = await self.hear("welcome")
        return await self.hear("snapshot") if welcome["mode"] == "snapshot" else welcome

    async def leave(self):
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(PATIENCE_S)


async def opened(path, user, **options):
    talk = Talk(path, user, **options)
    assert await talk.open() is None
    return talk


def phone(user, **options):
    return opened("/ws/phone/", user, **options)


def wall(user, **options):
    return opened("/ws/wall/", user, **options)


@asynccontextmanager
async def nothing_can_commit():
    """Hold what every report and action needs last: the feed's counter."""
    await database_sync_to_async(FeedCounter.objects.get_or_create)(id=1)
    given = connection.get_connection_params()
    wanted = {name: given[name] for name in ("dbname", "user", "password", "host", "port") if name in given}
    async with await psycopg.AsyncConnection.connect(**wanted) as holder:
        await holder.execute("SELECT position FROM incidents_feedcounter FOR UPDATE")
        yield


async def in_database(function, *args, **kwargs):
    return await database_sync_to_async(function)(*args, **kwargs)


async def together(*talks):
    await asyncio.gather(*(talk.leave() for talk in talks))
