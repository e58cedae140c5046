"""What the wall's endpoints give. Boxes are west, south, east, north in degrees (EPSG:4326)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from gis_grids.levels import PostKind
from mapui.consumers.cases import unit_refs
from mapui.live.frames import card_of, figures_of
from mapui.wire import Card, Figures, UnitRef

Box = tuple[float, float, float, float]
PastCard = Annotated[Card, BeforeValidator(lambda row: row and card_of(row))]


class Shown(BaseModel):
    """What an endpoint gives, read from rows as they are."""

    model_config = ConfigDict(from_attributes=True)


class UnitShown(UnitRef):
    """A unit with the box around it; null where it isn't in force."""

    bbox: Box | None


class ChildShown(UnitShown):
    """A unit that one can go down to; ``spans`` are the ids of all units in its subtree, as closed ranges."""

    households: int
    spans: list[tuple[int, int]]


class StepShown(Shown):
    """A unit, or null for several at the top; ``trail`` leads to it from the top that the viewer sees."""

    unit: UnitShown | None
    trail: Annotated[list[UnitRef], BeforeValidator(unit_refs)]
    households: int
    children: list[ChildShown]


class PlaceShown(Shown):
    """Which unit of the asked level lies at a place."""

    unit: Annotated[UnitRef | None, BeforeValidator(lambda link: unit_refs([link])[0] if link else None)]


class SpansShown(Shown):
    """How long something took in the last 24 hours, in seconds, and how many kept their time, where known.

    Nothing is due for the collection: ``kept`` and ``known`` are null.
    """

    count: int
    median_s: float | None
    p90_s: float | None
    kept: int | None
    known: int | None


class TimesShown(Shown):
    """The three first times of field.md 2f, and the resolution."""

    collection: SpansShown
    feedback: SpansShown
    handling: SpansShown
    resolution: SpansShown


class ClassShown(Shown):
    """How many cases of a class of matters came in within the last 24 hours."""

    key: str
    cases: int


class SatisfactionShown(Shown):
    """The mean of the scores from 1 to 5 of the last 30 days; null while there are too few to be told."""

    mean: float | None
    ratings: int


class FinishedShown(Shown):
    """Of how many cases of the last 30 days how many were resolved or closed once."""

    of: int
    count: int


class DayShown(Shown):
    """A day in the district's zone."""

    date: date
    received: int
    resolved: int


class TrendShown(Shown):
    """Cases received by the hour of both days, and day by day."""

    today: list[int]
    yesterday: list[int]
    yesterday_by_now: int
    days: list[DayShown]


class DutyShown(Shown):
    """People with a post, those of them on duty, posts that nobody holds."""

    holders: int
    on_duty: int
    vacant: int


class PanelsShown(Shown):
    """All figures of a unit, counted at ``at``: no person; cases of private matters only in ``figures``."""

    at: datetime
    figures: Annotated[Figures, BeforeValidator(figures_of)]
    duty: DutyShown
    times: TimesShown
    classes: list[ClassShown]
    satisfaction: SatisfactionShown
    finished: FinishedShown
    trend: TrendShown


class PostShown(Shown):
    """A post without its holder, at a point inside of its unit."""

    id: int
    kind: PostKind
    is_deputy: bool
    is_vacant: bool
    is_on_duty: bool
    unit_id: int
    unit_name: str
    lon: float
    lat: float


class PostsShown(Shown):
    """Posts; ``is_cut`` where there are more."""

    posts: list[PostShown]
    is_cut: bool


class CountedUnit(Shown):
    """A unit with its households; ``spans`` are the ids of all units in its subtree, as closed ranges."""

    id: int
    households: int
    spans: list[tuple[int, int]]


class LevelShown(Shown):
    """The units of one level, by their ids."""

    units: list[CountedUnit]


class PastEventShown(Shown):
    """An event of the past, and its case right after it; null if it then left the viewer's units."""

    seq: int
    at: datetime
    incident: int
    action: str
    to_state: str
    card: PastCard | None


class PastShown(Shown):
    """Events in the order of their time; ``next`` is where the next page begins, null at the end."""

    events: list[PastEventShown]
    next: str | None


class MomentShown(Shown):
    """What was open at a moment; ``today`` is how many cases of that day had been reported by then."""

    at: datetime
    cards: list[PastCard]
    today: int
    next: int | None


class ChangeShown(Shown):
    """A day on which so many units became what they are, or were."""

    day: date
    units: int


class DaysShown(Shown):
    """How far back the past goes."""

    first: date | None
    changes: list[ChangeShown]


class HotspotShown(Shown):
    """A unit with more cases than usual: of a matter (a code), or of all together (empty).

    ``usual`` is the mean of the weeks before, ``chance`` how probable so many would be.
    """

    unit: Annotated[UnitRef, BeforeValidator(lambda link: unit_refs([link])[0])]
    matter: str
    count: int
    usual: float
    chance: float
    lon: float
    lat: float
    radius_m: float


class HeatCellShown(Shown):
    """The middle of a cell, its cases, and the mean of the weeks before."""

    lon: float
    lat: float
    count: int
    usual: float


class WindowShown(Shown):
    """A span of time."""

    since: datetime
    until: datetime


class HotspotsShown(Shown):
    """The last hours against the same hours of so many weeks before; ``step`` is a cell's size in degrees."""

    window: WindowShown
    weeks: int
    signs: list[HotspotShown]
    cells: list[HeatCellShown]
    step: float


class EndedCaseShown(Shown):
    """A case that has ended."""

    id: int
    state: str
    lon: float
    lat: float
    ended_at: datetime


class EndedShown(Shown):
    """Cases that have ended lately, the latest first; ``is_cut`` where there are more."""

    cases: list[EndedCaseShown]
    is_cut: bool
