"""Who holds which post, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, NotFound
from gis_grids.models import Post, Unit
from gis_grids.models.ranges import until

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from gis_grids.levels import PostKind

_ENDS_BEFORE: Final = _("A post can't end before it begins. Give a later time.")


@transaction.atomic
def set_post(  # noqa: PLR0913 - what a post consists of
    *,
    unit_id: int,
    kind: PostKind,
    holder_id: int | None,
    is_deputy: bool = False,
    since: datetime | None = None,
    until: datetime | None = None,
    contact: str = "",
) -> Post:
    """Give a person a post in a unit from `since` (default: now) on, or note it as vacant (None).

    Whoever takes a post ends its vacancy, and takes over its service telephone if ``contact`` names none.
    Others who hold the same post keep it: a unit may have several grid workers. Raises `NotFound`
    ("post.no_unit"), `Conflict` ("post.held_already"), `BadInput` ("post.ends_before_it_begins").
    """
    at = since or timezone.now()
    if until is not None and until <= at:
        raise BadInput("post.ends_before_it_begins", _ENDS_BEFORE)
    if not Unit.objects.filter(pk=unit_id).exists():
        raise NotFound("post.no_unit", _("There is no such unit."))
    same = Post.objects.filter(unit=unit_id, kind=kind, is_deputy=is_deputy)
    for vacancy in same.filter(holder=None, term__contains=at):
        contact = contact or vacancy.contact
        _end(vacancy, at)
    try:
        with transaction.atomic():
            return Post.objects.create(
                unit_id=unit_id,
                kind=kind,
                holder_id=holder_id,
                is_deputy=is_deputy,
                term=DateTimeTZRange(at, until),
                contact=contact,
            )
    except IntegrityError as error:
        message = _("This person already holds this post in this unit.")
        raise Conflict("post.held_already", message) from error


@transaction.atomic
def end_post(*, post_id: int, at: datetime | None = None) -> Post:
    """End the term of a post at `at` (default: now); the row stays as history.

    Raises `NotFound` ("post.unknown"), `Conflict` ("post.ended"), `BadInput` ("post.ends_before_it_begins").
    """
    end = at or timezone.now()
    post = locked_post(post_id, end)
    if post.term.lower is not None and end <= post.term.lower:
        raise BadInput("post.ends_before_it_begins", _ENDS_BEFORE)
    _end(post, end)
    return post


def unmake_posts(*, unit_ids: Collection[int], at: datetime) -> None:
    """Let posts of units neither begin nor end at a time to come, as if nothing were to happen then."""
    posts = Post.objects.filter(unit__in=unit_ids)
    posts.filter(term__startswith=at).delete()
    posts.filter(term__endswith=at).update(term=until("term", None))


def locked_post(post_id: int, at: datetime) -> Post:
    """Return a post whose term isn't over at `at`, locked.

    Raises `NotFound` ("post.unknown"), `Conflict` ("post.ended").
    """
    post = Post.objects.select_for_update().filter(pk=post_id).first()
    if post is None:
        raise NotFound("post.unknown", _("There is no such post."))
    if post.term.upper is not None and post.term.upper <= at:
        raise Conflict("post.ended", _("This post has already ended."))
    return post


def _end(post: Post, at: datetime) -> None:
    """End a post that is open at `at`; one that begins just then has never been."""
    if post.term.lower == at:
        post.delete()
        return
    post.term = DateTimeTZRange(post.term.lower, at)
    post.save(update_fields=["term"])
