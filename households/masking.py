"""Personal data made unrecognisable for those who have no right to it: 张*, 138****1234. Pure."""

from __future__ import annotations

_PHONE_HEAD, _PHONE_TAIL = 3, 4


def mask_name(name: str) -> str:
    """Return the name with all but its first character hidden, in a length that tells nothing: 张*."""
    name = name.strip()
    return f"{name[0]}*" if name else ""


def mask_phone(phone: str) -> str:
    """Return the number with its middle hidden: 138****1234; a short one is hidden whole."""
    phone = phone.strip()
    if len(phone) < _PHONE_HEAD + _PHONE_TAIL + 2:
        return "****" if phone else ""
    return f"{phone[:_PHONE_HEAD]}****{phone[-_PHONE_TAIL:]}"
