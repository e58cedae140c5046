"""Short personal data, sealed before it is stored: who reads the database alone can't read it.

Encryption is that of `cryptography`'s Fernet (AES-128-CBC with HMAC-SHA-256); the keys are in the settings.
"""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import NotFound


def can_seal() -> bool:
    """Return whether there is a key: without one nothing is asked for that must be sealed."""
    return bool(settings.DATA_KEYS)


def seal(text: str) -> bytes:
    """Return the text encrypted with the first key. Raises `RuntimeError` without a key (`can_seal`)."""
    return _box().encrypt(text.encode())


def unseal(sealed: bytes) -> str:
    """Return the text that was sealed with any of the keys.

    Raises `NotFound` (``sealed.key``) when the key is not among them, or there is none.
    """
    try:
        return _box().decrypt(sealed).decode()
    except (InvalidToken, RuntimeError) as error:
        raise NotFound(
            "sealed.key", _("The key to this is not in the settings. Tell the administrator.")
        ) from error


def _box() -> MultiFernet:
    if not settings.DATA_KEYS:
        message = "LINGE_DATA_KEYS is empty"
        raise RuntimeError(message)
    return MultiFernet([Fernet(key) for key in settings.DATA_KEYS])
