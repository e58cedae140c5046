"""The kinds of import, by their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from households.services.imports.kinds.base import Kind, Taker
from households.services.imports.kinds.households import HOUSEHOLDS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["KINDS", "Kind", "Taker"]

KINDS: Final[Mapping[str, Kind]] = {kind.key: kind for kind in (HOUSEHOLDS,)}
