"""Numbers before and after a plan, as pages and files show them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """A number before and after; None where there was, or will be, nothing to count."""

    before: float | None
    after: float | None

    @property
    def difference(self) -> float:
        """By how much it grows."""
        return (self.after or 0) - (self.before or 0)


@dataclass(frozen=True, slots=True)
class Deviation:
    """How far a zone is from the norm, as a share, and whether that is still within it."""

    share: float
    is_fine: bool
