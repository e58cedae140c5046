"""Leave to see the cases of a private matter, given by the district for a term."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, NotFound, Refused
from gis_grids.models import Post
from gis_grids.permissions import scope_of
from gis_grids.selectors import chains, descendant_ids
from incidents.models import Matter, MatterGrant
from incidents.permissions import may_grant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import AbstractBaseUser

    from gis_grids.selectors import ChainLink

#: The longest term: whoever needs it longer is asked for again.
MAX_TERM = dt.timedelta(days=366)


@transaction.atomic
def grant_access(
    *, actor: AbstractBaseUser, matter_code: str, unit_id: int, holder_id: int, last: dt.date
) -> MatterGrant:
    """Let somebody see the cases of a private matter in the subtree of a unit, until the end of ``last``.

    He needs a post over, in or below the unit, and sees no more than what his posts open to him. Nobody gives
    himself leave.

    Raises `NotFound` (``unit.unknown``), `Refused` (``grant.not_yours``, ``grant.yourself``), `BadInput`
    (``grant.not_private``, ``grant.no_post``, ``grant.term``), `Conflict` (``grant.there_already``).
    """
    chain = _check_may(actor, unit_id)
    if holder_id == actor.pk:
        raise Refused("grant.yourself", _("Nobody gives himself leave. Ask another clerk of the district."))
    if not Matter.objects.filter(code=matter_code, is_private=True).exists():
        raise BadInput(
            "grant.not_private",
            _("“%(matter)s” is no private matter: its cases are open to who is responsible there anyhow."),
            {"matter": matter_code},
        )
    if not _holds_post(holder_id, chain):
        raise BadInput(
            "grant.no_post", _("This person has no post in this grid, above or below it. Choose another.")
        )
    try:
        with transaction.atomic():
            return MatterGrant.objects.create(
                matter_code=matter_code,
                unit_id=unit_id,
                holder_id=holder_id,
                term=_term(last),
                granted_by_id=actor.pk,
            )
    except IntegrityError:
        raise Conflict(
            "grant.there_already", _("This person has leave for that already. End it first, to change it.")
        ) from None


@transaction.atomic
def end_grant(*, actor: AbstractBaseUser, grant_id: int) -> MatterGrant:
    """End a grant now; the row stays, so that it can be told who could see what, and when.

    Raises `NotFound` (``grant.unknown``), `Refused` (``grant.not_yours``), `Conflict` (``grant.ended``).
    """
    grant = MatterGrant.objects.select_for_update().filter(pk=grant_id).first()
    if grant is None:
        raise NotFound("grant.unknown", _("There is no such grant."))
    _check_may(actor, grant.unit_id)
    now = timezone.now()
    if grant.term.upper is not None and grant.term.upper <= now:
        raise Conflict("grant.ended", _("This grant has ended already."))
    grant.term = DateTimeTZRange(grant.term.lower, now)
    grant.save(update_fields=["term"])
    return grant


def _check_may(actor: AbstractBaseUser, unit_id: int) -> tuple[ChainLink, ...]:
    chain = chains([unit_id]).get(unit_id)
    if chain is None:
        raise NotFound("unit.unknown", _("There is no such grid."))
    if not may_grant(scope_of(actor), chain):
        raise Refused(
            "grant.not_yours", _("Only the office of this grid's district decides who sees private matters.")
        )
    return chain


def _holds_post(holder_id: int, chain: Sequence[ChainLink]) -> bool:
    units = Q(unit__in=[link.unit_id for link in chain]) | Q(unit__in=descendant_ids([chain[-1].unit_id]))
    posts = Post.objects.filter(
        units, holder=holder_id, holder__is_active=True, term__contains=timezone.now()
    )
    return posts.exists()


def _term(last: dt.date) -> DateTimeTZRange:
    """Return the time from now to the end of a day in the district's zone."""
    now, zone = timezone.now(), timezone.get_default_timezone()
    if not timezone.localdate(now, zone) <= last <= timezone.localdate(now + MAX_TERM, zone):
        raise BadInput("grant.term", _("Choose a last day from today on, within a year."))
    end = dt.datetime.combine(last + dt.timedelta(days=1), dt.time.min, zone)
    return DateTimeTZRange(now, end)
