"""What a picture or video may be, what its copies are, and what it may cost to make them."""

from __future__ import annotations

from typing import Final, Literal

Fault = Literal["broken", "too_many_pixels", "too_many_seconds", "codec", "too_costly"]

#: The most pixels of a picture, or of a video's frame: more would fill the memory when it is unpacked.
MAX_PIXELS: Final = 50_000_000
#: The longest video, in seconds.
MAX_SECONDS: Final = 300
#: The longer sides of a picture's copies, in pixels: the one that is looked at, and the one for lists.
SHOWN_SIDE: Final = 2560
THUMB_SIDE: Final = 480
#: Their quality as JPEG.
SHOWN_QUALITY: Final = 85
THUMB_QUALITY: Final = 75

#: What the process that unpacks may use: memory (bytes of addresses), computing time, time, in seconds.
MEMORY: Final = 1024**3
CPU_S: Final = 20
WALL_S: Final = 60
#: The most bytes that it may write into one file: more than any file that is taken.
FILE_SIZE: Final = 256 * 1024**2


class Unfit(Exception):  # noqa: N818 (what the file is, not that it is an error)
    """The file can't be shown; ``fault`` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault
