"""Files to send: pictures with a place in them, a video, and what only pretends to be one."""

from __future__ import annotations

import hashlib
import random
import struct
from io import BytesIO
from uuid import uuid4

import av
from PIL import Image

from incidents.services import Declared

GPS_IFD = 0x8825
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


def video(
    kind: str = "mp4", seconds: float = 1, *, turned: int = 0, sound: bool = True, codec: str = "libx264"
):
    """A video as a camera makes it: the upper left quarter blue, the rest red, with place and device."""
    out = BytesIO()
    with av.open(out, "w", format=kind, options={"movflags": "use_metadata_tags"}) as film:
        film.metadata["com.apple.quicktime.location.ISO6709"] = "+39.9000+116.3000/"
        film.metadata["title"] = "SecretTitle"
        track = film.add_stream(codec, rate=10, width=320, height=240)
        track.pix_fmt = "yuv420p"
        track.metadata["handler_name"] = "SecretCamera"
        if turned:
            track.set_display_rotation(turned)
        voice = film.add_stream("aac", rate=44100) if sound else None
        scene = Image.new("RGB", (320, 240), "red")
        scene.paste("blue", (0, 0, 160, 120))
        for _ in range(max(1, round(seconds * 10))):
            film.mux(track.encode(av.VideoFrame.from_image(scene)))
        film.mux(track.encode())
        if voice:
            for n in range(round(seconds * 43)):
                film.mux(voice.encode(_silence(n)))
            film.mux(voice.encode())
    return out.getvalue()


def _silence(n: int) -> av.AudioFrame:
    frame = av.AudioFrame(format="fltp", layout="mono", samples=1024)
    frame.sample_rate, frame.pts = 44100, n * 1024
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    return frame


def packets_of(film: bytes) -> list[tuple[str, bytes]]:
    """Return what is seen and heard, as it is packed."""
    with av.open(BytesIO(film)) as container:
        return sorted((packet.stream.type, bytes(packet)) for packet in container.demux() if packet.size)


def padded(film: bytes, size: int) -> bytes:
    """The same video in so many bytes: with a box that players skip, full of what can't be packed."""
    rest = size - len(film)
    return film + struct.pack(">I4s", rest, b"free") + random.Random(size).randbytes(rest - 8)


MP4 = video()


def declared(content: bytes, media_type: str = "image/jpeg", **changes) -> Declared:
    said = {
        "id": uuid4(),
        "name": "现场.jpg",
        "media_type": media_type,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    return Declared(**(said | changes))
