"""Identity numbers (公民身份号码, GB 11643-1999): checked, kept as a keyed digest and the last four.

The number itself is never stored in clear, nor part of an error: who needs it whole asks the person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from gis_grids.errors import BadInput
from gis_grids.sealing import digest, normal

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

#: The purpose of the digests of identity numbers, so that they are like no other ones.
PURPOSE: Final = "identity"

_FORM: Final = re.compile(r"[0-9]{17}[0-9X]")
_OLD: Final = re.compile(r"[0-9]{15}")
_ROUNDED: Final = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]+|[0-9]{18}\.0")
_EARLIEST: Final = date(1880, 1, 1)


#: Why a number is refused, by the code of the error.
SENTENCES: Final[dict[str, _StrPromise]] = {
    "identity.rounded": _(
        "A spreadsheet took this identity number for a number and rounded it, which can't be undone. "
        "Format the column as text and enter the numbers again."
    ),
    "identity.old": _("Identity numbers of 15 digits are no longer valid. Enter the one of 18 signs."),
    "identity.form": _("An identity number has 17 digits and a last sign that is a digit or X."),
    "identity.date": _(
        "The digits 7 to 14 of this identity number are no day of birth. Compare it with the card."
    ),
    "identity.check": _(
        "The last sign doesn't fit: a digit of the identity number is wrong. Compare it with the card."
    ),
}


@dataclass(frozen=True, slots=True)
class Identity:
    """What a number says, and by what it is kept: ``digest`` (32 bytes) and ``last_four``.

    ``is_male`` is told by the last but one digit: odd for men, even for women.
    """

    number: str = field(repr=False)
    digest: bytes = field(repr=False)
    born_on: date
    is_male: bool

    @property
    def last_four(self) -> str:
        """The last four signs, by which people tell two numbers apart."""
        return self.number[-4:]


def read_identity(text: str, *, today: date) -> Identity:
    """Return the identity number that somebody wrote: full-width signs, blanks and a small x are mended.

    The code of the county is not looked up: it says where a number was given out, under names and codes that
    have changed since. Raises `BadInput`: ``identity.rounded`` (a spreadsheet took it for a number),
    ``identity.old`` (15 digits), ``identity.form``, ``identity.date``, ``identity.check``.
    """
    number = normal(text)
    if not _FORM.fullmatch(number):
        raise _misformed(text, number)
    try:
        born_on = ric.get_birth_date(number)
    except ValidationError:
        born_on = date.max
    if not _EARLIEST <= born_on <= today:
        raise _refusal("identity.date")
    if ric.calc_check_digit(number) != number[-1]:
        raise _refusal("identity.check")
    return Identity(number, digest(number, PURPOSE), born_on, is_male=int(number[-2]) % 2 == 1)


def _misformed(text: str, number: str) -> BadInput:
    if _ROUNDED.fullmatch(text.strip().upper()):
        return _refusal("identity.rounded")
    return _refusal("identity.old" if _OLD.fullmatch(number) else "identity.form")


def _refusal(code: str) -> BadInput:
    return BadInput(code, SENTENCES[code])
