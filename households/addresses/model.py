"""What an address says, part by part."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

#: "5-2": a floor and a flat on it. "40302": entrance 4, floor 3, flat 02 (Xi'an writes them in one number).
_FLOOR_AND_FLAT: Final = re.compile(r"(\d{1,2})-(\d{1,2})")
_ROOM: Final = re.compile(r"[A-Z]{0,2}(\d{1,2}?)(\d\d)(?:[A-Z]|-\d{1,2})?")
_HIGHEST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One reading of an address; what it doesn't say is "" or None.

    ``place`` is what buildings are numbered in, with all that stands before it: "朝阳区阳光花园",
    "曙光路18号", "ленина улица". It is in a form made for comparing, and so are ``building`` ("3", "A",
    "12K1") and ``room`` ("501", "A1201"; "2-3": flat 3 of floor 2). ``entrance`` is the number of the 单元:
    A and 甲 are 1, B and 乙 are 2. ``floor`` is only what is written; basements are negative.
    """

    place: str = ""
    building: str = ""
    entrance: int | None = None
    floor: int | None = None
    room: str = ""

    def __bool__(self) -> bool:
        """Whether anything was understood."""
        return bool(self.place or self.building or self.room)

    @property
    def rooms(self) -> tuple[str, ...]:
        """The ways in which a register may write the room, the likeliest first."""
        if not self.room:
            return ()
        found = [self.room]
        if halves := _FLOOR_AND_FLAT.fullmatch(self.room):
            found.append(f"{halves[1]}{halves[2]:0>2}")
        entrance = str(self.entrance or "")
        if entrance and len(self.room) > len(entrance) + 3 and self.room.startswith(entrance):
            found.append(self.room.removeprefix(entrance).lstrip("0"))
        return tuple(dict.fromkeys(found))

    @property
    def likely_floor(self) -> int | None:
        """The floor that is written, or else the one that the room's number begins with: 2530 is on 25."""
        if self.floor is not None:
            return self.floor
        for room in reversed(self.rooms):
            found = _ROOM.fullmatch(room)
            if found and 0 < int(found[1]) <= _HIGHEST:
                return int(found[1])
        return None
