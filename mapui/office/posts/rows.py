"""Posts as the pages list them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from gis_grids.people import name_of
from gis_grids.selectors.posts import Standing, standing_of
from mapui.office.posts.forms import STANDINGS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import _StrPromise

    from gis_grids.models import Post

_INSTANT = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Row:
    """A post with who holds it, how it stands, and the first and last day of its term."""

    post: Post
    name: str
    standing: Standing
    label: _StrPromise
    first: dt.date
    last: dt.date | None

    @property
    def is_open(self) -> bool:
        """Whether something can still be done with it."""
        return self.standing is not Standing.OVER


def rows_of(posts: Iterable[Post]) -> list[Row]:
    """Return the rows of posts that were read with their holders."""
    return [row_of(post) for post in posts]


def row_of(post: Post) -> Row:
    """Return the row of a post; days are those of the district's time."""
    standing = standing_of(post)
    return Row(
        post=post,
        name=name_of(post.holder) if post.holder else "",
        standing=standing,
        label=STANDINGS[standing],
        first=timezone.localdate(post.term.lower),
        last=last_day(post),
    )


def last_day(post: Post) -> dt.date | None:
    """Return the last day of a term; None where it has no end."""
    return timezone.localdate(post.term.upper - _INSTANT) if post.term.upper else None
