"""What a server can do at most: no database, no rights, no feed; uvicorn and the same bytes.

Served by `tests.bench.feed`. It acknowledges each report at once, and sends the frames of a file to all
walls, as fast as they take them, when it is asked for ``/fan``; with the product's own senders
for ``/fan-by-listeners``.
"""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

from mapui.live.listener import Audience, Listener

SNAPSHOT = '{"kind":"snapshot","position":0,"part":1,"parts":1,"cards":[],"figures":null}'
ACK = '{"kind":"ack","id":"%s","incident":%d}'
frames = json.loads(Path(path).read_text()) if (path := os.environ["BENCH_FRAMES"]) else []
walls = set()
count = 0


async def application(scope, receive, send):
    if scope["type"] == "lifespan":
        for stage in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{stage}.complete"})
    elif scope["type"] == "http":
        if way := {"/fan": fan, "/fan-by-listeners": fan_by_listeners}.get(scope["path"]):
            await way()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})
    else:
        await socket(scope, receive, send)


async def fan():
    """Send the frames to all walls, as plainly as can be."""

    async def show(send):
        for frame in frames:
            await send({"type": "websocket.send", "text": frame})

    await asyncio.gather(*(show(send) for send in walls))


async def fan_by_listeners():
    """Send the frames as the hub does: each to all who are free, who have a sender each."""

    def sender(send):
        async def send_frame(text):
            await send({"type": "websocket.send", "text": text})

        return send_frame

    listeners = [Listener(Audience(), sender(send)) for send in walls]
    tasks = [asyncio.create_task(listener.run()) for listener in listeners]
    for frame in frames:
        for listener in listeners:
            listener.give(frame)
        while not all(listener.is_free for listener in listeners):  # noqa: ASYNC110 - as soon as can be
            await asyncio.sleep(0)
    for task in tasks:
        task.cancel()


async def socket(scope, receive, send):
    global count  # noqa: PLW0603
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        text = message["text"]
        if text.startswith('{"kind":"report"'):
            count += 1
            await send({"type": "websocket.send", "text": ACK % (json.loads(text)["id"], count)})
        else:
            await send({"type": "websocket.send", "text": SNAPSHOT})
            if scope["path"] == "/ws/wall/":
                walls.add(send)
    walls.discard(send)
