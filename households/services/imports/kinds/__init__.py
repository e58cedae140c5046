"""The kinds of import, by their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from households.services.imports.kinds.base import Kind, Taker
from households.services.imports.kinds.facilities import FACILITIES
from households.services.imports.kinds.households import HOUSEHOLDS
from households.services.imports.kinds.members import MEMBERS
from households.services.imports.kinds.organisations import ORGANISATIONS
from households.services.imports.kinds.places import PLACES
from households.services.imports.kinds.posts import POSTS
from households.services.imports.kinds.residents import RESIDENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["KINDS", "Kind", "Taker"]

_ALL: Final = (HOUSEHOLDS, RESIDENTS, MEMBERS, POSTS, ORGANISATIONS, PLACES, FACILITIES)
KINDS: Final[Mapping[str, Kind]] = {kind.key: kind for kind in _ALL}
