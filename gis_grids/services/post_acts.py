"""What an office does with posts: appoints, notes as vacant, hands over, ends, puts right. Each act is kept.

Who may: `permissions.may_give`. A plan that is published sets posts by `services.posts` itself; its own
history says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids import hooks
from gis_grids.errors import BadInput, Conflict, NotFound, Refused
from gis_grids.levels import PostKind
from gis_grids.models import Post, PostAct
from gis_grids.permissions import may_give, scope_of
from gis_grids.selectors import ancestors
from gis_grids.services.posts import end_post, locked_post, set_post
from gis_grids.services.texts import clean_text

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AbstractBaseUser

_LONGEST_NOTE: Final = 200
_LONGEST_CONTACT: Final = 40
_Deed = PostAct.Deed


@transaction.atomic
def appoint(  # noqa: PLR0913 - what an appointment consists of
    *,
    actor: AbstractBaseUser,
    unit_id: int,
    kind: PostKind,
    holder_id: int | None,
    is_deputy: bool = False,
    since: datetime | None = None,
    until: datetime | None = None,
    contact: str = "",
    note: str = "",
) -> Post:
    """Give a person a post for a term, or note it as vacant (``holder_id`` None). Times are in UTC.

    Raises `Refused` ("post.not_yours"), `BadInput` ("post.no_person", "text.*"), and what `set_post` raises.
    """
    _check_may(actor, kind, unit_id)
    post = set_post(
        unit_id=unit_id,
        kind=kind,
        holder_id=_person(holder_id),
        is_deputy=is_deputy,
        since=since,
        until=until,
        contact=clean_text(contact, limit=_LONGEST_CONTACT),
    )
    deed = _Deed.APPOINT if holder_id else _Deed.NOTE_VACANT
    _keep(actor, note, post=post, deed=deed, counts_from=post.term.lower)
    return post


@transaction.atomic
def hand_over(  # noqa: PLR0913
    *,
    actor: AbstractBaseUser,
    post_id: int,
    holder_id: int,
    at: datetime | None = None,
    until: datetime | None = None,
    note: str = "",
    with_tasks: bool = True,
) -> Post:
    """Have a post pass from its holder to another person: one act of one moment; return the new term.

    The old term ends ``at`` (default: now) and the new one begins, with the same service telephone. A deputy
    who moves up is deputy no more. ``with_tasks`` passes on the open tasks of the old holder in the unit, as
    far as he keeps no other post there. Raises as `appoint`, and `NotFound` ("post.unknown"), `Conflict`
    ("post.vacant", "post.same_person", "post.ended").
    """
    now = at or timezone.now()
    old = locked_post(post_id, now)
    _check_may(actor, PostKind(old.kind), old.unit_id)
    if old.holder_id is None:
        raise Conflict("post.vacant", _("Nobody holds this post. Appoint somebody."))
    if old.holder_id == holder_id:
        raise Conflict("post.same_person", _("This person holds the post already. Choose the successor."))
    end_post(post_id=old.pk, at=now)
    _end_as_deputy(old, holder_id, now, actor)
    new = set_post(
        unit_id=old.unit_id,
        kind=PostKind(old.kind),
        holder_id=_person(holder_id),
        is_deputy=old.is_deputy,
        since=now,
        until=until,
        contact=old.contact,
    )
    passed = hooks.HandOver(
        post_id=old.pk,
        successor_id=new.pk,
        unit_id=old.unit_id,
        from_holder=old.holder_id,
        to_holder=holder_id,
        at=now,
        with_tasks=with_tasks,
    )
    details = {"tasks": sum(hook(passed) for hook in hooks.on_handed_over)}
    _keep(actor, note, post=old, deed=_Deed.HAND_OVER, counts_from=now, successor=new, details=details)
    return new


@transaction.atomic
def end_term(
    *,
    actor: AbstractBaseUser,
    post_id: int,
    at: datetime | None = None,
    note: str = "",
    leaves_vacancy: bool = True,
) -> Post:
    """End the term of a post ``at`` (default: now); ``leaves_vacancy`` notes that it is to be filled again.

    Raises `Refused` ("post.not_yours"), and what `end_post` raises.
    """
    end = at or timezone.now()
    post = locked_post(post_id, end)
    _check_may(actor, PostKind(post.kind), post.unit_id)
    end_post(post_id=post_id, at=end)
    _keep(actor, note, post=post, deed=_Deed.END, counts_from=end)
    if leaves_vacancy and post.holder_id is not None:
        appoint(
            actor=actor,
            unit_id=post.unit_id,
            kind=PostKind(post.kind),
            holder_id=None,
            is_deputy=post.is_deputy,
            since=end,
            contact=post.contact,
        )
    return post


@transaction.atomic
def correct(
    *, actor: AbstractBaseUser, post_id: int, contact: str, until: datetime | None, note: str = ""
) -> Post:
    """Put the service telephone and the end of a term right; what was there before is kept with the act.

    Raises `Refused` ("post.not_yours"), `NotFound` ("post.unknown"), `Conflict` ("post.ended"), `BadInput`
    ("post.ends_before_it_begins", "text.*").
    """
    now = timezone.now()
    post = locked_post(post_id, now)
    _check_may(actor, PostKind(post.kind), post.unit_id)
    before = {"contact": post.contact, "until": post.term.upper and post.term.upper.isoformat()}
    post.contact = clean_text(contact, limit=_LONGEST_CONTACT)
    if until is not None and until <= max(now, post.term.lower):
        raise BadInput(
            "post.ends_before_it_begins", _("The term must end later than now. End the post instead.")
        )
    post.term = DateTimeTZRange(post.term.lower, until)
    after = {"contact": post.contact, "until": until and until.isoformat()}
    if before != after:
        post.save(update_fields=["contact", "term"])
        changed = {name: value for name, value in before.items() if after[name] != value}
        _keep(actor, note, post=post, deed=_Deed.CORRECT, counts_from=now, details={"before": changed})
    return post


def _end_as_deputy(old: Post, holder_id: int, at: datetime, actor: AbstractBaseUser) -> None:
    """End what the successor is at the same post: the database lets nobody be head and deputy at once."""
    same = Post.objects.filter(unit=old.unit_id, kind=old.kind, holder=holder_id, term__contains=at)
    for post in same.exclude(pk=old.pk):
        end_post(post_id=post.pk, at=at)
        if Post.objects.filter(pk=post.pk).exists():
            _keep(actor, "", post=post, deed=_Deed.END, counts_from=at)


def _check_may(actor: AbstractBaseUser, kind: PostKind, unit_id: int) -> None:
    over = ancestors([unit_id]).get(unit_id)
    if over is None:
        raise NotFound("post.no_unit", _("There is no such unit."))
    if not may_give(scope_of(actor), kind, over):
        raise Refused("post.not_yours", _("To give or end this post is not for you. Ask the office above."))


def _person(holder_id: int | None) -> int | None:
    if holder_id is not None and not get_user_model().objects.filter(pk=holder_id, is_active=True).exists():
        raise BadInput("post.no_person", _("There is no such person. Choose somebody else."))
    return holder_id


def _keep(actor: AbstractBaseUser, note: str, **act: Any) -> None:  # noqa: ANN401 - the fields of an act
    PostAct.objects.create(actor_id=actor.pk, note=clean_text(note, limit=_LONGEST_NOTE), **act)
