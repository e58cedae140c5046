"""What people are called, and what those read who have no right to know it: 张*, 138****1234. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

_HAN: Final = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_PHONE_HEAD, _PHONE_TAIL = 3, 4


def name_of(user: AbstractUser) -> str:
    """Return what a person is called: the full name, or the log-in name where there is none.

    A Chinese name has the family name first and no space (王小明), any other the given name first.
    """
    if _HAN.search(user.last_name + user.first_name):
        return f"{user.last_name}{user.first_name}".strip()
    return user.get_full_name() or user.get_username()


def public_name(user: AbstractUser) -> str:
    """Return what a person is called in public: never by the log-in name; a dash where there is no other."""
    return name_of(user) if user.get_full_name() else "–"


def split_name(name: str) -> tuple[str, str]:
    """Return the family name and the given name of a full name, so that `name_of` gives it again.

    A Chinese name stays whole, as the second: how long its family name is can't be told (王, 欧阳).
    """
    words = name.split()
    if not words or _HAN.search(name) or len(words) == 1:
        return "", " ".join(words)
    return words[-1], " ".join(words[:-1])


def mask_name(name: str) -> str:
    """Return the name with all but its first character hidden, in a length that tells nothing: 张*.

    A name of one character is hidden whole.
    """
    name = name.strip()
    if not name:
        return ""
    return f"{name[0]}*" if len(name) > 1 else "*"


def mask_phone(phone: str) -> str:
    """Return the number with its middle hidden: 138****1234; a short one is hidden whole."""
    phone = phone.strip()
    if len(phone) < _PHONE_HEAD + _PHONE_TAIL + 2:
        return "****" if phone else ""
    return f"{phone[:_PHONE_HEAD]}****{phone[-_PHONE_TAIL:]}"
