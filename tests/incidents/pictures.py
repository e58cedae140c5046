"""Files to send: pictures with a place in them, a video, and what only pretends to be one."""

from __future__ import annotations

import hashlib
from io import BytesIO
from uuid import uuid4

from PIL import Image

from incidents.services import Declared

GPS_IFD = 0x8825
MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + b"\0\0\x10\0mdat" + bytes(range(256)) * 40
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>' * 3
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>" * 3


def picture(kind: str = "JPEG", size: tuple[int, int] = (320, 240), colour: str = "teal", **saved) -> bytes:
    """A picture as a camera makes it: with the device and the place beside the pixels."""
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = 6
    exif.get_ifd(GPS_IFD).update({1: "N", 2: (39.0, 54.0, 0.0), 3: "E", 4: (116.0, 18.0, 0.0)})
    out = BytesIO()
    if kind == "JPEG":
        saved |= {"comment": b"SecretComment", "xmp": b"<x:xmpmeta>SecretXmp</x:xmpmeta>"}
    Image.new("RGB", size, colour).save(out, kind, exif=exif, **saved)
    return out.getvalue()


def declared(content: bytes, media_type: str = "image/jpeg", **changes) -> Declared:
    said = {
        "id": uuid4(),
        "name": "现场.jpg",
        "media_type": media_type,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    return Declared(**(said | changes))
