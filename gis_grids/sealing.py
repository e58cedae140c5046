"""Short personal data, sealed before it is stored: who reads the database alone can't read it.

Encryption is that of `cryptography`'s Fernet (AES-128-CBC with HMAC-SHA-256); the keys are in the settings.
What is sealed can't be searched: a keyed digest beside it finds the equal ones, and tells nothing else.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from functools import lru_cache
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import Conflict, NotFound

#: The purpose of the digests of telephone numbers.
PHONE: Final = "phone"
#: Bytes of a digest.
DIGEST_SIZE: Final = 32

_BETWEEN: Final = re.compile(r"[\s().\-]+")


def can_seal() -> bool:
    """Return whether there is a key: without one nothing is asked for that must be sealed."""
    return bool(settings.DATA_KEYS)


def seal(text: str) -> bytes:
    """Return the text encrypted with the first key. Raises `Conflict` (``sealed.no_key``) without one."""
    return _box().encrypt(text.encode())


def unseal(sealed: bytes) -> str:
    """Return the text that was sealed with any of the keys.

    Raises `NotFound` (``sealed.key``) when the key is not among them, or there is none.
    """
    try:
        return _box().decrypt(sealed).decode()
    except (InvalidToken, Conflict):
        raise NotFound(
            "sealed.key", _("The key to this is not in the settings. Tell the administrator.")
        ) from None


def reseal(sealed: bytes) -> bytes:
    """Return what was sealed with any of the keys, sealed anew with the first. Raises as `unseal`."""
    return seal(unseal(sealed))


def is_sealed_with_first(sealed: bytes) -> bool:
    """Return whether the first key opens it: then nothing needs to be sealed anew."""
    try:
        _box(only_first=True).decrypt(sealed)
    except InvalidToken:
        return False
    return True


def normal(text: str) -> str:
    """Return a number as it is compared: full-width signs as ASCII, no blanks or hyphens, X in capitals."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()


def phone_digest(phone: str) -> bytes | None:
    """Return the digest by which a telephone number is found; None for none."""
    return digest(phone, PHONE) if phone else None


def digest(text: str, purpose: str) -> bytes:
    """Return the keyed digest (HMAC-SHA-256, `DIGEST_SIZE` bytes) of a number in its `normal` form.

    Equal numbers have equal digests for one ``purpose``, and none that could be
    compared for two. The key comes from the settings and outlives the keys that seal.
    """
    return hmac.digest(_digest_key(settings.DIGEST_KEY, purpose), normal(text).encode(), hashlib.sha256)


def _box(*, only_first: bool = False) -> MultiFernet:
    if not settings.DATA_KEYS:
        sentence = _("There is no key to keep this with. Set LINGE_DATA_KEYS, or leave it empty.")
        raise Conflict("sealed.no_key", sentence)
    return _fernet(tuple(settings.DATA_KEYS[: 1 if only_first else None]))


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


@lru_cache(maxsize=8)
def _digest_key(secret: str, purpose: str) -> bytes:
    info = f"linge digest {purpose}".encode()
    return HKDF(algorithm=SHA256(), length=DIGEST_SIZE, salt=None, info=info).derive(secret.encode())
