"""The one family of errors of the whole house, and the sentences for what the geometry gates find.

Every floor raises `LingeError` or one of its kinds; only the roof decides which HTTP status or socket
answer a kind becomes. An error is written for the person who gets it: it says what is wrong and what
to do. Its details are safe to show and to log: never put personal data into them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise


class LingeError(Exception):
    """A request that can't be fulfilled, with a code for machines and a sentence for people.

    `code` is stable and dotted, most general word first ("point.out_of_range"). `message` is a
    (lazily) translated template with named placeholders, `%(name)s`; `details` fills them and goes
    to the caller as data. The template is filled only when read, so the reader's language counts.
    """

    def __init__(
        self,
        code: str,
        message: str | _StrPromise,
        details: Mapping[str, object] | None = None,
    ) -> None:
        self.code = code
        self.message = message
        self.details = dict(details or {})
        super().__init__(code, message, self.details)

    def __str__(self) -> str:
        """Return the sentence in the language now active."""
        return str(self.message) % self.details


class BadInput(LingeError):
    """The input itself is wrong: sending it again unchanged can't help."""


class InvalidPoint(BadInput):
    """A position that can't be on the map."""


class BadFile(BadInput):
    """A file that can't be read, or whose contents can't be taken as they are."""


class Refused(LingeError):
    """The person may not do or see this."""


class NotFound(LingeError):
    """There is no such thing, or none that this person may know of."""


class Conflict(LingeError):
    """The request contradicts what is already recorded, for instance the same id with other content."""


class Stale(Conflict):
    """The request rests on an older state: reload, look, and decide again."""


class _Described(Protocol):
    """What `describe` needs of a finding (`gis_grids.geometry.gates.Finding` has it)."""

    @property
    def code(self) -> str: ...

    @property
    def params(self) -> Mapping[str, object]: ...


FINDINGS: dict[str, _StrPromise] = {
    "E01": _(
        "%(area)s m² inside “%(parent)s” belong to no unit (at %(lon)s, %(lat)s, next to %(units)s). "
        "Give the area to a neighbouring unit."
    ),
    "E02": _(
        "“%(a)s” and “%(b)s” overlap by %(area)s m² (at %(lon)s, %(lat)s). "
        "The same ground can belong to one unit only."
    ),
    "E03": _(
        "“%(a)s” reaches %(area)s m² beyond the border of “%(parent)s” (at %(lon)s, %(lat)s). "
        "That border is changed one level up."
    ),
    "E04": _(
        "“%(a)s” consists of %(n)s separate parts; the smallest has %(area)s m² (at %(lon)s, %(lat)s). "
        "Give it to a neighbouring unit."
    ),
    "E05": _(
        "The border of “%(a)s” is not a valid ring at %(lon)s, %(lat)s (%(reason)s). Move the vertex there."
    ),
    "E06": _(
        "The common border of “%(a)s” and “%(b)s” is not aligned: %(n)s vertices of one are missing in "
        "the other, at most %(metres)s m off (at %(lon)s, %(lat)s). Align the two borders."
    ),
}
"""The sentence for each code of the gates, E01 to E06."""


def describe(finding: _Described) -> str:
    """Return the sentence for a finding of the gates, in the language now active."""
    return str(FINDINGS[finding.code]) % finding.params
