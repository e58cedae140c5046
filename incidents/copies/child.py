"""The process that unpacks one file: `python -m incidents.copies.child SOURCE TYPE SHOWN THUMB`.

Ends with 0, or with what is wrong as the last line of its output: a `Fault`, or ``no_room``.
"""

from __future__ import annotations

import errno
import resource
import sys
from pathlib import Path

from incidents.copies.limits import CPU_S, FILE_SIZE, MEMORY, Unfit

NO_ROOM = "no_room"


def limit() -> None:
    """Take from this process, for good, what it needs not."""
    for kind, value in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, FILE_SIZE),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (value, value))


def _main(source: Path, media_type: str, shown: Path, thumb: Path) -> str:
    """Make the copies; return what is wrong, or nothing."""
    limit()
    try:
        _copy(source, media_type, shown, thumb)
    except Unfit as unfit:
        return unfit.fault
    except MemoryError:
        return "too_costly"
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return NO_ROOM
        raise
    return ""


def _copy(source: Path, media_type: str, shown: Path, thumb: Path) -> None:
    # Each kind loads its own library only: this process lives for one file.
    if media_type.startswith("image/"):
        from incidents.copies.pictures import copy_picture  # noqa: PLC0415

        copy_picture(source, media_type, shown, thumb)
    else:
        from incidents.copies.videos import copy_video  # noqa: PLC0415

        copy_video(source, shown, thumb)


if __name__ == "__main__":
    fault = _main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
    if fault:
        print(fault)  # noqa: T201 - it's the answer
        sys.exit(1)
