"""What is sent for a tile: one place for both ways by which a tile is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from mapui.tiles.layers import OPEN
from mapui.tiles.making import Tile, tile
from mapui.tiles.rights import NOTHING

if TYPE_CHECKING:
    from mapui.tiles.layers import Address

CONTENT_TYPE: Final = "application/vnd.mapbox-vector-tile"
FOR_EVER: Final = "private, max-age=31536000, immutable"
ASK_AGAIN: Final = "private, no-cache"
_OK, _NO_CONTENT, _NOT_MODIFIED = 200, 204, 304


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader says with the address: encodings that he takes, and ETags that he has (header values)."""

    encodings: str
    known: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer over HTTP."""

    status: int
    headers: dict[str, str]
    body: bytes = b""


def answer_for(address: Address, within: bytes | None, asked: Asked) -> Answer:
    """Answer with what lies within the reader's ground of a tile, that he has it, or that nothing is there.

    Raises `django.db.OperationalError` as `tile` does.
    """
    is_open = address.layer in OPEN
    etag = f'"{sha256(repr((address, within)).encode()).hexdigest()[:32]}"'
    headers = {
        "ETag": etag,
        "Cache-Control": FOR_EVER if address.day is None else ASK_AGAIN,
        # Two people may sit at one browser: what it keeps of the one's ground isn't the other's.
        "Vary": "Accept-Encoding" if is_open else "Accept-Encoding, Cookie",
    }
    if etag in (one.strip().removeprefix("W/") for one in asked.known.split(",")):
        return Answer(_NOT_MODIFIED, headers)
    content = Tile(b"") if within == NOTHING else tile(address, within)
    if not content.gzipped:
        return Answer(_NO_CONTENT, headers)
    headers["Content-Type"] = CONTENT_TYPE
    for name, body in (("br", "brotli"), ("gzip", "gzipped")):
        if _takes(asked.encodings, name):
            return Answer(_OK, headers | {"Content-Encoding": name}, getattr(content, body))
    return Answer(_OK, headers, content.plain)


def _takes(encodings: str, name: str) -> bool:
    """Return whether an Accept-Encoding header has the name, and doesn't refuse it by a weight of 0."""
    for part in encodings.split(","):
        coding, _separator, weight = part.partition(";")
        if coding.strip().lower() == name:
            return weight.replace(" ", "").rstrip("0").rstrip(".") != "q="
    return False
