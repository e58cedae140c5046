"""The barest websocket client, so that what is measured is the server: frames in, frames out, no more.

It shares the machine with the server that it measures; a library's client costs as much as the server.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import sys

_TEXT, _BINARY, _CLOSE, _PING, _PONG = 0x81, 0x82, 0x88, 0x89, 0x8A
_SHORT, _LONG = 126, 127


class Socket(asyncio.Protocol):
    """One socket; each text, and what comes packed, is handed to ``heard`` as bytes."""

    def __init__(self, address, path, cookie, heard):
        self._request = (
            f"GET {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nCookie: {cookie}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n\r\n"
        ).encode()
        self._heard = heard
        self._buffer = bytearray()
        self._is_open = self._is_leaving = False
        self.opened = asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        self._transport = transport
        transport.write(self._request)

    def connection_lost(self, _error):
        if not self._is_leaving:
            sys.exit("the server has cut a socket")

    def data_received(self, data):
        self._buffer += data
        if not self._is_open:
            head, end, rest = self._buffer.partition(b"\r\n\r\n")
            if not end:
                return
            if b" 101 " not in head[:20]:
                sys.exit(f"no socket: {bytes(head[:200])!r}")
            self._buffer, self._is_open = rest, True
            self.opened.set_result(None)
        self._take_frames()

    def _take_frames(self):
        buffer, at = self._buffer, 0
        while len(buffer) - at >= 2:
            length, start = buffer[at + 1], at + 2
            if length == _SHORT:
                length, start = int.from_bytes(buffer[start : start + 2]), start + 2
            elif length == _LONG:
                length, start = int.from_bytes(buffer[start : start + 8]), start + 8
            if len(buffer) < start + length:
                break
            kind, at, text = buffer[at], start + length, bytes(buffer[start : start + length])
            if kind in {_TEXT, _BINARY}:
                self._heard(text)
            elif kind == _PING:
                self._send(_PONG, text)
            elif kind == _CLOSE:
                sys.exit(f"the server has closed a socket: {text!r}")
        del buffer[:at]

    def say(self, text):
        self._send(_TEXT, text)

    def _send(self, kind, content):
        # The mask is four zeros: it is the masking that costs, and this one changes nothing.
        length = len(content)
        size = bytes([128 | length]) if length < _SHORT else bytes([128 | _SHORT]) + length.to_bytes(2)
        self._transport.write(bytes([kind]) + size + bytes(4) + content)

    def leave(self):
        self._is_leaving = True
        self._transport.close()


async def connected(address, path, cookie, heard):
    """Open a socket; returns it when it is open."""
    host, port = address.split(":")
    loop = asyncio.get_running_loop()
    _transport, socket = await loop.create_connection(
        lambda: Socket(address, path, cookie, heard), host, int(port)
    )
    await socket.opened
    return socket


async def opened(address, path, cookie, heard):
    """Open a socket and say hello; returns it when its snapshot is there."""
    is_there = asyncio.get_running_loop().create_future()

    def listen(text):
        if is_there.done():
            heard(text)
        elif text.startswith(b'{"kind":"snapshot"'):
            is_there.set_result(None)

    socket = await connected(address, path, cookie, listen)
    socket.say(b'{"kind":"hello"}')
    await is_there
    return socket


async def opened_all(addresses, path, cookies, heards):
    """Open many, spread over the servers, some at a time."""
    turn = asyncio.Semaphore(20)

    async def one(n):
        async with turn:
            return await opened(addresses[n % len(addresses)], path, cookies[n], heards[n])

    return await asyncio.gather(*(one(n) for n in range(len(cookies))))


async def serve(answers):
    """Read tasks as JSON lines from standard input, and print what they found; ends with the input."""
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        task = json.loads(line)
        print(json.dumps(await answers[task.pop("do")](**task)), flush=True)
