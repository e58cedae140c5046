"""The kinds of personal data: what they read who have no right to it, and how long it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import pgettext_lazy

from gis_grids.people import mask_name, mask_phone

if TYPE_CHECKING:
    from collections.abc import Callable


class Kind(StrEnum):
    """What a personal field tells."""

    NAME = "name"
    PHONE = "phone"
    IDENTITY = "identity"
    """An identity number's digest or last four."""
    PERSON = "person"
    """Birth, sex, relation and the like: what describes a person."""
    HOME = "home"
    """Where somebody lives."""
    PARTY = "party"
    NEED = "need"
    WORDS = "words"
    """Free text, in which somebody may be named."""
    TRACK = "track"
    """Where somebody, or his telephone, was."""
    STAFF = "staff"
    """Who holds a post, or did something in it: told to everybody whom it concerns."""


#: What needs a strict reason by law (PIPL art. 28): identity, party (specific identity), need, movement.
SENSITIVE: Final = frozenset({Kind.IDENTITY, Kind.PARTY, Kind.NEED, Kind.TRACK})


class Keep(StrEnum):
    """The classes of retention: for each there is a rule, or it says why there is none."""

    RESIDENT = "resident"
    """As long as somebody lives here, and so long after he has left."""
    NEED = "need"
    """So long after the need's last day."""
    VISIT = "visit"
    """The words of a visit: so long after it."""
    TRACK = "track"
    """The position of a telephone: so long after it was there."""
    CONTACT = "contact"
    """A number for questions about one case: so long after the case's end."""
    IMPORT = "import"
    """What a file said, and what was there before it: so long after the import has ended."""
    COMMENT = "comment"
    """Who said what on a plan: so long after it was said."""
    CASE = "case"
    """As long as the case, which is kept; erased with the person that it is about."""
    RECORD = "record"
    """Kept as proof: who did what, or read what (PIPL art. 54-56)."""
    STAFF = "staff"
    """As long as the account, which is closed and not deleted."""


#: Classes for which no time runs out.
LASTING: Final = frozenset({Keep.CASE, Keep.RECORD, Keep.STAFF})

#: How many days the others are kept, unless there is a rule of the district's own. No law names a time: the
#: shortest that the purpose needs (PIPL art. 19).
USUAL_DAYS: Final = {
    Keep.RESIDENT: 3 * 365,
    Keep.NEED: 365,
    Keep.VISIT: 2 * 365,
    Keep.TRACK: 90,
    Keep.CONTACT: 30,
    Keep.COMMENT: 2 * 365,
    Keep.IMPORT: 30,
}

KEEP_LABELS: Final = {
    Keep.RESIDENT: pgettext_lazy(
        "kept", "Residents, households, volunteers and contacts, after they have left"
    ),
    Keep.NEED: pgettext_lazy("kept", "Needs, after their last day"),
    Keep.VISIT: pgettext_lazy("kept", "Notes of visits, after the visit"),
    Keep.TRACK: pgettext_lazy("kept", "Where telephones were, after they were there"),
    Keep.CONTACT: pgettext_lazy("kept", "Telephone numbers left with a case, after its end"),
    Keep.COMMENT: pgettext_lazy("kept", "Who commented on a notice, after he did"),
    Keep.IMPORT: pgettext_lazy("kept", "Files and rows of imports, after the import"),
}


def _hidden(_value: object) -> None:
    return None


def _as_it_is(value: object) -> object:
    return value


#: What is shown instead of the value to who has no right to it. None: not even whether there is one.
MASKS: Final[dict[Kind, Callable[[Any], Any]]] = {
    Kind.NAME: mask_name,
    Kind.PHONE: mask_phone,
    Kind.IDENTITY: _hidden,
    Kind.PERSON: _hidden,
    Kind.HOME: _as_it_is,
    Kind.PARTY: _hidden,
    Kind.NEED: _hidden,
    Kind.WORDS: _hidden,
    Kind.TRACK: _hidden,
    Kind.STAFF: _as_it_is,
}


#: Kinds that are shown as they are to whoever may see the row at all.
UNMASKED: Final = frozenset(kind for kind, mask in MASKS.items() if mask is _as_it_is)


@dataclass(frozen=True, slots=True)
class Personal:
    """How one field is treated: its kind, which has the mask, and its class of retention."""

    kind: Kind
    keep: Keep

    @property
    def is_sensitive(self) -> bool:
        """Whether the law asks for a strict reason."""
        return self.kind in SENSITIVE

    def masked(self, value: Any) -> Any:  # noqa: ANN401 - of any field
        """Return what who has no right to the value reads instead of it."""
        return None if value is None else MASKS[self.kind](value)
