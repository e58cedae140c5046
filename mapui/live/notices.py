"""Announcements on the live path: who has something new to read.

They are looked for with every sign of life, so that no hint can be lost. Who comes in reads by himself
what is there.
"""

from __future__ import annotations

from incidents.selectors.announcements import addressed_by, new_announcements


class Notices:
    """What of the announcements of the last minutes was told already."""

    def __init__(self) -> None:
        self._known: frozenset[int] | None = None

    def look(self) -> frozenset[int]:
        """Return the ids of the users to whom something was announced since the last look; none at the first.

        One query while nothing is new. What takes long to commit is found too: it goes by ids, not by times.
        """
        recent = new_announcements()
        fresh = frozenset() if self._known is None else recent - self._known
        told = addressed_by(fresh) if fresh else frozenset()
        self._known = recent
        return told
