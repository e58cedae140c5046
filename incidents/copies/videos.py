"""The copy of a video: its picture and its sound as they were sent, in a new MP4 that begins to play at once.

Nothing else comes along: no place, time or device, no other tracks (phones and action cameras write the
positions of the whole way into one), and nothing that was hidden between or behind the tracks.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Final

import av

from incidents.copies.files import sync
from incidents.copies.limits import MAX_PIXELS, MAX_SECONDS, Unfit
from incidents.copies.pictures import write_thumb

if TYPE_CHECKING:
    from pathlib import Path

    from av.audio.stream import AudioStream
    from av.container import InputContainer, OutputContainer
    from av.video.stream import VideoStream
    from PIL import Image

#: What browsers play (HEVC: where the machine can; it's what phones record).
PICTURE_CODECS: Final = frozenset({"h264", "hevc", "av1", "vp9"})
SOUND_CODECS: Final = frozenset({"aac", "mp3", "opus"})

# The index comes before the pictures, so that a player begins before all has arrived.
_OPTIONS: Final = {"movflags": "+faststart", "fflags": "+bitexact"}


def copy_video(source: Path, shown: Path, thumb: Path) -> None:
    """Write the video that is played, as MP4, and its first picture, small, as JPEG.

    Raises `Unfit` (``broken``, ``codec``, ``too_many_pixels``, ``too_many_seconds``) and `OSError` if there
    is no room.
    """
    # Given as a file and a format, the library opens no other file, whatever the video refers to.
    with source.open("rb") as file:
        try:
            with av.open(file, "r", format="mov", metadata_errors="ignore") as video:
                tracks = _tracks(video)
                _write_poster(video, thumb)
                _copy(video, tracks, shown)
        except av.error.FFmpegError as error:
            if getattr(error, "errno", None) in {errno.ENOSPC, errno.EDQUOT}:
                raise
            raise Unfit("broken") from error


def _tracks(video: InputContainer) -> list[VideoStream | AudioStream]:
    """Return the track of pictures and that of sound, if it has one."""
    if not video.streams.video:
        raise Unfit("broken")
    picture = video.streams.video[0]
    if picture.codec_context.width * picture.codec_context.height > MAX_PIXELS:
        raise Unfit("too_many_pixels")
    # A phone may write the same sound twice: as everybody plays it, and in a way of its own.
    sounds = [each for each in video.streams.audio if each.codec_context.name in SOUND_CODECS]
    if picture.codec_context.name not in PICTURE_CODECS or (video.streams.audio and not sounds):
        raise Unfit("codec")
    return [picture, *sounds[:1]]


def _write_poster(video: InputContainer, thumb: Path) -> None:
    frame = next(video.decode(video.streams.video[0]), None)
    if frame is None:
        raise Unfit("broken")
    picture: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]
    write_thumb(picture.rotate(frame.rotation, expand=True), thumb)
    video.seek(0)


def _copy(video: InputContainer, tracks: list[VideoStream | AudioStream], shown: Path) -> None:
    size = 0
    with av.open(str(shown), "w", format="mp4", options=_OPTIONS) as copy:
        copies = {track.index: _same_track(copy, track) for track in tracks}
        for packet in video.demux(tracks):
            if packet.dts is None:
                continue
            if (packet.dts + (packet.duration or 0)) * packet.time_base > MAX_SECONDS:
                raise Unfit("too_many_seconds")
            size += packet.size
            packet.stream = copies[packet.stream.index]
            copy.mux(packet)
    # FFmpeg doesn't always notice when the disk takes only a part of what it writes.
    if shown.stat().st_size < size:
        raise OSError(errno.ENOSPC, "no room for the copy of a video")
    sync(shown)


def _same_track(copy: OutputContainer, track: VideoStream | AudioStream) -> VideoStream | AudioStream:
    same = copy.add_stream_from_template(track)
    same.metadata.clear()
    if track.codec_context.name == "hevc":
        # The only one of its two names that Apple's players take.
        same.codec_context.codec_tag = "hvc1"
    return same
