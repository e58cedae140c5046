"""Announcements on the live path: who has something new to read, or something that is over to put away.

They are looked for every second, so that no hint can be lost. Who comes in reads by himself what is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from incidents.selectors.announcements import addressed_by, recent_announcements

if TYPE_CHECKING:
    from datetime import datetime


class Notices:
    """What of the announcements of the last minutes was told already."""

    def __init__(self) -> None:
        self._known: frozenset[tuple[int, datetime]] = frozenset()

    def look(self) -> frozenset[int]:
        """Return the ids of the users to whom something was announced, or is over, since the last look.

        At the first look it is all of the last minutes: some may have come in before one of it was sent.
        One query while nothing is new. What takes long to commit is found too: it goes by ids, not by times.
        """
        recent = recent_announcements()
        fresh = {pk for pk, _until in recent - self._known}
        told = addressed_by(fresh) if fresh else frozenset()
        self._known = recent
        return told
