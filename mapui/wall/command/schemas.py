"""What is said and given when somebody commands from the wall. Positions are lon/lat (WGS 84, EPSG:4326)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from gis_grids.geometry.areas import MAX_POINTS
from gis_grids.levels import PostKind  # noqa: TC001 - pydantic reads the types at run time
from mapui.consumers.cases import unit_refs
from mapui.wall.schemas import Shown
from mapui.wire import Message, UnitRef

Ring = Annotated[list[tuple[float, float]], Field(max_length=MAX_POINTS + 1)]
#: Nobody keeps something on the phones of workers for longer; what is to stay is announced by the office.
MOST_HOURS = 72


class AreaBody(Message):
    """A drawn area: the corners of its outline, open or closed, either way round."""

    ring: Ring


class EmergencyBody(AreaBody):
    """Why the area is run in emergency mode, and what all posts inside are to do (empty: nothing yet)."""

    reason: str
    order: str = ""


class OrderBody(Message):
    """What all posts in the area of an emergency are to do."""

    order: str


class BroadcastBody(AreaBody):
    """What is sent to the workers of an area, and for how many hours it stays on their phones."""

    text: str
    hours: int = Field(default=12, ge=1, le=MOST_HOURS)


class NeedShown(Shown):
    """How many people have a need of a kind."""

    kind: str
    name: str
    people: int


class PostsShown(Shown):
    """How many posts of a kind there are, and how many of them are on duty."""

    kind: PostKind
    name: str
    posts: int
    on_duty: int


class AreaShown(Shown):
    """What of a drawn area counts, and what is in it; ``needs`` is null where it would tell of whom."""

    area: dict[str, Any]
    is_cut: bool
    unit: Annotated[UnitRef, BeforeValidator(lambda link: unit_refs([link])[0])]
    households: int
    residents: int
    needs: list[NeedShown] | None
    posts: list[PostsShown]
    people: int
    open_cases: int


class SentShown(Shown):
    """What came of it: its id, and to how many people it went."""

    id: int
    people: int


class PostSpot(Shown):
    """A post that a case can be given to: whose (by id), what it is, and a place in its unit."""

    user_id: int
    unit_id: int
    post: str
    unit_name: str
    open_cases: int
    is_on_duty: bool
    lon: float
    lat: float
