"""Has the copies of a file made by a process of its own, which may fail without harm."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final, cast, get_args

from incidents.copies.child import NO_ROOM
from incidents.copies.limits import WALL_S, Fault, Unfit

_ROOT: Final = Path(__file__).parents[2]
#: So many at a time, so that many phones that end at once can't take all memory and processors.
_places = threading.BoundedSemaphore(max(2, os.cpu_count() or 1))


def make_copies(source: Path, media_type: str, shown: Path, thumb: Path) -> None:
    """Write the copy of a picture or video that is looked at, and a small picture of it for lists.

    Both are on the disk when this returns. It waits for its turn. Raises `Unfit`, `OSError` (``ENOSPC``), and
    `RuntimeError` if the process fails in a way that nobody foresaw.
    """
    command = [sys.executable, "-m", "incidents.copies.child", str(source), media_type]
    command += [str(shown), str(thumb)]
    with _places:
        try:
            # Without our environment: what a stranger sent finds no secret there.
            done = subprocess.run(  # noqa: S603 - our own words and paths
                command, cwd=_ROOT, env={}, capture_output=True, text=True, timeout=WALL_S, check=False
            )
        except subprocess.TimeoutExpired:
            raise Unfit("too_costly") from None
    if done.returncode == 0:
        return
    # A signal: the system ended it, for its time or for what it did.
    fault = "too_costly" if done.returncode < 0 else done.stdout.strip()
    if fault == NO_ROOM:
        raise OSError(errno.ENOSPC, "no room for the copies of a file")
    if fault not in get_args(Fault):
        message = f"the process that makes copies failed: {done.stderr[-2000:]}"
        raise RuntimeError(message)
    raise Unfit(cast("Fault", fault))
