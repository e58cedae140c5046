"""Which constraint refused a row: the database decides, the service says it in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db import IntegrityError


def broken(error: IntegrityError) -> str:
    """Return the name of the constraint that an error is about, or an empty text."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
