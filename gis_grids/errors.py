"""The one family of errors of the whole house.

Every floor raises `LingeError` or one of its kinds; only the roof decides which HTTP status or socket
answer a kind becomes. An error is written for the person who gets it: it says what is wrong and what
to do. Its details are safe to show and to log: never put personal data into them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

from gis_grids.sentences import DRAWING, SENTENCES, filled, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise
    from shapely import Point


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

    @classmethod
    def of(cls, code: str, /, **details: object) -> Self:
        """Return the error with the sentence of `gis_grids.sentences` for `code`."""
        return cls(code, SENTENCES[code], details)

    def __str__(self) -> str:
        """Return the sentence in the language now active."""
        return str(self.message) % self.details


class BadInput(LingeError):  # noqa: N818 (what happened, not that it is an error)
    """The input itself is wrong: sending it again unchanged can't help."""


class InvalidPoint(BadInput):
    """A position that can't be on the map."""


class BadFile(BadInput):
    """A file that can't be read, or whose contents can't be taken as they are."""


class Refused(LingeError):  # noqa: N818 (what happened, not that it is an error)
    """The person may not do or see this."""


class NotFound(LingeError):  # noqa: N818 (what happened, not that it is an error)
    """There is no such thing, or none that this person may know of."""


class Conflict(LingeError):  # noqa: N818 (what happened, not that it is an error)
    """The request contradicts what is already recorded, for instance the same id with other content."""


class Stale(Conflict):
    """The request rests on an older state: reload, look, and decide again."""


class NotYet(LingeError):  # noqa: N818 (what happened, not that it is an error)
    """Something that belongs to it is still on its way: the same again later will do."""


class RateLimited(LingeError):  # noqa: N818 (what happened, not that it is an error)
    """Too many at once; the same again after ``details["retry_after_s"]`` seconds will do."""


class _Described(Protocol):
    """What `describe` needs: a finding of the gates, a note on a file, a repair of a footprint."""

    @property
    def code(self) -> str: ...

    @property
    def details(self) -> Mapping[str, object]: ...


def describe(finding: _Described) -> str:
    """Return the sentence for a finding, note or repair, in the language now active."""
    return filled(SENTENCES[finding.code], finding.details)


class _Undrawable(Protocol):
    """What `cannot_draw` needs of a `CannotDrawError`."""

    code: str
    zones: tuple[str, ...]
    where: Point | None
    details: dict[str, object]


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def cannot_draw(error: _Undrawable, zones: Mapping[str, _Named]) -> BadInput:
    """Return the error for an operation that was refused, with the names of the zones that it is about."""
    names = [quoted(zones[key].name) for key in error.zones if key in zones]
    details: dict[str, object] = {
        "a": names[0] if names else "",
        "b": names[1] if len(names) > 1 else "",
        "parts": 0,
        "zones": list(error.zones),
        **error.details,
    }
    if error.where is not None:
        details["where"] = [error.where.x, error.where.y]
    return BadInput(f"plan.{error.code}", DRAWING[error.code], details)
