"""Names of people, and what those read who have no business with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser


def name_of(user: AbstractUser) -> str:
    """Return what a person is called: the full name, or the log-in name where there is none."""
    return user.get_full_name() or user.get_username()


def masked(name: str) -> str:
    """Return the name with all but its first character hidden: 王小明 → 王**."""
    return name[:1] + "*" * (len(name) - 1)
