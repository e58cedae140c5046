"""Announcements on the live path: who has something new to read.

They are looked for with every sign of life, so that no hint can be lost. Who comes in reads by himself
what is there.
"""

from __future__ import annotations

from incidents.selectors.announcements import addressed_by, new_announcements


class Notices:
    """What of the announcements of the last minutes was told already."""

    def __init__(self) -> None:
        self._known: frozenset[int] = frozenset()

    def look(self) -> frozenset[int]:
        """Return the ids of the users to whom something was announced since the last look.

        At the first look it is all of the last minutes: some may have come in before one of it was sent.
        One query while nothing is new. What takes long to commit is found too: it goes by ids, not by times.
        """
        recent = new_announcements()
        fresh = recent - self._known
        told = addressed_by(fresh) if fresh else frozenset()
        self._known = recent
        return told
